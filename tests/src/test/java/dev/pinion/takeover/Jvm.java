package dev.pinion.takeover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A JVM to be forked for a program of this test tree, with Pinion's agent or without. The class path holds the tests' classes and nothing
 * else, as an application's would.
 */
final class Jvm {
    private final String program;
    private final List<String> prefix = new ArrayList<>();
    private final List<String> options = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private String classPath;
    private String agent;
    private boolean modular;
    private long patienceSeconds = 60;

    /** What came of it. */
    record Outcome(int exit, String out, String err) {
        /** Exit code 0, nothing on stderr, and this on stdout, line by line. */
        void assertPrinted(String... lines) {
            assertEquals("", err);
            assertEquals(List.of(lines), out.lines().toList());
            assertEquals(0, exit);
        }
    }

    private Jvm(String program, Path classPath) {
        this.program = program;
        this.classPath = classPath.toString();
    }

    /** On the JDK's scheduler. */
    static Jvm jdk(Class<?> program) {
        return jdk(program.getName(), classesOf(program));
    }

    static Jvm jdk(String program, Path classPath) {
        return new Jvm(program, classPath);
    }

    /** @param program as after java's {@code -m}: {@code module/class} */
    static Jvm module(String program, Path... modulePath) {
        Jvm jvm = new Jvm(program, modulePath[0]).classPath(modulePath);
        jvm.modular = true;
        return jvm;
    }

    /** Under the agent, with these options of its own: empty for none. */
    static Jvm pinion(Class<?> program, String agentOptions) {
        return jdk(program).agent(jar(), agentOptions);
    }

    static Jvm pinion(Class<?> program) {
        return pinion(program, "");
    }

    /** Runs a program both ways and wants the same, with nothing on stderr. */
    static void assertTwins(Class<?> program, String... vmOptions) throws Exception {
        Outcome onTheJdk = jdk(program).options(vmOptions).run();
        assertEquals("", onTheJdk.err(), "a program that complains on the JDK shows nothing");
        assertEquals(onTheJdk, pinion(program).options(vmOptions).run());
    }

    static Path jar() {
        String named = System.getProperty("pinion.test.jar");
        Path jar = Path.of(named != null ? named : "java/target/pinion.jar").toAbsolutePath().normalize();
        assertTrue(Files.exists(jar), jar + " is not built");
        return jar;
    }

    /** The directory or jar a class came from. */
    static Path classesOf(Class<?> program) {
        try {
            return Path.of(program.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    static Path tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name);
    }

    Jvm agent(Path jar, String agentOptions) {
        agent = "-javaagent:" + jar + (agentOptions.isEmpty() ? "" : "=" + agentOptions);
        return this;
    }

    Jvm options(String... more) {
        options.addAll(List.of(more));
        return this;
    }

    Jvm arguments(Object... more) {
        for (Object argument : more) {
            arguments.add(argument.toString());
        }
        return this;
    }

    Jvm environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** A command that ends in exec of what follows it. */
    Jvm under(String... command) {
        prefix.addAll(List.of(command));
        return this;
    }

    /** How long {@link #run} waits for its end, if that is not a minute. */
    Jvm patience(long seconds) {
        patienceSeconds = seconds;
        return this;
    }

    Jvm classPath(Path... entries) {
        StringBuilder path = new StringBuilder();
        for (Path entry : entries) {
            path.append(path.isEmpty() ? "" : File.pathSeparator).append(entry);
        }
        classPath = path.toString();
        return this;
    }

    ProcessBuilder builder() {
        List<String> command = new ArrayList<>(prefix);
        command.add(tool("java").toString());
        if (agent != null) {
            command.add(agent);
        }
        command.addAll(options);
        command.add(modular ? "-p" : "-cp");
        command.add(classPath);
        if (modular) {
            command.add("-m");
        }
        command.add(program);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        // What the host's environment may bring: announcements on stderr, and another scheduler.
        for (String name : List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "GOMAXPROCS", "PINION", "PINION_OPTS")) {
            builder.environment().remove(name);
        }
        builder.environment().putAll(environment);
        return builder;
    }

    /** Runs it to its end. One that hangs fails with its thread dump. */
    Outcome run() throws IOException, InterruptedException {
        // A temporary directory of its own: cores are reserved among the processes that share one, and sharing is said on stderr.
        Path directory = Files.createTempDirectory("pinion-test");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path out = directory.resolve("stdout");
        Path err = directory.resolve("stderr");
        options.add("-Djava.io.tmpdir=" + directory);
        Process process = builder().redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try {
            process.getOutputStream().close();
            if (!ends(process)) {
                throw new AssertionError("hangs. stdout:\n" + Files.readString(out) + "\nstderr:\n" + Files.readString(err)
                        + "\nthreads:\n" + threadDump(process.pid()));
            }
            return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            process.destroyForcibly().waitFor();
            delete(directory);
        }
    }

    /** Counts seconds, and reads no clock: what stops this process for a while stops the other as well. */
    private boolean ends(Process process) throws InterruptedException {
        for (int i = 0; i < patienceSeconds; i++) {
            if (process.waitFor(1, TimeUnit.SECONDS)) {
                return true;
            }
        }
        return false;
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static String threadDump(long pid) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(tool("jcmd").toString(), Long.toString(pid), "Thread.print").redirectErrorStream(true).start();
        String text = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        jcmd.waitFor();
        return text;
    }
}
