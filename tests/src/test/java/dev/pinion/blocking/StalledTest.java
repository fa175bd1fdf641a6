package dev.pinion.blocking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pinion.G;
import dev.pinion.Scheduler;
import dev.pinion.SchedulerStats.OfP;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A real-time thread has the core of a P. It has it for less than the kernel lets it (950 ms of each second by default), so nothing else runs
 * there as long as it lives.
 */
@Timeout(120)
class StalledTest {
    private static final String HOG_SECONDS = "0.6";
    /** Where every core has a P, sysmon itself may be on the one that is taken, and then sees it only when the hog has gone. */
    private static final int ROUNDS = 20;
    private static final int MOST_SPOILT = 20;
    private static final int BEHIND = 20;
    private static final long PROMPT_MILLIS = 100;

    /** It ends by itself, whatever becomes of this process. */
    private static Process hogOn(String cpu) throws Exception {
        return new ProcessBuilder("timeout", HOG_SECONDS, "taskset", "-c", cpu, "chrt", "-f", "1", "sh", "-c", "while :; do :; done").inheritIO().start();
    }

    private static void assumeRealTimeIsAllowed() throws Exception {
        Process process = new ProcessBuilder("chrt", "-f", "1", "true").redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes()).strip();
        assumeTrue(process.waitFor() == 0, "no thread of SCHED_FIFO may be made here (root or RLIMIT_RTPRIO is needed): " + said);
        Path runtime = Path.of("/proc/sys/kernel/sched_rt_runtime_us");
        long micros = Files.exists(runtime) ? Long.parseLong(Files.readAllLines(runtime).getFirst()) : 950_000;
        assumeTrue(micros < 0 || micros >= 700_000, "real-time threads get only " + micros + " us of each period here");
    }

    private static String allowed() throws Exception {
        for (String line : Files.readAllLines(Path.of("/proc/thread-self/status"))) {
            if (line.startsWith("Cpus_allowed_list:")) {
                return line.substring(line.indexOf(':') + 1).strip();
            }
        }
        throw new AssertionError("no Cpus_allowed_list");
    }

    /** On a G: as in {@code P1}. */
    private static String ownP() {
        Matcher matcher = Pattern.compile("-(P\\d+)-M").matcher(Thread.currentThread().toString());
        assertTrue(matcher.find(), Thread.currentThread().toString());
        return matcher.group(1);
    }

    private static String cpuOf(Scheduler scheduler, String p) {
        Matcher matcher = Pattern.compile(" " + p + ": .* cpu=(\\d+)").matcher(scheduler.schedTraceDetail());
        assertTrue(matcher.find());
        return matcher.group(1);
    }

    @Test
    void whatWaitsThereIsServedByAnotherP() throws Exception {
        assumeRealTimeIsAllowed();
        assumeTrue(!allowed().matches("\\d+"), "one CPU: there is no other P");
        List<Long> millis = new ArrayList<>();
        int spoilt = 0;
        try (Scheduler scheduler = Scheduler.builder().gomaxprocs(2).slice(0).build()) {
            do {
                long took = new Round(scheduler).run();
                if (took >= 0) {
                    millis.add(took);
                } else {
                    assumeTrue(++spoilt < MOST_SPOILT, "others keep the cores so busy here that no hog is needed");
                }
            } while (millis.isEmpty() || millis.getLast() > PROMPT_MILLIS && millis.size() < ROUNDS);
            assertTrue(scheduler.stats().sum(OfP::takenStalled) >= 1, scheduler.stats().toString());
            assertTrue(millis.getLast() <= PROMPT_MILLIS, "milliseconds it took: " + millis);
            bothPsRun(scheduler);
        }
    }

    /** Two Gs that compute until both do. */
    private static void bothPsRun(Scheduler scheduler) throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        List<G<?>> gs = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            gs.add(scheduler.go(() -> {
                both.countDown();
                while (both.getCount() != 0) {
                    Thread.onSpinWait();
                }
            }));
        }
        for (G<?> g : gs) {
            g.get();
        }
    }

    @Test
    void theOnlyPStaysWhereItIs() throws Exception {
        assumeRealTimeIsAllowed();
        try (Scheduler scheduler = Scheduler.builder().gomaxprocs(1).slice(0).build()) {
            CountDownLatch computes = new CountDownLatch(1);
            CountDownLatch hogIsOver = new CountDownLatch(1);
            G<?> computer = scheduler.go(() -> {
                scheduler.go(() -> {});
                computes.countDown();
                while (hogIsOver.getCount() != 0) {
                    Thread.onSpinWait();
                }
            });
            computes.await();
            hogOn(cpuOf(scheduler, "P0")).waitFor();
            hogIsOver.countDown();
            computer.get();
            assertEquals(0, scheduler.stats().sum(OfP::takenStalled));
        }
    }

    /** One P computes on under the hog, with Gs and a timer behind it; the other never has so little to do that it would steal. */
    private static final class Round {
        private final Scheduler scheduler;
        private final CountDownLatch ready = new CountDownLatch(1);
        private final CountDownLatch served = new CountDownLatch(BEHIND + 1);
        private final Queue<String> servers = new ConcurrentLinkedQueue<>();
        private volatile String busyP;
        private volatile String stalledP;
        private volatile boolean asleep;
        private volatile boolean over;

        Round(Scheduler scheduler) {
            this.scheduler = scheduler;
        }

        /** @return milliseconds from the hog's start until all was served; -1: that was so before it */
        long run() throws Exception {
            G<?> busy = scheduler.go(this::yieldOn);
            G<?> computer = scheduler.go(this::compute);
            ready.await();
            String other = busyP;
            Process hog = hogOn(cpuOf(scheduler, stalledP));
            try {
                if (served.getCount() == 0) {
                    return -1;
                }
                long start = System.nanoTime();
                boolean all = false;
                while (!all && hog.isAlive()) {
                    all = served.await(10, TimeUnit.MILLISECONDS);
                }
                long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                if (all) {
                    assertEquals(List.of(other), servers.stream().distinct().toList(), "not by the stalled one");
                }
                System.out.println("under a real-time thread: " + (all ? "served after " + took + " ms by " + other : "not served while it ran"));
                return all ? took : Long.MAX_VALUE;
            } finally {
                over = true;
                hog.waitFor();
                busy.get();
                computer.get();
                assertTrue(served.await(30, TimeUnit.SECONDS), scheduler.schedTraceDetail());
            }
        }

        private void yieldOn() {
            while (!over) {
                busyP = ownP();
                Thread.yield();
            }
        }

        private void compute() {
            scheduler.go(() -> {
                asleep = true;
                Thread.sleep(5);
                servers.add(ownP());
                served.countDown();
                return null;
            });
            while (!asleep || ownP().equals(busyP) || busyP == null) {
                if (asleep) {
                    Thread.onSpinWait(); // somebody takes the other G from behind this one
                } else {
                    Thread.yield();
                }
            }
            for (int i = 0; i < BEHIND; i++) {
                scheduler.go(() -> {
                    servers.add(ownP());
                    served.countDown();
                });
            }
            stalledP = ownP();
            ready.countDown();
            while (!over) {
                Thread.onSpinWait();
            }
        }
    }
}
