package dev.pinion.cpu;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells other processes which CPUs the Ps have, and learns theirs: by the lock files of Java-Thread-Affinity, which programs that know
 * nothing of Pinion read as well, and by a {@linkplain LeaseDirectory lease of our own} where such a file is another user's.
 *
 * <p>It is an announcement, nothing enforces it. Those lock files are POSIX locks, which a process loses when any of its code closes the
 * same file: a program that uses Java-Thread-Affinity beside Pinion in one JVM can so free a core for others without knowing.
 *
 * <p>Takes milliseconds, so it belongs in the background unless the user asked for {@link Mode#EXCLUSIVE}. Any thread may call.
 */
public final class Reservation implements AutoCloseable {
    /** What to do about a core that another process has. */
    public enum Mode {
        /** Share it and say so. */
        SHARE,
        /** Refuse to start. */
        EXCLUSIVE
    }

    private final HostFiles host;
    private final CpuLocks locks;
    private final CpuLocks leases;
    /** What holds each CPU that is ours. Guarded by this. */
    private final Map<Integer, CpuLocks> held = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();

    private Reservation(HostFiles host, CpuLocks locks, CpuLocks leases) {
        this.host = host;
        this.locks = locks;
        this.leases = leases;
    }

    /**
     * Reserves CPUs.
     *
     * @param mode       what to do about a core that is taken
     * @param cpus       the CPUs of the Ps
     * @param host       the files, to name processes
     * @param locks      the lock files of Java-Thread-Affinity
     * @param leases     our own leases
     * @return the reservation, to be released at exit; {@link #warnings} has what the user should hear
     * @throws CoreTaken in mode EXCLUSIVE, if a core is taken or cannot be reserved; nothing is reserved then
     */
    public static Reservation take(Mode mode, CpuSet cpus, HostFiles host, CpuLocks locks, CpuLocks leases) {
        Reservation reservation = new Reservation(host, locks, leases);
        for (int cpu = cpus.first(); cpu >= 0; cpu = cpus.next(cpu + 1)) {
            String trouble = reservation.add(cpu);
            if (trouble != null && mode == Mode.EXCLUSIVE) {
                reservation.release();
                throw new CoreTaken(
                        trouble + ", and reserve=exclusive was said; choose other CPUs with cpus=, or say reserve=share.");
            }
            if (trouble != null) {
                reservation.warnings.add(trouble + ", so they share it.");
            }
        }
        return reservation;
    }

    /** @return the CPUs that are reserved for this process by this reservation */
    public synchronized CpuSet held() {
        CpuSet cpus = CpuSet.EMPTY;
        for (int cpu : held.keySet()) {
            cpus = cpus.with(cpu);
        }
        return cpus;
    }

    /** @return sentences for the user, from {@link #take}; not printed */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /**
     * Follows a P to another CPU.
     *
     * @param from the CPU that it left, no longer reserved afterwards; -1 for none, if other Ps remain there
     * @param to   its CPU now; -1 for none
     * @return a sentence without a full stop if that CPU cannot be reserved, which changes nothing for the P; else null
     */
    public synchronized String move(int from, int to) {
        CpuLocks old = held.remove(from);
        if (old != null) {
            old.unlock(from);
        }
        return to < 0 || held.containsKey(to) ? null : add(to);
    }

    /** Gives all CPUs back. */
    public synchronized void release() {
        for (Map.Entry<Integer, CpuLocks> entry : held.entrySet()) {
            entry.getValue().unlock(entry.getKey());
        }
        held.clear();
    }

    @Override
    public void close() {
        release();
    }

    private synchronized String add(int cpu) {
        long holder;
        CpuLocks by = null;
        String reason = null;
        try {
            holder = leases.holder(cpu); // also where the lock files work: another user may have nothing but a lease
        } catch (IOException e) {
            holder = CpuLocks.NOBODY;
            reason = e.getMessage();
        }
        if (holder == CpuLocks.NOBODY) {
            try {
                holder = locks.tryLock(cpu);
                by = locks;
            } catch (IOException e) {
                reason = e.getMessage();
            }
        }
        if (holder == CpuLocks.NOBODY && by == null) {
            try {
                holder = leases.tryLock(cpu);
                by = leases;
            } catch (IOException e) {
                return "CPU " + cpu + " cannot be reserved: " + (reason == null ? "" : reason + ", and ") + e.getMessage();
            }
        }
        if (holder != CpuLocks.NOBODY) {
            return "CPU " + cpu + " is reserved by " + name(holder);
        }
        held.put(cpu, by);
        return null;
    }

    private String name(long pid) {
        if (pid == CpuLocks.UNNAMED) {
            return "another process";
        }
        if (pid == ProcessIdentity.pid(host)) {
            return "another scheduler of this process";
        }
        String name = ProcessIdentity.name(host, pid);
        return "process " + pid + (name == null ? "" : " (" + name + ")");
    }
}
