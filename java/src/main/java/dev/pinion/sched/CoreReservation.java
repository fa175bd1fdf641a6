package dev.pinion.sched;

import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.HostFiles;
import dev.pinion.cpu.LeaseDirectory;
import dev.pinion.cpu.LockFiles;
import dev.pinion.cpu.Reservation;
import java.nio.file.Path;

/**
 * The cores of a scheduler are reserved where other programs look: in the lock files of Java-Thread-Affinity. In mode {@code share} that
 * happens on a thread of its own, a second after the start: it reads and writes files, which sysmon must not wait for.
 */
final class CoreReservation implements Runnable {
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
        Sysmon.helper("pinion-reservation", this).start();
    }

    /** By the thread of its own. */
    @Override
    public void run() {
        take();
    }

    /** @throws dev.pinion.cpu.CoreTaken one sentence, in mode {@code exclusive} */
    void take() {
        Path directory = Path.of(System.getProperty("java.io.tmpdir"));
        Reservation reservation =
                Reservation.take(mode, cores, host, new LockFiles(host, directory), new LeaseDirectory(host, directory));
        for (String sentence : reservation.warnings()) {
            Warnings.say(sentence);
        }
        Thread release = new Thread("pinion-release") {
            @Override
            public void run() {
                reservation.release();
            }
        };
        try {
            Runtime.getRuntime().addShutdownHook(release);
        } catch (IllegalStateException e) {
            reservation.release(); // the JVM is ending already
        }
    }
}
