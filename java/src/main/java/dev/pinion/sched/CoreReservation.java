package dev.pinion.sched;

import dev.pinion.cpu.CpuLocks;
import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.HostFiles;
import dev.pinion.cpu.LeaseDirectory;
import dev.pinion.cpu.Reservation;
import dev.pinion.nativelib.IsolatedLibraries;
import java.nio.file.Path;

/**
 * The cores of a scheduler are reserved where other programs look: in the lock files of Java-Thread-Affinity, through that library itself.
 * It takes some 200 ms to load, so in mode {@code share} that happens on a thread of its own, a second after the start.
 */
final class CoreReservation {
    private final Reservation.Mode mode;
    private final CpuSet cores;
    private final HostFiles host;
    private boolean started;

    CoreReservation(Reservation.Mode mode, CpuSet cores, HostFiles host) {
        this.mode = mode;
        this.cores = cores;
        this.host = host;
    }

    /** Once; in mode {@code share}, from sysmon's thread. */
    void takeInBackground() {
        if (started || mode == Reservation.Mode.EXCLUSIVE || cores.isEmpty()) {
            return;
        }
        started = true;
        Thread thread = new Thread(Thread.currentThread().getThreadGroup(), this::take, "pinion-reservation", 0, false);
        thread.setDaemon(true);
        thread.start();
    }

    /** @throws dev.pinion.cpu.CoreTaken one sentence, in mode {@code exclusive} */
    void take() {
        Path directory = Path.of(System.getProperty("java.io.tmpdir"));
        CpuLocks locks = null;
        String reason = null;
        try {
            locks = IsolatedLibraries.create(CpuLocks.class, "dev.pinion.adapter.OpenHftLocks");
        } catch (RuntimeException | LinkageError e) {
            reason = "Java-Thread-Affinity cannot be used (" + e + ")";
        }
        Reservation reservation = Reservation.take(mode, cores, host, locks, reason, new LeaseDirectory(host, directory));
        for (String sentence : reservation.warnings()) {
            Warnings.say(sentence + ".");
        }
        Runtime.getRuntime().addShutdownHook(new Thread(reservation::release, "pinion-release"));
    }
}
