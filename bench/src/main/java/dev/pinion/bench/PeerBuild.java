package dev.pinion.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What building one peer's programs has in common with building another's. */
final class PeerBuild {

    /**
     * How a compiler ended.
     *
     * @param said all that it printed, on either stream
     */
    record Ended(boolean well, String said) {
    }

    private PeerBuild() {
    }

    /**
     * Where the programs of a language are.
     *
     * @param peers {@code bench/peers}
     * @param name  of the directory there
     * @param file  what lies in it, if it is the right one
     * @throws Invalid when it is not there
     */
    static Path sources(Path peers, String name, String file, String language) {
        Path sources = peers.resolve(name);
        if (!Files.isRegularFile(sources.resolve(file))) {
            throw none(sources, language);
        }
        return sources;
    }

    static Invalid none(Path sources, String language) {
        return new Invalid(sources + " holds no " + language + " programs; name bench/peers with --peers");
    }

    /** What is kept from one session to the next stands beside what Maven builds of the bench; where nobody may write there, in this session's directory. */
    static Path kept(Path peers, Path directory) {
        Path kept = peers.toAbsolutePath().normalize().resolveSibling("target");
        return Files.isWritable(kept) ? kept : directory;
    }

    /** Waits for a compiler. @return null when there is no such command */
    static Ended run(ProcessBuilder compiler) throws IOException, InterruptedException {
        Process process;
        try {
            process = compiler.redirectErrorStream(true).start();
        } catch (IOException e) {
            return null;
        }
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor() == 0, said);
    }
}
