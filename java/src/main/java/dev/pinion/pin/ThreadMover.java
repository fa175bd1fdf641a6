package dev.pinion.pin;

import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.HostFiles;
import dev.pinion.cpu.ThreadSort;
import java.io.File;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Moves the threads of other processes to other CPUs by their sort, from outside. {@code /proc} tells of no new thread, so somebody has to call
 * {@link #look(Collection)} again and again: a thread has its creator's name and CPUs at first, and its own name some microseconds later. JVMs make
 * compiler and collector threads whenever they have work for them, and end them again.
 *
 * <p>For one thread at a time.
 */
public final class ThreadMover {
    /** Sets the CPUs of a thread. */
    @FunctionalInterface
    public interface Mask {
        /** @param tid the kernel's id of the thread @return 0, or {@code -errno} */
        int set(int tid, CpuSet cpus);
    }

    /** So often the name of a thread is read: the JVM's own never change it later, and a program may have ten thousand others. */
    static final int LOOKS_AT_A_THREAD = 16;

    private static final int ESRCH = 3;
    private static final int DONE = -1;

    private final HostFiles host;
    private final Mask mask;
    private final Map<ThreadSort, CpuSet> where;
    private final Consumer<String> tell;
    private final Map<Long, Map<Integer, Integer>> looksOf = new HashMap<>();
    private final Map<ThreadSort, Map<String, Integer>> moved = new EnumMap<>(ThreadSort.class);
    private final Map<ThreadSort, Integer> refused = new EnumMap<>(ThreadSort.class);

    /**
     * @param host  where {@code /proc} is
     * @param where the sorts to be moved, and their CPUs
     * @param tell  gets a line for each thread that is moved
     */
    public ThreadMover(HostFiles host, Mask mask, Map<ThreadSort, CpuSet> where, Consumer<String> tell) {
        this.host = host;
        this.mask = mask;
        this.where = new EnumMap<>(where);
        this.tell = tell;
    }

    /**
     * Looks at the threads of processes once, some 10 us for each that is not known yet, and forgets all other processes: their ids come again.
     *
     * @return how many threads it moved
     */
    public int look(Collection<Long> pids) {
        looksOf.keySet().retainAll(pids);
        int count = 0;
        for (long pid : pids) {
            count += look(pid);
        }
        return count;
    }

    int look(long pid) {
        String[] tasks = new File(host.proc(pid + "/task")).list();
        if (tasks == null) {
            looksOf.remove(pid);
            return 0;
        }
        Map<Integer, Integer> before = looksOf.getOrDefault(pid, Map.of());
        Map<Integer, Integer> now = new HashMap<>(); // without those that ended, whose ids come again
        int count = 0;
        for (String task : tasks) {
            int tid = Integer.parseInt(task);
            int looks = before.getOrDefault(tid, 0);
            if (looks != DONE && looks < LOOKS_AT_A_THREAD) {
                String name = host.read(host.proc(pid + "/task/" + task + "/comm"));
                boolean done = name != null && move(pid, tid, name);
                count += done ? 1 : 0;
                looks = done ? DONE : looks + 1;
            }
            now.put(tid, looks);
        }
        looksOf.put(pid, now);
        return count;
    }

    /** @return whether there is nothing more to do about it */
    private boolean move(long pid, int tid, String name) {
        ThreadSort sort = ThreadSort.of(name);
        CpuSet cpus = where.get(sort);
        if (cpus == null) {
            return false;
        }
        int result = mask.set(tid, cpus);
        if (result == 0) {
            moved.computeIfAbsent(sort, s -> new TreeMap<>()).merge(name, 1, Integer::sum);
            tell.accept(name + " (thread " + tid + " of process " + pid + ") moved to " + cpus(cpus));
        } else if (result != -ESRCH) {
            refused.put(sort, result);
        }
        return true;
    }

    /** @return what was done, a sentence for each sort that was to be moved, also when there was nothing to move */
    public List<String> summary() {
        List<String> sentences = new ArrayList<>();
        where.forEach((sort, cpus) -> {
            Map<String, Integer> names = moved.getOrDefault(sort, Map.of());
            int count = names.values().stream().mapToInt(Integer::intValue).sum();
            if (count > 0) {
                sentences.add(count + " " + sort.label() + (count == 1 ? " thread" : " threads") + " moved to " + cpus(cpus) + ": " + list(names));
            } else if (!refused.containsKey(sort)) {
                sentences.add("no " + sort.label() + " thread was seen, so none was moved to " + cpus(cpus)
                        + (sort == ThreadSort.GC ? "; the serial collector, which the JVM takes on one CPU, works on the VM thread" : ""));
            }
        });
        return sentences;
    }

    /** @return for each sort of which a thread could not be moved the last result, {@code -errno} */
    public Map<ThreadSort, Integer> refused() {
        return Map.copyOf(refused);
    }

    private static String list(Map<String, Integer> names) {
        List<String> parts = new ArrayList<>();
        names.forEach((name, count) -> parts.add(count == 1 ? name : name + " (" + count + ")"));
        return String.join(", ", parts);
    }

    private static String cpus(CpuSet cpus) {
        return (cpus.size() == 1 ? "CPU " : "CPUs ") + cpus;
    }
}
