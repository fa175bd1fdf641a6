package dev.pinion.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.nativelib.Boot;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FatalTest {
    private static String lastWords(Class<?> program) throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), program.getName())
                .redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(Fatal.EXIT_CODE, process.waitFor(), said);
        return said;
    }

    @Test
    void aReportIsMadeInAFullHeapToo() throws Exception {
        String said = lastWords(FullHeap.class);
        assertTrue(said.startsWith("pinion: an error in the scheduler itself; please report it"), said);
        assertTrue(said.contains("\njava.lang.OutOfMemoryError: of the test\n\tat dev.pinion.sched.FatalTest$FullHeap.main"), said);
        assertTrue(said.contains("\n  P0: status="), said);
    }

    @Test
    void anErrorIsReportedWithoutTheStateOfTheSchedulerIfThatCannotBeHad() throws Exception {
        String said = lastWords(Stateless.class);
        assertTrue(said.contains("\njava.lang.IllegalStateException: of the test\n\tat dev.pinion.sched.FatalTest$Stateless.main"), said);
    }

    @Test
    void anErrorOfWhichNothingCanBeSaidIsNamedAllTheSame() throws Exception {
        assertEquals("pinion: an error in the scheduler itself, a LinkageError, and no memory to say more. The process ends with code 70.\n",
                lastWords(Unspeakable.class));
    }

    static final class FullHeap {
        public static void main(String[] arguments) {
            Boot.withLibrary();
            Sched sched = new SchedSetup().gomaxprocs(1).unpinned(true).start();
            OutOfMemoryError error = new OutOfMemoryError("of the test");
            List<Object> ballast = new ArrayList<>(1 << 20);
            for (int size = 1 << 20; size >= 1; size >>= 5) {
                try {
                    while (true) {
                        ballast.add(new byte[size]);
                    }
                } catch (OutOfMemoryError e) {
                    // a smaller one may fit
                }
            }
            Fatal.schedulerError(sched, error);
        }
    }

    static final class Unspeakable {
        public static void main(String[] arguments) {
            Boot.withLibrary();
            Fatal.schedulerError(null, new LinkageError() {
                @Override
                public void printStackTrace(PrintWriter out) {
                    throw new OutOfMemoryError("of the test");
                }
            });
        }
    }

    static final class Stateless {
        public static void main(String[] arguments) {
            Boot.withLibrary();
            Fatal.schedulerError(null, new IllegalStateException("of the test"));
        }
    }
}
