package dev.pinion.sched;

import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.HostFiles;
import dev.pinion.cpu.LeaseDirectory;
import dev.pinion.cpu.LockFiles;
import dev.pinion.cpu.Reservation;
import java.nio.file.Path;
import java.util.ArrayDeque;

/**
 * The cores of a scheduler are reserved where other programs look: in the lock files of Java-Thread-Affinity. In mode {@code share} that
 * happens on a thread of its own, a second after the start, and so does all that follows when a P moves: it reads and writes files, for which
 * sysmon does not wait. One thing after the other, in the order in which sysmon said them: a P that goes from A to B and on to C would else
 * leave B reserved for ever if the second move was followed before the first.
 */
final class CoreReservation {
    /** To {@link #ask}. */
    enum Answer {
        PENDING,
        GRANTED,
        REFUSED
    }

    private final Reservation.Mode mode;
    private final HostFiles host;
    private boolean started;
    /** Null until it is made. Guarded by this, which a background thread holds as long as it works. */
    private Reservation reservation;
    private Thread release;
    private boolean closed;
    private volatile Answer answer = Answer.PENDING;

    /** What is to be done in the background. Guarded by itself. */
    private final ArrayDeque<Runnable> toDo = new ArrayDeque<>();
    private boolean working;

    CoreReservation(Reservation.Mode mode, HostFiles host) {
        this.mode = mode;
        this.host = host;
    }

    /** Once; in mode {@code share}, from sysmon's thread. */
    void takeInBackground(CpuSet cores) {
        if (!started) {
            started = true;
            inBackground(() -> reserve(cores));
        }
    }

    /** At the start, in mode {@code exclusive}. @throws dev.pinion.cpu.CoreTaken one sentence */
    void take(CpuSet cores) {
        started = true;
        reserve(cores);
    }

    private synchronized void reserve(CpuSet cores) {
        if (closed) {
            return;
        }
        Path directory = Path.of(System.getProperty("java.io.tmpdir"));
        Reservation made = Reservation.take(mode, cores, host, new LockFiles(host, directory), new LeaseDirectory(host, directory));
        reservation = made;
        for (String sentence : made.warnings()) {
            Warnings.say(sentence);
        }
        release = new Thread("pinion-release") {
            @Override
            public void run() {
                made.release();
            }
        };
        try {
            Runtime.getRuntime().addShutdownHook(release);
        } catch (IllegalStateException e) {
            made.release(); // the JVM is ending already
        }
    }

    /** Whether a P could have this CPU as far as other processes go; it is then reserved too. {@link #answer} says it. By sysmon. */
    void ask(int cpu) {
        if (!started) {
            answer = Answer.GRANTED; // nothing is reserved yet; what will be is where the Ps are then
            return;
        }
        answer = Answer.PENDING;
        inBackground(() -> {
            Answer found = Answer.REFUSED;
            try {
                found = move(-1, cpu) == null ? Answer.GRANTED : Answer.REFUSED;
            } finally {
                answer = found;
            }
        });
    }

    Answer answer() {
        return answer;
    }

    /** By sysmon: the CPU was asked for, and is not needed after all. */
    void giveBack(int cpu) {
        if (started) {
            inBackground(() -> move(cpu, -1));
        }
    }

    /**
     * A P has moved. What it left stays reserved if others are there. By sysmon.
     *
     * @param live the CPUs of all Ps after that
     */
    void follow(int from, int to, CpuSet live) {
        if (started) {
            inBackground(() -> {
                String trouble = move(live.contains(from) ? -1 : from, to);
                if (trouble != null) {
                    Warnings.say(trouble + ", so they share it.");
                }
            });
        }
    }

    /** Gives all back, for the scheduler has ended: others of this process may want the cores. Any thread; waits for what is being done. */
    synchronized void close() {
        closed = true;
        if (reservation == null) {
            return;
        }
        reservation.release();
        reservation = null;
        try {
            Runtime.getRuntime().removeShutdownHook(release);
        } catch (IllegalStateException e) {
            // The JVM is ending, and the hook finds nothing left to release.
        }
    }

    /** Null also where there is no reservation, because making it failed or the scheduler has ended: then there is nothing to follow. */
    private synchronized String move(int from, int to) {
        return reservation == null ? null : reservation.move(from, to);
    }

    private void inBackground(Runnable action) {
        synchronized (toDo) {
            toDo.add(action);
            if (!working) {
                Sysmon.helper("pinion-reservation", this::work).start();
                working = true;
            }
        }
    }

    private void work() {
        while (true) {
            Runnable action;
            synchronized (toDo) {
                action = toDo.poll();
                if (action == null) {
                    working = false;
                    return;
                }
            }
            try {
                action.run();
            } catch (Exception | Error e) {
                Warnings.say("a reservation of cores failed (" + e + "); the Ps stay where they are, reserved or not.");
            }
        }
    }
}
