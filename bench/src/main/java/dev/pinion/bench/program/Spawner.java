package dev.pinion.bench.program;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Starts a virtual thread in the way that {@code -Dbench.start} asks for, or a platform thread. The choice is a constant of the JVM, so the
 * JIT leaves one direct call.
 */
final class Spawner {

    /** Number of Ps, for workloads whose size is given per P. */
    static final int PROCS = Integer.getInteger("bench.procs", 1);

    private static final String START = System.getProperty("bench.start", "thread");
    private static final boolean GO = START.equals("go");
    private static final boolean MINIMAL = START.equals("minimal");
    private static final boolean PLATFORM = START.equals("platform");

    private Spawner() {
    }

    /** Whether the subject is Pinion's own API. */
    static boolean isGo() {
        return GO;
    }

    /** Whether there are platform threads in the place of virtual ones. */
    static boolean isPlatform() {
        return PLATFORM;
    }

    static void start(Runnable task) {
        if (GO) {
            GoSpawner.start(task);
        } else if (MINIMAL) {
            MinimalScheduler.start(task);
        } else if (PLATFORM) {
            WorkThread.start(task);
        } else {
            Thread.startVirtualThread(task);
        }
    }

    /** Starts a thread for each task, or keeps platform threads for further ones, as servers do. */
    static ExecutorService executor() {
        return PLATFORM ? Executors.newCachedThreadPool(WorkThread::ofPool) : Executors.newVirtualThreadPerTaskExecutor();
    }

    /** Runs {@code task} on a new thread and waits for its end on the calling platform thread. */
    static void runAndWait(Runnable task) throws InterruptedException {
        Latch done = new Latch(1);
        Throwable[] thrown = new Throwable[1];
        start(() -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                thrown[0] = e;
            } finally {
                done.countDown();
            }
        });
        done.await();
        if (thrown[0] != null) {
            throw new IllegalStateException("the workload failed", thrown[0]);
        }
    }

    /** The OS thread under a virtual thread, from its printed form: {@code VirtualThread[#30]/runnable@CARRIER}. */
    static String carrier() throws InterruptedException {
        String[] printed = new String[1];
        runAndWait(() -> printed[0] = Thread.currentThread().toString());
        return printed[0].substring(printed[0].lastIndexOf('@') + 1).replace(' ', '_');
    }
}
