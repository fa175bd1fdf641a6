package dev.pinion.bench;

import dev.pinion.bench.Workload.Api;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The programs of {@code bench/peers/rust}, on tokio. */
final class TokioPeer implements Peer {

    static final Peer PEER = new TokioPeer("cargo");

    private static final Set<String> PROGRAMS = Set.of("spawn", "yield", "handoff", "wake", "sleep", "million", "tokio-spawn-many-local",
            "tokio-spawn-many-remote", "tokio-yield-many", "tokio-ping-pong", "tokio-chained-spawn", "delisle-cycle", "delisle-yield",
            "delisle-churn", "delisle-locality", "skynet", "cpu-bound", "announced-block", "block-unannounced", "block-unannounced-light",
            "wakeup-syscall", "fifo-burst", "blocking-mix", "fsync-many", "lone-reader", "hogs-beside-sleeper", "many-hogs",
            "timers-beside-hogs", "net-pingpong", "net-64", "net-serve");

    private static final String NAME = "pinion-rust-peer";

    /** Variables that would change what is built, or where. */
    private static final Set<String> REMOVED = Set.of("RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS", "CARGO_BUILD_TARGET");

    /** Cargo's words where our files are to blame, and not what the machine lacks. */
    private static final Pattern BAD_SOURCE = Pattern.compile("could not compile|failed to parse|lock file");

    private static final Pattern LOCKED_TOKIO = Pattern.compile("name = \"tokio\"\\s+version = \"([^\"]+)\"");

    private final String command;

    /** @param command the cargo command: a name on PATH, or a path */
    TokioPeer(String command) {
        this.command = command;
    }

    @Override
    public String toolchain() {
        return "Rust";
    }

    @Override
    public Set<String> programs() {
        return PROGRAMS;
    }

    @Override
    public Built build(Path peers, Path directory) throws IOException, InterruptedException {
        Path sources = PeerBuild.sources(peers, "rust", "Cargo.toml", "Rust");
        Path target = PeerBuild.kept(peers, directory).resolve("rust-peer");
        Path made = target.resolve("release").resolve(NAME);
        if (!Files.exists(made)) {
            System.err.println("pinion bench: building tokio and its programs, which takes a while the first time");
        }
        ProcessBuilder builder = new ProcessBuilder(command, "build", "--release", "--locked", "--quiet", "--color", "never", "--message-format",
                "short", "--target-dir", target.toString()).directory(sources.toFile());
        builder.environment().keySet().removeAll(REMOVED);
        PeerBuild.Ended ended = PeerBuild.run(builder);
        if (ended == null) {
            return new Built(null, "there is no command " + command + " on PATH; get it from https://rustup.rs", "");
        }
        if (!ended.well()) {
            String said = ended.said().strip().replaceAll("\\s*\n\\s*", " ");
            if (BAD_SOURCE.matcher(said).find()) {
                return new Built(null, "cargo build failed in " + sources + ": " + said, "");
            }
            return new Built(null, command + " cannot build its programs here, for which it needs Rust 1.85 or newer (https://rustup.rs) and,"
                    + " the first time, crates.io: " + said, "");
        }
        if (!Files.isRegularFile(made)) {
            throw new Invalid("cargo built no " + made + "; does its configuration name another build.target?");
        }
        Path program = directory.resolve(NAME); // which no other session builds anew while this one runs it
        Files.copy(made, program, StandardCopyOption.COPY_ATTRIBUTES);
        return new Built(program, null, version(sources));
    }

    private String version(Path sources) throws IOException, InterruptedException {
        Matcher locked = LOCKED_TOKIO.matcher(Files.readString(sources.resolve("Cargo.lock")));
        return (locked.find() ? "tokio " + locked.group(1) + ", " : "") + ToolVersion.of(command, "--version");
    }

    /** An announced block is one of {@code spawn_blocking}; any other holds its worker. */
    @Override
    public List<String> command(Path program, Side side, Workload workload, int procs, List<String> jvm, Path scratch) {
        return List.of("env", "TMPDIR=" + scratch, program.toString(), workload.program(), Integer.toString(procs),
                workload.api() == Api.GO ? "announced" : "found");
    }
}
