package dev.pinion.jmh;

import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.HostFiles;
import dev.pinion.cpu.ThreadCounters;
import dev.pinion.nativelib.Boot;
import dev.pinion.nativelib.NativeCallException;
import dev.pinion.nativelib.Natives;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * JMH's workers, each pinned to a core of its own:
 * {@code -Djmh.executor=CUSTOM -Djmh.executor.class=dev.pinion.jmh.PinnedExecutor --enable-native-access=ALL-UNNAMED}.
 *
 * <p>{@code -Dpinion.jmh.cpus=2-5} names the CPUs; by default they are physical cores of the affinity mask, the last ones first, and never
 * those of {@code -Dpinion.jmh.housekeeping}. If there are fewer than threads, they are shared, and a line on stderr says so.
 *
 * <p>A thread is pinned before it runs anything; the thread that makes the executor, JMH's main thread, is not, nor are those of the
 * collector and the JIT, which keep the process's CPUs. A thread that a benchmark starts inherits the pin of the worker that starts it, and
 * {@code availableProcessors()} is 1 in a worker. Daemon threads. Any thread may call.
 */
public final class PinnedExecutor extends ThreadPoolExecutor {
    private static final Set<Worker> WORKERS = ConcurrentHashMap.newKeySet();

    /** Of the executor that was made last; a JVM of JMH's makes one after the other. */
    private static volatile CpuSet cpus = CpuSet.EMPTY;

    private final Places places;

    /**
     * Made by JMH.
     *
     * @param maxThreads how many threads, at least 1; each is started by the first task it is needed for
     * @param prefix     threads are named PREFIX-jmh-worker-1 and so on
     * @throws IllegalArgumentException one sentence: CPUs that cannot be used, or no thread
     * @throws dev.pinion.nativelib.UnsupportedHost one sentence: Pinion's native library cannot be used here
     */
    public PinnedExecutor(int maxThreads, String prefix) {
        this(maxThreads, new Places(prefix, choose(maxThreads)));
    }

    private PinnedExecutor(int maxThreads, Places places) {
        super(maxThreads, maxThreads, 0, TimeUnit.NANOSECONDS, new LinkedBlockingQueue<>(), places::thread);
        this.places = places;
    }

    private static int[] choose(int workers) {
        Boot.withLibrary();
        long[] mask = new long[128];
        NativeCallException.check("sched_getaffinity", Natives.getAffinity(Natives.getpid(), mask)); // the main thread's
        WorkerCores cores = WorkerCores.choose(HostFiles.ofThisMachine(), CpuSet.ofMask(mask),
                System.getProperty(WorkerCores.CPUS), System.getProperty(WorkerCores.HOUSEKEEPING), workers);
        cores.warnings().forEach(PinnedExecutor::warn);
        cpus = CpuSet.of(cores.cpuOfWorker());
        return cores.cpuOfWorker();
    }

    /** @return the threads of all such executors of this JVM that have begun and not ended */
    static List<Worker> workers() {
        return List.copyOf(WORKERS);
    }

    /** @return the CPUs of the executor that was made last, whether or not its threads have begun; empty if none was made */
    static CpuSet cpus() {
        return cpus;
    }

    /** A thread whose task threw ends, and starts its successor before: that one shall find the core free. */
    @Override
    protected void afterExecute(Runnable task, Throwable thrown) {
        super.afterExecute(task, thrown);
        if (thrown != null && Thread.currentThread() instanceof PinnedThread thread) {
            places.leave(thread);
        }
    }

    private static void warn(String sentence) {
        System.err.println("pinion: " + sentence);
    }

    /** Who is on which CPU. Places are counted, not CPUs: where CPUs are shared, several places have the same. */
    private static final class Places {
        private final String prefix;
        private final int[] cpuOfPlace;
        private final PinnedThread[] taken;
        private int threads;
        private boolean warned;

        Places(String prefix, int[] cpuOfPlace) {
            this.prefix = prefix;
            this.cpuOfPlace = cpuOfPlace;
            this.taken = new PinnedThread[cpuOfPlace.length];
        }

        synchronized Thread thread(Runnable work) {
            int place = 0;
            while (taken[place] != null) { // the pool has as many threads as there are places
                place++;
            }
            return taken[place] = new PinnedThread(this, work, prefix + "-jmh-worker-" + ++threads, cpuOfPlace[place]);
        }

        synchronized void leave(PinnedThread thread) {
            for (int place = 0; place < taken.length; place++) {
                if (taken[place] == thread) {
                    taken[place] = null;
                }
            }
        }

        synchronized void notPinned(PinnedThread thread, int result) {
            if (!warned) {
                warned = true;
                warn(thread.getName() + " runs unpinned, since it cannot be pinned to CPU " + thread.cpu + ": "
                        + NativeCallException.describe(-result) + ".");
            }
        }
    }

    private static final class PinnedThread extends Thread {
        private final Places places;
        private final int cpu;

        PinnedThread(Places places, Runnable work, String name, int cpu) {
            super(work, name);
            this.places = places;
            this.cpu = cpu;
            setDaemon(true);
        }

        @Override
        public void run() {
            int tid = Natives.gettid();
            int result = Natives.setAffinity(0, CpuSet.of(cpu).toMask());
            if (result < 0) {
                places.notPinned(this, result);
            }
            Worker worker = new Worker(getName(), tid, result < 0 ? Worker.NOT_PINNED : cpu,
                    ThreadCounters.read(HostFiles.ofThisMachine(), tid));
            WORKERS.add(worker);
            try {
                super.run();
            } finally {
                WORKERS.remove(worker);
                places.leave(this);
            }
        }
    }
}
