package dev.pinion.takeover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The jar in the hands of a java that cannot load its classes. */
@Timeout(60)
class OldJavaTest {
    private static final Path JVMS = Path.of("/usr/lib/jvm");
    private static final int JAVA_8 = 52;
    private static final String PROGRAM = "public class Old { public static void main(String[] arguments) { System.out.println(\"ran\"); } }";

    @TempDir
    Path directory;

    /** Where no old java is there to try, this still fails if the class would be too new for one. */
    @Test
    void whateverTheManifestNamesIsCompiledForJava8() throws Exception {
        try (JarFile jar = new JarFile(Jvm.jar().toFile())) {
            Attributes attributes = jar.getManifest().getMainAttributes();
            for (String role : List.of("Premain-Class", "Agent-Class", "Main-Class")) {
                String path = attributes.getValue(role).replace('.', '/') + ".class";
                try (InputStream in = jar.getInputStream(jar.getEntry(path))) {
                    assertEquals(JAVA_8, ClassFile.of().parse(in.readAllBytes()).majorVersion(), path);
                }
            }
        }
    }

    @Test
    void theAgentIsOneSentence() throws Exception {
        Path java = oldJava();

        assertRefused(java, run(java, Map.of(), "-javaagent:" + Jvm.jar(), source()), "Start the program with the java of such a JDK, or without -javaagent.");
        assertRefused(java, run(java, Map.of(), "-javaagent:" + Jvm.jar() + "=gomaxprocs=2,or-jdk=false", source()), "such a JDK");
    }

    @Test
    void theJarIsOneSentence() throws Exception {
        Path java = oldJava();

        assertRefused(java, run(java, Map.of(), "-jar", Jvm.jar().toString(), "version"), "Use the java of such a JDK.");
    }

    @Test
    void orJdkRunsTheProgramAllTheSame() throws Exception {
        Path java = oldJava();

        for (Outcome outcome : List.of(
                run(java, Map.of(), "-javaagent:" + Jvm.jar() + "=cpus=0,or-jdk", source()),
                run(java, Map.of("PINION_OPTS", "or-jdk=true"), "-javaagent:" + Jvm.jar(), source()))) {
            assertEquals("ran\n", outcome.out);
            assertEquals(1, outcome.err.lines().count(), outcome.err);
            assertTrue(outcome.err.endsWith("The program runs without it, as or-jdk says.\n"), outcome.err);
            assertEquals(0, outcome.code);
        }
    }

    @Test
    void offIsSilent() throws Exception {
        assertEquals(new Outcome(0, "ran\n", ""), run(oldJava(), Map.of("PINION", "off"), "-javaagent:" + Jvm.jar(), source()));
    }

    private record Outcome(int code, String out, String err) {}

    private static void assertRefused(Path java, Outcome outcome, String advice) {
        assertEquals("", outcome.out);
        assertEquals(1, outcome.err.lines().count(), outcome.err);
        assertTrue(outcome.err.startsWith("pinion: " + java.getParent().getParent() + " is Java "), outcome.err);
        assertTrue(outcome.err.contains("needs JDK 25 or newer"), outcome.err);
        assertTrue(outcome.err.contains(advice), outcome.err);
        assertFalse(outcome.err.contains("\tat "), outcome.err);
        assertEquals(1, outcome.code);
    }

    private String source() throws IOException {
        return Files.writeString(directory.resolve("Old.java"), PROGRAM).toString();
    }

    private Outcome run(Path java, Map<String, String> environment, String... arguments) throws Exception {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "PINION", "PINION_OPTS"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertTrue(process.waitFor(50, TimeUnit.SECONDS), "it ends");
            return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            process.destroyForcibly();
        }
    }

    /** One that can run a source file, so of Java 11 or newer. */
    private static Path oldJava() throws IOException {
        if (Files.isDirectory(JVMS)) {
            try (Stream<Path> jdks = Files.list(JVMS)) {
                for (Path jdk : jdks.sorted().toList()) {
                    int version = versionOf(jdk);
                    if (version >= 11 && version < 25 && Files.isExecutable(jdk.resolve("bin/javac"))) {
                        return jdk.toRealPath().resolve("bin/java");
                    }
                }
            }
        }
        assumeTrue(false, "skipped: there is no JDK 11 to 24 in " + JVMS);
        throw new AssertionError();
    }

    private static int versionOf(Path jdk) throws IOException {
        Path release = jdk.resolve("release");
        if (!Files.isReadable(release)) {
            return 0;
        }
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(release, StandardCharsets.UTF_8)) {
            properties.load(reader);
        }
        String version = properties.getProperty("JAVA_VERSION", "0").replace("\"", "");
        return Integer.parseInt(version.split("[.]")[0]);
    }
}
