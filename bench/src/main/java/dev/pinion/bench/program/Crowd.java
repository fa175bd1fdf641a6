package dev.pinion.bench.program;

import java.util.function.Consumer;

/**
 * Measures tasks that go on until told to stop. The main thread, which is no part of the crowd, reads every task's counter
 * at the borders of common windows.
 *
 * <p>All tasks are started by one virtual thread, wait until the last has come, and are released by it. Started from a
 * platform thread they would lie in the pool's submission queues, of which the JDK's carrier goes on serving the one it
 * found first: tasks that yield then starve all others, and what is measured is the speed of one of them.
 */
final class Crowd {

    private final Counts counts;
    private final int tasks;
    private final Baton[] batons;
    private final Consumer<Runnable> starter;
    private volatile boolean stopped;
    private Latch ended;

    /** What task number {@code task} does until {@link #isStopped}. */
    interface Task {
        void run(int task);
    }

    Crowd(int tasks) {
        this(tasks, Spawner::start);
    }

    /** @param starter starts a thread for each task */
    Crowd(int tasks, Consumer<Runnable> starter) {
        this.tasks = tasks;
        this.starter = starter;
        counts = new Counts(tasks);
        batons = batonsFor(tasks);
    }

    private static Baton[] batonsFor(int tasks) {
        Baton[] made = new Baton[tasks];
        for (int task = 0; task < tasks; task++) {
            made[task] = new Baton();
        }
        return made;
    }

    /** Starts all tasks and returns once all were released. Called once, by the main thread. */
    void start(Task body) throws InterruptedException {
        ended = new Latch(tasks);
        Spawner.runAndWait(() -> {
            // Not the tasks' own batons: a pass from a task already released would melt into the release.
            Baton[] gates = batonsFor(tasks);
            Latch ready = new Latch(tasks);
            for (int i = 0; i < tasks; i++) {
                int task = i;
                starter.accept(() -> {
                    batons[task].claim();
                    gates[task].claim();
                    ready.countDown();
                    gates[task].await();
                    body.run(task);
                    ended.countDown();
                });
            }
            ready.await();
            for (Baton gate : gates) {
                gate.pass();
            }
        });
    }

    /** The task's own baton; only this task may wait for it, any may pass it. */
    Baton baton(int task) {
        return batons[task];
    }

    /** One operation of task {@code task}; only that task. */
    void count(int task) {
        counts.count(task);
    }

    /** Whether the tasks should end. */
    boolean isStopped() {
        return stopped;
    }

    /** Tells the tasks to end and waits for it; {@code release} frees those that wait for each other. */
    void stop(Runnable release) {
        stopped = true;
        release.run();
        ended.await();
    }

    /** Frees all tasks that wait for their batons. */
    void passAllBatons() {
        for (Baton baton : batons) {
            baton.pass();
        }
    }

    /** {@link Counts#measure}. */
    void measure(Report report) throws InterruptedException {
        counts.measure(report);
    }

    /** {@link Counts#measureNow}. */
    void measureNow(Report report) throws InterruptedException {
        counts.measureNow(report);
    }

    /** {@link Counts#done}. */
    long[] done() {
        return counts.done();
    }

    /** {@link Counts#nanosPerOperation}. */
    double nanosPerOperation(int first, long millis) throws InterruptedException {
        return counts.nanosPerOperation(first, millis);
    }
}
