package dev.pinion.bench;

import dev.pinion.bench.Workload.Api;
import dev.pinion.bench.program.Child;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * The Kotlin programs of {@code bench/peers/kotlin}, on coroutines. They share what measures and prints with the programs in Java, so that they
 * are compiled against their sources and run with their classes. Maven builds them, as it builds the rest.
 */
final class KotlinPeer implements Peer {

    static final Peer PEER = new KotlinPeer("mvn");

    private static final Set<String> PROGRAMS = Set.of("spawn", "yield", "handoff", "wake", "sleep", "parked-bytes", "million",
            "tokio-spawn-many-local", "tokio-spawn-many-remote", "tokio-yield-many", "tokio-ping-pong", "tokio-chained-spawn", "delisle-cycle",
            "delisle-yield", "delisle-churn", "delisle-locality", "skynet", "announced-block", "block-unannounced", "block-unannounced-light",
            "wakeup-syscall", "fifo-burst", "hogs-beside-sleeper", "many-hogs", "blocking-mix", "fsync-many", "timers-beside-hogs", "cpu-bound");

    private static final String MAIN = "dev.pinion.bench.program.MainKt";

    /** Of Maven's exceptions, which it names in its advice: what it needs is not to be had. */
    private static final Pattern NOT_TO_BE_HAD = Pattern.compile("(Plugin|Dependency|Artifact)\\w*Resolution\\w*Exception");

    private static final Pattern ERROR = Pattern.compile("^\\[ERROR\\] (.+?)(?: -> \\[Help 1\\])?$", Pattern.MULTILINE);

    private static final int HASH_DIGITS = 16;

    private static final Pattern OLDER = Pattern.compile("kotlin-peer-[0-9a-f]{" + HASH_DIGITS + "}");

    private final List<String> maven;

    /** @param maven the mvn command, a name on PATH or a path, and options that come first */
    KotlinPeer(String... maven) {
        this.maven = List.of(maven);
    }

    @Override
    public String toolchain() {
        return "Kotlin";
    }

    @Override
    public Set<String> programs() {
        return PROGRAMS;
    }

    /** The program is a directory: {@code classes}, and the jars that they need in {@code lib}. */
    @Override
    public Built build(Path peers, Path directory) throws IOException, InterruptedException {
        Path sources = PeerBuild.sources(peers, "kotlin", "pom.xml", "Kotlin");
        Path kept = PeerBuild.kept(peers, directory);
        Path program = kept.resolve("kotlin-peer-" + hash(sources, peers));
        if (!Files.isDirectory(program)) {
            Path made = Files.createDirectory(directory.resolve("kotlin-peer"));
            String missing = compile(sources, made, kept);
            if (missing != null) {
                return new Built(null, missing, "");
            }
            keep(made, program);
            deleteOlder(program);
        }
        return new Built(program, null, version(program));
    }

    /** Under its name only when it is whole, so that neither an end in the middle nor another session that builds it does harm. */
    private static void keep(Path made, Path program) throws IOException {
        Path part = Files.createTempDirectory(program.getParent(), "kotlin-peer-part");
        try (AtExit.Held _ = AtExit.hold(() -> DirectoryTree.deleteIfThere(part))) {
            DirectoryTree.copy(made, part);
            Files.move(part, program, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(program)) {
                throw e;
            }
            // Another session was faster.
        }
    }

    /** Of other sources, each with all its jars. A session that runs one of them at this moment gets errors. */
    private static void deleteOlder(Path program) throws IOException {
        try (Stream<Path> beside = Files.list(program.getParent())) {
            for (Path older : beside.filter(path -> OLDER.matcher(path.getFileName().toString()).matches() && !path.equals(program)).toList()) {
                DirectoryTree.deleteIfThere(older);
            }
        }
    }

    /** @return what is missing, in one sentence, or null */
    private String compile(Path sources, Path directory, Path kept) throws IOException, InterruptedException {
        System.err.println("pinion bench: building the Kotlin programs, for which Maven fetches Kotlin's compiler the first time");
        List<String> command = new ArrayList<>(maven);
        command.addAll(List.of("-B", "-q", "-ntp", "compile", "-Dpeer.directory=" + directory.toAbsolutePath()));
        if (!Files.isWritable(Path.of(System.getProperty("user.home")))) {
            // Maven's repository is in the home that the user database names, which may not be there.
            command.add("-Dmaven.repo.local=" + kept.toAbsolutePath().resolve("maven-repository"));
        }
        ProcessBuilder builder = new ProcessBuilder(command).directory(sources.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        PeerBuild.Ended ended = PeerBuild.run(builder);
        if (ended == null) {
            return "there is no command " + maven.getFirst() + " on PATH; get Maven as the package maven";
        }
        return ended.well() ? null : whyNot(sources, ended.said());
    }

    /**
     * What is missing, in one sentence.
     *
     * @param said what Maven said when it failed
     */
    static String whyNot(Path sources, String said) {
        Matcher first = ERROR.matcher(said);
        String error = first.find() ? first.group(1).strip() : said.strip().replaceAll("\\s*\n\\s*", " ");
        if (NOT_TO_BE_HAD.matcher(said).find()) {
            return "Maven could not get Kotlin's compiler and kotlinx-coroutines, which it fetches once where it reaches its repository: " + error;
        }
        return "mvn compile failed in " + sources + ": " + error;
    }

    /** Of all that is compiled or read for it. */
    private static String hash(Path sources, Path peers) throws IOException {
        List<Path> files = new ArrayList<>(List.of(sources.resolve("pom.xml")));
        for (Path directory : List.of(sources.resolve("src"), peers.resolve("../src/main/java/dev/pinion/bench/program"))) {
            try (Stream<Path> inside = Files.walk(directory)) {
                inside.filter(Files::isRegularFile).sorted().forEach(files::add);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has it", e);
        }
        for (Path file : files) {
            digest.update((file.getFileName() + "\0").getBytes(StandardCharsets.UTF_8));
            digest.update(Files.readAllBytes(file));
        }
        return HexFormat.of().formatHex(digest.digest()).substring(0, HASH_DIGITS);
    }

    /** As the names of the jars say. */
    private static String version(Path program) {
        List<String> jars = List.of(program.resolve("lib").toFile().list());
        return versionOf("kotlin-stdlib", jars) + ", kotlinx-coroutines " + versionOf("kotlinx-coroutines-core-jvm", jars);
    }

    private static String versionOf(String artifact, List<String> jars) {
        return jars.stream().filter(jar -> jar.startsWith(artifact + "-")).findFirst().orElseThrow()
                .replaceFirst("^" + artifact + "-", "").replaceFirst("\\.jar$", "");
    }

    /** Dispatchers.Default has as many workers as Ps; Dispatchers.IO, and how many threads there may be at all, are as they are by default. */
    @Override
    public List<String> command(Path program, Side side, Workload workload, int procs, List<String> jvm, Path scratch) {
        List<String> words = new ArrayList<>(jvm);
        words.addAll(List.of("-Dkotlinx.coroutines.scheduler.core.pool.size=" + procs, "-Djava.io.tmpdir=" + scratch, "-Dbench.procs=" + procs,
                "-Dbench.announced=" + (workload.api() == Api.GO), "-cp", String.join(File.pathSeparator, program.resolve("classes").toString(),
                        program.resolve("lib").resolve("*").toString(), Origin.of(Child.class).toString(), Origin.of(Histogram.class).toString()),
                MAIN, workload.program()));
        return words;
    }
}
