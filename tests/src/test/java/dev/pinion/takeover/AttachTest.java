package dev.pinion.takeover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.cli.Launcher;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code pinion attach}: a JVM that runs virtual threads on the JDK's scheduler already. */
@Timeout(120)
class AttachTest {
    @TempDir
    private Path directory;

    @Test
    void virtualThreadsMadeAfterwardsRunOnMs() throws Exception {
        try (Target target = new Target(directory)) {
            target.says("old false", "new false");

            Launcher.Outcome attached = attach(target.pid(), "--gomaxprocs", "3");

            assertEquals(List.of(), attached.err());
            assertEquals(0, attached.code());
            assertEquals(1, attached.out().size(), attached.out().toString());
            target.says("old false", "new true", "Ps 3");
            target.ends("");
        }
    }

    @Test
    void aWrongOptionLeavesTheJvmAsItWas() throws Exception {
        try (Target target = new Target(directory)) {
            target.says("old false", "new false");

            assertRefused(2, attach(target.pid(), "--cpus", "99999"), "99999");

            target.says("old false", "new false");
            assertEquals(0, attach(target.pid(), "--gomaxprocs", "2").code(), "nothing of the first attempt is in the way");
            target.says("old false", "new true", "Ps 2");
            String err = target.ends();
            assertEquals(1, err.lines().count(), err);
            assertTrue(err.startsWith("pinion: ") && err.contains("99999") && err.contains("goes on as it was"), err);
        }
    }

    @Test
    void aSecondTimeChangesNothing() throws Exception {
        try (Target target = new Target(directory)) {
            target.says("old false", "new false");
            attach(target.pid(), "--gomaxprocs", "2");

            assertRefused(1, attach(target.pid(), "--gomaxprocs", "4"), "already");

            target.says("old false", "new true", "Ps 2");
        }
    }

    @Test
    void aProcessThatIsNotThereIsOneSentence() throws Exception {
        long beyondLinux = Integer.MAX_VALUE;

        assertRefused(2, attach(beyondLinux), "there is no process " + beyondLinux);
    }

    @Test
    void aProcessThatIsNoJvmIsOneSentenceAndLivesOn() throws Exception {
        Process sleeper = new ProcessBuilder("sleep", "1000").start();
        try {
            assertRefused(1, attach(sleeper.pid()), "process " + sleeper.pid() + " cannot be attached to");
            assertTrue(sleeper.isAlive());
        } finally {
            sleeper.destroyForcibly().waitFor();
        }
    }

    /** There may be no other JDK here: one that says so of itself is refused before the agent is sent to it. */
    @Test
    void aJvmOfAnotherVersionIsOneSentence() throws Exception {
        try (Target target = new Target(directory, "17")) {
            target.says("old false", "new false");

            assertRefused(1, attach(target.pid()), "runs on Java 17");

            target.says("old false", "new false");
            target.ends("");
        }
    }

    private Launcher.Outcome attach(long pid, String... options) throws Exception {
        String[] arguments = new String[options.length + 2];
        arguments[0] = "attach";
        System.arraycopy(options, 0, arguments, 1, options.length);
        arguments[arguments.length - 1] = Long.toString(pid);
        return Launcher.pinion(directory, arguments);
    }

    private static void assertRefused(int code, Launcher.Outcome outcome, String part) {
        assertEquals(code, outcome.code(), outcome.err().toString());
        assertEquals(1, outcome.err().size(), outcome.err().toString());
        assertTrue(outcome.err().getFirst().startsWith("pinion attach: "), outcome.err().toString());
        assertTrue(outcome.err().getFirst().contains(part), outcome.err().toString());
        assertEquals(List.of(), outcome.out());
    }

    /** Prints a report for each line it reads. */
    private static final class Target implements AutoCloseable {
        private final Process process;
        private final Path err;
        private final BufferedReader out;

        Target(Path directory, String... arguments) throws IOException {
            Path own = Files.createDirectory(directory.resolve("target"));
            err = own.resolve("stderr");
            process = Jvm.jdk(Reports.class)
                    .options("-XX:+EnableDynamicAgentLoading", "-Djava.io.tmpdir=" + own)
                    .arguments((Object[]) arguments)
                    .builder()
                    .redirectError(err.toFile())
                    .start();
            out = process.inputReader();
        }

        long pid() {
            return process.pid();
        }

        void says(String... lines) throws IOException {
            process.outputWriter().append('\n').flush();
            for (String line : lines) {
                assertEquals(line, out.readLine());
            }
        }

        void ends(String stderr) throws Exception {
            assertEquals(stderr, ends());
        }

        String ends() throws Exception {
            process.getOutputStream().close();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it ends");
            assertEquals(0, process.exitValue());
            return Files.readString(err);
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }

    public static final class Reports {
        /** So many starts that the JIT has compiled the JDK's scheduler into them before anybody attaches. */
        private static final int STARTS = 30_000;

        public static void main(String[] arguments) throws Exception {
            if (arguments.length > 0) {
                System.setProperty("java.specification.version", arguments[0]);
            }
            SynchronousQueue<Boolean> asked = new SynchronousQueue<>();
            SynchronousQueue<Boolean> answers = new SynchronousQueue<>();
            Thread.startVirtualThread(() -> {
                while (true) {
                    try {
                        asked.take();
                        answers.put(onAnM());
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
            });
            for (int i = 0; i < STARTS; i++) {
                Thread.startVirtualThread(() -> {}).join();
            }
            while (System.in.read() != -1) {
                asked.put(true);
                System.out.println("old " + answers.take());
                boolean[] taken = new boolean[1];
                Thread.startVirtualThread(() -> taken[0] = onAnM()).join();
                System.out.println("new " + taken[0]);
                if (taken[0]) {
                    System.out.println("Ps " + ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class).getParallelism());
                }
            }
        }

        private static boolean onAnM() {
            return Thread.currentThread().toString().contains("pinion-P");
        }
    }
}
