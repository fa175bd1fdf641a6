package dev.pinion.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Builds the Go programs of {@code bench/peers/go}, when somebody asks for Go. */
final class GoPeer {

    /** The programs that exist in Go under the same name and print the same figures. */
    static final Set<String> PROGRAMS = Set.of("spawn", "yield", "handoff", "sleep", "million", "tokio-spawn-many-local",
            "tokio-spawn-many-remote", "tokio-yield-many", "tokio-ping-pong", "tokio-chained-spawn", "delisle-cycle",
            "delisle-yield", "skynet", "announced-block", "block-unannounced", "call-not-blocking", "wakeup-syscall", "fifo-burst",
            "hogs-beside-sleeper", "many-hogs", "blocking-mix", "fsync-many", "lone-reader", "net-pingpong", "net-64", "net-serve",
            "timers-beside-hogs", "net-http-jdk");

    private GoPeer() {
    }

    /**
     * Builds the program into {@code directory} and returns it.
     *
     * @throws Options.Invalid when there is no Go, no source, or the build fails
     */
    static Path build(Path peers, Path directory) throws IOException, InterruptedException {
        Path sources = peers.resolve("go");
        if (!Files.isRegularFile(sources.resolve("go.mod"))) {
            throw new Options.Invalid(sources + " holds no Go programs; name bench/peers with --peers");
        }
        Path program = directory.resolve("pinion-go-peer");
        Process process;
        try {
            process = new ProcessBuilder("go", "build", "-o", program.toString(), ".").directory(sources.toFile())
                    .redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new Options.Invalid("--against go needs the go command on PATH");
        }
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new Options.Invalid("go build failed in " + sources + ": " + said.strip().replace('\n', ' '));
        }
        return program;
    }
}
