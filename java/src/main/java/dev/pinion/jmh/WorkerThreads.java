package dev.pinion.jmh;

import dev.pinion.cpu.ThreadCounters;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The threads that run the benchmark: those of {@link PinnedExecutor}, else those that JMH's own executors name. JMH does not tell a
 * profiler, and the JDK tells the kernel's id of a thread only in its thread dump, which is therefore made when such a thread is new.
 *
 * <p>For one thread at a time.
 */
final class WorkerThreads {
    /** JMH's names, and ours. */
    private static final Pattern NAME = Pattern.compile(".*-jmh-worker-\\d+");

    /** {@code "name" #31 [4711] prio=5 ... nid=4711 runnable}; the name may hold quotes. */
    private static final Pattern DUMPED = Pattern.compile("(?m)^\"(.*-jmh-worker-\\d+)\" #.*? nid=(\\d+|0x[0-9a-f]+) ");

    private final Map<Thread, Worker> known = new HashMap<>();

    /** @return all that live, in no order; empty if there are none yet, or if the benchmark runs on threads of another kind */
    List<Worker> now() {
        List<Worker> pinned = PinnedExecutor.workers();
        if (!pinned.isEmpty()) {
            return pinned;
        }
        List<Thread> threads = named();
        known.keySet().retainAll(threads);
        if (known.size() < threads.size()) {
            Map<String, Integer> tids = tids(dump());
            for (Thread thread : threads) {
                Integer tid = tids.get(thread.getName());
                if (tid != null) {
                    known.putIfAbsent(thread, new Worker(thread.getName(), tid, Worker.NOT_PINNED, ThreadCounters.AT_BIRTH));
                }
            }
        }
        return List.copyOf(known.values());
    }

    private static List<Thread> named() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Thread[] all = new Thread[root.activeCount() + 16];
        int count = root.enumerate(all);
        while (count == all.length) { // it drops what does not fit
            all = new Thread[2 * count];
            count = root.enumerate(all);
        }
        List<Thread> named = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (NAME.matcher(all[i].getName()).matches()) {
                named.add(all[i]);
            }
        }
        return named;
    }

    /** The kernel's thread ids by name, of a dump's workers. */
    static Map<String, Integer> tids(String dump) {
        Map<String, Integer> tids = new HashMap<>();
        Matcher line = DUMPED.matcher(dump);
        while (line.find()) {
            tids.put(line.group(1), Integer.decode(line.group(2)));
        }
        return tids;
    }

    private static String dump() {
        try {
            return (String) ManagementFactory.getPlatformMBeanServer().invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"), "threadPrint",
                    new Object[] {new String[0]}, new String[] {String[].class.getName()});
        } catch (JMException e) {
            return ""; // a JVM without it: the profiler says that it does not know the threads
        }
    }
}
