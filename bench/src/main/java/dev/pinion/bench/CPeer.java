package dev.pinion.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The C programs of {@code bench/peers/c}: the floor under some rows, and the load generator of others.
 *
 * @param program the executable, or null when there is none
 * @param missing why there is none, in one sentence, or null
 */
public record CPeer(Path program, String missing) {

    /** The programs that exist in C under the same name and print the same figures. */
    static final Set<String> PROGRAMS = Set.of("net-pingpong", "net-64", "net-serve", "wake", "wake-parked", "wake-spinning", "sleep");

    /** The same as a side's peer. */
    static final Peer PEER = new Peer() {
        @Override
        public String toolchain() {
            return "C";
        }

        @Override
        public Set<String> programs() {
            return PROGRAMS;
        }

        @Override
        public Built build(Path peers, Path directory) throws IOException, InterruptedException {
            CPeer built = CPeer.build(peers, directory);
            return new Built(built.program(), built.missing(), built.program() == null ? "" : ToolVersion.of(COMPILER, "--version"));
        }

        @Override
        public List<String> command(Path program, Side side, Workload workload, int procs, List<String> jvm, Path scratch) {
            return List.of(program.toString(), workload.program(), Integer.toString(procs));
        }
    };

    private static final String COMPILER = "cc";

    /**
     * Compiles the program into {@code directory}.
     *
     * @throws IllegalArgumentException with one sentence, when there is no source, or the compiler refuses it
     */
    public static CPeer build(Path peers, Path directory) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(COMPILER, "-O2", "-std=gnu11", "-Wall", "-Wextra", "-pthread", "-o"));
        Path program = directory.resolve("pinion-c-peer");
        command.add(program.toString());
        int before = command.size();
        Path sources = peers.resolve("c");
        if (Files.isDirectory(sources)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(sources, "*.c")) {
                files.forEach(file -> command.add(file.toString()));
            }
        }
        if (command.size() == before) {
            throw PeerBuild.none(sources, "C");
        }
        PeerBuild.Ended ended = PeerBuild.run(new ProcessBuilder(command));
        if (ended == null) {
            return new CPeer(null, "the C programs need a compiler, and there is no command " + COMPILER + " on PATH");
        }
        if (!ended.well()) {
            throw new Invalid(COMPILER + " failed in " + sources + ": " + ended.said().strip().replace('\n', ' '));
        }
        return new CPeer(program, null);
    }
}
