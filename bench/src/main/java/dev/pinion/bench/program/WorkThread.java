package dev.pinion.bench.program;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A platform thread in the place of a virtual one, a daemon as that is. All of them together have the first CPUs that the process has, as
 * many as there are Ps: elsewhere so many OS threads do the work, and what else the process may use is for the JIT and the collector. They
 * take them over from whoever starts them; a start from outside binds the starter for that moment, which costs two system calls.
 */
final class WorkThread extends Thread {

    static final String NAME = "platform-";

    /** What the kernel shows of the name of a thread that carries virtual threads on the JDK's scheduler. */
    private static final String VIRTUAL_CARRIER = "ForkJoinPool-";

    private static final BitSet ALL_CPUS = CpuMask.current();
    private static final CpuMask EVERYWHERE = CpuMask.of(ALL_CPUS);
    private static final CpuMask AS_MANY_AS_PS = CpuMask.ofFirst(ALL_CPUS, Spawner.PROCS);
    private static final AtomicLong NUMBER = new AtomicLong();

    private WorkThread(Runnable task) {
        super(task, NAME + NUMBER.getAndIncrement());
        setDaemon(true);
    }

    /** Any thread. */
    static void start(Runnable task) {
        Thread thread = new WorkThread(task);
        if (Thread.currentThread() instanceof WorkThread) {
            thread.start();
            return;
        }
        AS_MANY_AS_PS.bind();
        try {
            thread.start();
        } finally {
            EVERYWHERE.bind();
        }
    }

    /** One for a pool, which is started by whoever submits, and binds itself. */
    static Thread ofPool(Runnable worker) {
        return new WorkThread(() -> {
            AS_MANY_AS_PS.bind();
            worker.run();
        });
    }

    /**
     * What carried the work, at its end: a thread that carries virtual ones, if there is one in this process, as it then was no work of
     * platform threads; else the last work thread. The kernel is asked, for the JDK does not show such threads.
     */
    static String carrier() throws IOException {
        for (File task : tasks()) {
            try {
                String name = Files.readString(task.toPath().resolve("comm")).strip();
                if (name.startsWith(VIRTUAL_CARRIER)) {
                    return name;
                }
            } catch (IOException e) {
                // It has ended meanwhile: no carrier, which is kept for half a minute after its last virtual thread.
            }
        }
        return NUMBER.get() == 0 ? "nothing" : NAME + (NUMBER.get() - 1);
    }

    private static File[] tasks() throws IOException {
        File[] tasks = new File("/proc/self/task").listFiles();
        if (tasks == null) {
            throw new IOException("/proc/self/task cannot be read");
        }
        return tasks;
    }
}
