package dev.pinion.bench.program;

import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The workloads of Delisle's scheduling benchmarks (PhD, Waterloo 2022), saturated: 100 tasks, or rings, a P. Rewritten from
 * their description; sizes that it leaves open are ours.
 */
final class Delisle {

    static final int PER_P = 100;
    static final int RING = 5;
    static final int WORDS = 512;
    static final int TOUCHED = 64;

    private Delisle() {
    }

    /** Rings of five: each task waits for the baton and passes it on. Operation: one hop. */
    static void cycle(Report report) throws InterruptedException {
        Crowd crowd = new Crowd(PER_P * Spawner.PROCS * RING);
        crowd.start(task -> {
            int next = task / RING * RING + (task + 1) % RING;
            if (task % RING == 0) {
                crowd.baton(next).pass();
            }
            while (!crowd.isStopped()) {
                crowd.baton(task).await();
                crowd.count(task);
                crowd.baton(next).pass();
            }
        });
        crowd.measure(report);
        crowd.stop(crowd::passAllBatons);
    }

    /** Operation: one yield. */
    static void yielding(Report report) throws InterruptedException {
        Yielding.measure(report, PER_P * Spawner.PROCS);
    }

    /**
     * Each task releases a random semaphore and acquires the same one. Half of the tasks wait before the others begin, so
     * that a release wakes one and the acquire that follows has to wait; fair semaphores, or the releasing task would
     * overtake. Without waiters the first task to run would never block, and on one P no other would ever run.
     * Operation: one release and acquire.
     */
    static void churn(Report report) throws InterruptedException {
        int tasks = PER_P * Spawner.PROCS;
        Crowd crowd = new Crowd(tasks);
        Semaphore[] semaphores = new Semaphore[tasks / 4];
        for (int i = 0; i < semaphores.length; i++) {
            semaphores[i] = new Semaphore(0, true);
        }
        AtomicInteger waiting = new AtomicInteger();
        crowd.start(task -> {
            SplittableRandom random = new SplittableRandom(task);
            if (task < tasks / 2) {
                waiting.incrementAndGet();
                semaphores[random.nextInt(semaphores.length)].acquireUninterruptibly();
            } else {
                while (waiting.get() < tasks / 2) {
                    Thread.yield();
                }
            }
            while (!crowd.isStopped()) {
                Semaphore chosen = semaphores[random.nextInt(semaphores.length)];
                chosen.release();
                chosen.acquireUninterruptibly();
                crowd.count(task);
            }
        });
        crowd.measure(report);
        crowd.stop(() -> {
            for (Semaphore semaphore : semaphores) {
                semaphore.release(tasks);
            }
        });
    }

    /**
     * Each task touches {@value #TOUCHED} random words of its own {@value #WORDS}, sits down on a random place, wakes whoever
     * sat there, and waits to be woken. Half as many places as tasks. Operation: one change of places.
     */
    static void locality(Report report) throws InterruptedException {
        int tasks = PER_P * Spawner.PROCS;
        Crowd crowd = new Crowd(tasks);
        AtomicReferenceArray<Baton> places = new AtomicReferenceArray<>(tasks / 2);
        crowd.start(task -> {
            Baton mine = crowd.baton(task);
            SplittableRandom random = new SplittableRandom(task);
            long[] words = new long[WORDS];
            while (!crowd.isStopped()) {
                for (int touched = 0; touched < TOUCHED; touched++) {
                    words[random.nextInt(WORDS)]++;
                }
                Baton sitting = places.getAndSet(random.nextInt(places.length()), mine);
                if (sitting != null) {
                    sitting.pass();
                }
                mine.await();
                crowd.count(task);
            }
        });
        crowd.measure(report);
        crowd.stop(crowd::passAllBatons);
    }
}
