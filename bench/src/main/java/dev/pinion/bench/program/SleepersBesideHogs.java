package dev.pinion.bench.program;

import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** A hundred Gs that sleep 1 ms again and again, beside one for each P that computes and never yields: how late the sleepers are. */
final class SleepersBesideHogs {
    static final int SLEEPERS = 100;
    private static final int HOGS = Spawner.PROCS;
    static final long SLEEP_MILLIS = 1;
    private static final long WARM_UP_MILLIS = 500;
    private static final long WINDOW_MILLIS = Share.ofTime(3_000);

    private final Recording recording = new Recording();
    private final PendingLatency[] late = IntStream.range(0, SLEEPERS).mapToObj(i -> new PendingLatency(recording))
            .toArray(PendingLatency[]::new);
    private final AtomicLongArray counts = new AtomicLongArray(SLEEPERS);
    private volatile boolean stopped;

    private final Latch ended = new Latch(SLEEPERS + HOGS);

    private SleepersBesideHogs() {
    }

    /** Starts tasks, and returns at once. */
    interface Starter {
        /**
         * Starts one for each number below {@value SleepersBesideHogs#SLEEPERS}, which sleeps until {@link #isStopped}, each time between
         * {@link #begin} and {@link #end}, and last calls {@link #taskEnded}; then {@link #hogs}, one task each.
         */
        void start(SleepersBesideHogs all) throws InterruptedException;
    }

    /** Operation: one sleep. */
    static void run(Report report) throws InterruptedException {
        run(report, all -> Spawner.runAndWait(() -> {
            for (int i = 0; i < SLEEPERS; i++) {
                int task = i;
                Spawner.start(() -> all.sleep(task));
            }
            all.hogs().forEach(Spawner::start);
        }));
    }

    static void run(Report report, Starter starter) throws InterruptedException {
        SleepersBesideHogs all = new SleepersBesideHogs();
        starter.start(all);
        all.measure(report);
    }

    private void measure(Report report) throws InterruptedException {
        Thread.sleep(WARM_UP_MILLIS);
        long[] first = snapshot();
        ResourceUsage before = ResourceUsage.now();
        recording.start();
        Thread.sleep(WINDOW_MILLIS);
        recording.stop();
        long[] pending = PendingLatency.pending(late);
        ResourceUsage used = ResourceUsage.now().since(before);
        long[] done = snapshot();
        stopped = true;
        ended.await();
        for (int i = 0; i < SLEEPERS; i++) {
            done[i] -= first[i];
        }
        long sleeps = IntStream.range(0, SLEEPERS).mapToLong(i -> done[i]).sum();
        long fastest = IntStream.range(0, SLEEPERS).mapToLong(i -> done[i]).max().orElseThrow();
        long slowest = IntStream.range(0, SLEEPERS).mapToLong(i -> done[i]).min().orElseThrow();
        report.usage(used, Math.max(1, sleeps));
        report.fair(slowest, Math.max(1, fastest));
        report.uneven(done);
        PendingLatency.merged(pending, late).report(report);
    }

    private long[] snapshot() {
        return IntStream.range(0, SLEEPERS).mapToLong(counts::getOpaque).toArray();
    }

    private void sleep(int task) {
        try {
            while (!isStopped()) {
                begin(task);
                Thread.sleep(SLEEP_MILLIS);
                end(task);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this", e);
        }
        taskEnded();
    }

    /** Whether the tasks should end. */
    boolean isStopped() {
        return stopped;
    }

    /** Only this sleeper: it goes to sleep for {@value #SLEEP_MILLIS} ms. */
    void begin(int task) {
        late[task].begin(System.nanoTime() + SLEEP_MILLIS * 1_000_000);
    }

    /** Only this sleeper: it woke. */
    void end(int task) {
        late[task].end(System.nanoTime());
        counts.setOpaque(task, counts.get(task) + 1);
    }

    /** Each task, as the last thing. */
    void taskEnded() {
        ended.countDown();
    }

    /** One for each P. */
    List<Runnable> hogs() {
        return LongStream.rangeClosed(1, HOGS).<Runnable>mapToObj(seed -> () -> hog(seed)).toList();
    }

    private void hog(long seed) {
        long value = seed;
        while (!stopped) {
            value = Work.steps(value, Work.MICROS_10);
        }
        Work.keep(value);
        taskEnded();
    }
}
