package dev.pinion.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pinion.cpu.CoreTaken;
import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.HostFiles;
import dev.pinion.cpu.Reservation;
import dev.pinion.nativelib.Boot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is reserved follows the Ps. */
@Timeout(60)
class CoreReservationTest {
    @TempDir
    Path directory;
    private String before;
    private final CoreReservation reservation = new CoreReservation(Reservation.Mode.SHARE, HostFiles.ofThisMachine());

    @BeforeEach
    void ownDirectory() {
        before = System.setProperty("java.io.tmpdir", directory.toString());
    }

    @AfterEach
    void formerDirectory() {
        System.setProperty("java.io.tmpdir", before);
    }

    private boolean isReserved(int cpu) {
        return Files.exists(directory.resolve("cpu-" + cpu + ".lock"));
    }

    private List<String> reserved() {
        return Stream.of(directory.toFile().list()).filter(name -> name.startsWith("cpu-")).sorted().toList();
    }

    private void awaitReserved(int cpu, boolean wanted) throws InterruptedException {
        while (isReserved(cpu) != wanted) {
            Thread.sleep(1);
        }
    }

    private CoreReservation.Answer ask(int cpu) throws InterruptedException {
        reservation.ask(cpu);
        while (reservation.answer() == CoreReservation.Answer.PENDING) {
            Thread.sleep(1);
        }
        return reservation.answer();
    }

    @Test
    void aCoreIsAskedForBeforeAPMovesAndTheOldOneIsFreed() throws Exception {
        assertEquals(CoreReservation.Answer.GRANTED, ask(7), "nothing is reserved yet");
        reservation.takeInBackground(CpuSet.of(0, 3));
        awaitReserved(3, true);
        assertEquals(CoreReservation.Answer.GRANTED, ask(1));
        awaitReserved(1, true);
        reservation.follow(0, 1, CpuSet.of(1, 3));
        awaitReserved(0, false);
        reservation.follow(3, 2, CpuSet.of(1, 2, 3)); // another P stays on 3
        awaitReserved(2, true);
        assertEquals(true, isReserved(3));
        assertEquals(CoreReservation.Answer.GRANTED, ask(4));
        awaitReserved(4, true);
        reservation.giveBack(4);
        awaitReserved(4, false);
    }

    @Test
    void aCoreThatAnotherProcessHasIsRefused() throws Exception {
        Process other = new ProcessBuilder("sleep", "1000").start();
        try {
            reservation.takeInBackground(CpuSet.of(0));
            awaitReserved(0, true);
            String stat = Files.readString(Path.of("/proc/" + other.pid() + "/stat"));
            String started = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
            int user = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            Path leases = Files.createDirectories(directory.resolve("pinion-cpus-" + user));
            Files.writeString(leases.resolve("cpu-1"), other.pid() + " " + started + "\n");
            assertEquals(CoreReservation.Answer.REFUSED, ask(1));
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    /** All of it is asked for while the background works on something else. */
    @Test
    void aPThatMovesTwiceLeavesNothingBehind() throws Exception {
        reservation.takeInBackground(CpuSet.of(0));
        awaitReserved(0, true);
        for (int round = 0; round < 20; round++) {
            synchronized (reservation) {
                reservation.follow(0, 1, CpuSet.of(1));
                reservation.follow(1, 2, CpuSet.of(2));
                reservation.follow(2, 3, CpuSet.of(3));
                reservation.follow(3, 0, CpuSet.of(0));
            }
            assertEquals(CoreReservation.Answer.GRANTED, ask(0)); // so all that was asked for before is done
            assertEquals(List.of("cpu-0.lock"), reserved());
        }
    }

    @Test
    void theEndGivesAllBackAndTakesNothingMore() throws Exception {
        reservation.take(CpuSet.of(0, 1));
        assertEquals(List.of("cpu-0.lock", "cpu-1.lock"), reserved());
        reservation.close();
        assertEquals(List.of(), reserved());
        reservation.follow(0, 2, CpuSet.of(1, 2));
        assertEquals(CoreReservation.Answer.GRANTED, ask(3));
        assertEquals(List.of(), reserved());
    }

    @Test
    void aSchedulerThatHasEndedDoesNotKeepItsCores() {
        Boot.withLibrary();
        SchedSetup setup = new SchedSetup().gomaxprocs(1).reserve("exclusive");
        Sched first = setup.start();
        String core = String.valueOf(first.cpuOf(0));
        try {
            assertThrows(CoreTaken.class, () -> setup.cpus(core).start());
        } finally {
            first.lifetime().endNow(() -> {});
        }
        setup.cpus(core).start().lifetime().endNow(() -> {});
        assertEquals(List.of(), reserved());
    }
}
