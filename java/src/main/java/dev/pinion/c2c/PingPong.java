package dev.pinion.c2c;

import dev.pinion.cpu.CpuSet;
import dev.pinion.nativelib.NativeCallException;
import dev.pinion.nativelib.Natives;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntConsumer;

/**
 * Two bound threads that answer each other through memory, for each pair of CPUs; the time of an answer there and back, halved.
 *
 * <p><b>One line</b>: one word, 0 or 1. One thread waits by compare-and-set from 0 to 1, the other from 1 to 0: each attempt takes the line, as in
 * a spin lock. <b>Two lines</b>: each thread has a word that it alone counts up by compare-and-set, and reads the other's until that has
 * followed. Neither loop pauses the processor, which would round the figures up to a pause's length (140 cycles on many). The words are 256 bytes apart and from
 * everything else: processors fetch lines in pairs.
 *
 * <p>A round is so short that most see no interrupt, and the median of the rounds is what counts. {@link dev.pinion.nativelib.Boot} must have succeeded.
 * On a thread of its own, which ends bound to the last CPU.
 */
public final class PingPong {
    /** An odd number, so that the median is one of them. */
    private static final int ROUNDS = 21;

    private static final int TRIPS = 1_000;
    private static final long WARM_UP_NANOS = 300_000_000;

    private static final int LONGS_APART = 32;
    private static final int WORD = LONGS_APART;
    private static final int PING = 2 * LONGS_APART;
    private static final int PONG = 3 * LONGS_APART;
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] words = new long[5 * LONGS_APART];

    private PingPong() {}

    /**
     * @param cpus     two or more
     * @param machine  as in {@link Latencies}
     * @param progress gets the number of pairs that are done
     * @throws NativeCallException if the kernel does not let a thread on one of the CPUs
     */
    public static Latencies measure(CpuSet cpus, String machine, IntConsumer progress) throws InterruptedException {
        int[] all = cpus.toArray();
        Latencies found = new Latencies(new Matrix(all), new Matrix(all), machine);
        PingPong pair = new PingPong();
        long end = System.nanoTime() + WARM_UP_NANOS;
        do {
            pair.rounds(all[0], all[1], false);
            pair.rounds(all[0], all[1], true);
        } while (System.nanoTime() - end < 0);
        int done = 0;
        for (int a = 0; a < all.length; a++) {
            for (int b = a + 1; b < all.length; b++) {
                found.oneLine().set(a, b, pair.rounds(all[a], all[b], false));
                found.twoLines().set(a, b, pair.rounds(all[a], all[b], true));
                progress.accept(++done);
            }
        }
        return found;
    }

    /** @return nanoseconds of one way, for each round */
    private double[] rounds(int a, int b, boolean twoLines) throws InterruptedException {
        WORDS.setVolatile(words, WORD, 0L);
        WORDS.setVolatile(words, PING, 0L);
        WORDS.setVolatile(words, PONG, 0L);
        bind(a);
        Partner partner = new Partner(b, twoLines);
        Thread thread = Thread.ofPlatform().daemon().name("c2c-partner").start(partner);
        partner.bound.await();
        if (partner.refused != null) {
            throw partner.refused;
        }
        double[] nanos = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long begin = System.nanoTime();
            if (twoLines) {
                pingTwoLines(words, (long) round * TRIPS);
            } else {
                pingOneLine(words);
            }
            nanos[round] = (System.nanoTime() - begin) / (2.0 * TRIPS);
        }
        thread.join();
        return nanos;
    }

    private static void bind(int cpu) {
        NativeCallException.check("sched_setaffinity to CPU " + cpu, Natives.setAffinity(0, CpuSet.of(cpu).toMask()));
    }

    /** Knows whether it is bound before anybody waits for its answers. */
    private final class Partner implements Runnable {
        private final CountDownLatch bound = new CountDownLatch(1);
        private final int cpu;
        private final boolean twoLines;
        private NativeCallException refused;

        Partner(int cpu, boolean twoLines) {
            this.cpu = cpu;
            this.twoLines = twoLines;
        }

        @Override
        public void run() {
            try {
                bind(cpu);
            } catch (NativeCallException e) {
                refused = e;
                return;
            } finally {
                bound.countDown();
            }
            for (int round = 0; round < ROUNDS; round++) {
                if (twoLines) {
                    pongTwoLines(words, (long) round * TRIPS);
                } else {
                    pongOneLine(words);
                }
            }
        }
    }

    private static void pingOneLine(long[] words) {
        for (int trip = 0; trip < TRIPS; trip++) {
            while (!WORDS.compareAndSet(words, WORD, 0L, 1L)) {
                // the other's turn
            }
        }
        while ((long) WORDS.getAcquire(words, WORD) != 0) {
            // the last answer belongs to the round
        }
    }

    private static void pongOneLine(long[] words) {
        for (int trip = 0; trip < TRIPS; trip++) {
            while (!WORDS.compareAndSet(words, WORD, 1L, 0L)) {
                // the other's turn
            }
        }
    }

    private static void pingTwoLines(long[] words, long from) {
        for (long trip = from; trip < from + TRIPS; trip++) {
            WORDS.compareAndSet(words, PING, trip, trip + 1);
            while ((long) WORDS.getAcquire(words, PONG) == trip) {
                // until the other has followed
            }
        }
    }

    private static void pongTwoLines(long[] words, long from) {
        for (long trip = from; trip < from + TRIPS; trip++) {
            while ((long) WORDS.getAcquire(words, PING) == trip) {
                // until the other has gone ahead
            }
            WORDS.compareAndSet(words, PONG, trip, trip + 1);
        }
    }
}
