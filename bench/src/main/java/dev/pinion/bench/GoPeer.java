package dev.pinion.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The Go programs of {@code bench/peers/go}. */
final class GoPeer implements Peer {

    static final Peer PEER = new GoPeer("go");

    private static final Set<String> PROGRAMS = Set.of("spawn", "yield", "handoff", "sleep", "million", "tokio-spawn-many-local",
            "tokio-spawn-many-remote", "tokio-yield-many", "tokio-ping-pong", "tokio-chained-spawn", "delisle-cycle",
            "delisle-yield", "skynet", "announced-block", "block-unannounced", "call-not-blocking", "wakeup-syscall", "fifo-burst",
            "hogs-beside-sleeper", "many-hogs", "blocking-mix", "fsync-many", "lone-reader", "net-pingpong", "net-64", "net-serve",
            "timers-beside-hogs", "net-http-jdk");

    private final String command;

    /** @param command the go command: a name on PATH, or a path */
    GoPeer(String command) {
        this.command = command;
    }

    @Override
    public String toolchain() {
        return "Go";
    }

    @Override
    public Set<String> programs() {
        return PROGRAMS;
    }

    @Override
    public Built build(Path peers, Path directory) throws IOException, InterruptedException {
        Path sources = PeerBuild.sources(peers, "go", "go.mod", "Go");
        Path program = directory.resolve("pinion-go-peer");
        PeerBuild.Ended ended = PeerBuild.run(new ProcessBuilder(command, "build", "-o", program.toString(), ".").directory(sources.toFile()));
        if (ended == null) {
            return new Built(null, "there is no command " + command + " on PATH; get it from https://go.dev/dl or as the package golang-go", "");
        }
        if (!ended.well()) {
            return new Built(null, command + " build failed in " + sources + ": " + ended.said().strip().replace('\n', ' '), "");
        }
        return new Built(program, null, ToolVersion.of(command, "env", "GOVERSION"));
    }

    @Override
    public List<String> command(Path program, Side side, Workload workload, int procs, List<String> jvm, Path scratch) {
        List<String> words = new ArrayList<>(List.of("env", "TMPDIR=" + scratch, "GOMAXPROCS=" + procs, program.toString(), workload.program()));
        if (side == Side.GO_1NS) {
            words.add("1ns");
        }
        return words;
    }
}
