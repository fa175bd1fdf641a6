package dev.pinion.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.HostFiles;
import dev.pinion.cpu.Reservation;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The cores are reserved a second after the start, which may be when the program ends. */
@Timeout(60)
class ReservationAtExitTest {
    @Test
    void aReservationMadeWhileTheJvmEndsIsGivenBackInSilence(@TempDir Path directory) throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + directory, "-cp", System.getProperty("java.class.path"), Ending.class.getName())
                .redirectErrorStream(true).start();
        assertEquals("reserves\n[]\n", new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(0, process.waitFor());
    }

    static final class Ending {
        public static void main(String[] arguments) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                System.out.println("reserves");
                new CoreReservation(Reservation.Mode.SHARE, HostFiles.ofThisMachine()).take(CpuSet.of(7));
                System.out.println(Arrays.toString(new File(System.getProperty("java.io.tmpdir")).list()));
            }));
        }
    }
}
