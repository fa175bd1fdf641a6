package dev.pinion.blocking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.Blocking;
import dev.pinion.G;
import dev.pinion.Scheduler;
import dev.pinion.SchedulerStats;
import dev.pinion.SchedulerStats.OfP;
import dev.pinion.Syscalls;
import java.io.FileInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@link Scheduler#stats} and the trace say of blocks. */
@Timeout(120)
class StatsTest {
    @TempDir
    Path directory;

    @Test
    void anAnnouncedBlockCountsOnceHoweverNested() throws Exception {
        SchedulerStats stats;
        do {
            stats = ofOneNestedBlock();
        } while (stats.ps().get(0).takenBySlice() != 0); // a machine so busy that the slice was over before the block: once more
        OfP p = stats.ps().get(0);
        assertEquals(1, p.blocksAnnounced());
        assertEquals(1, p.handOffs(), "there was somebody to run");
        assertEquals(1, p.returnsWithP() + p.returnsWithoutP());
        assertEquals(0, p.blocksFound());
        assertEquals(1, stats.blocked().count());
        assertEquals(1, stats.blockToNextG().count());
        assertTrue(stats.blockToNextG().maxNanos() <= stats.blocked().maxNanos() * 17 / 16, "the other G ended the block: " + stats);
    }

    private static SchedulerStats ofOneNestedBlock() throws Exception {
        try (Scheduler scheduler = Scheduler.builder().gomaxprocs(1).unpinned().build()) {
            scheduler.go(() -> {
                CountDownLatch ran = new CountDownLatch(1);
                scheduler.go(ran::countDown);
                Blocking.run(() -> Blocking.run(() -> {
                    while (ran.getCount() != 0) {
                        Thread.onSpinWait();
                    }
                }));
            }).get();
            return scheduler.stats();
        }
    }

    @Test
    void aLoneBlockHandsNothingOver() throws Exception {
        try (Scheduler scheduler = Scheduler.builder().gomaxprocs(1).unpinned().build()) {
            scheduler.go(() -> {
                Syscalls.nanosleep(3_000_000);
                return null;
            }).get();
            SchedulerStats stats = scheduler.stats();
            OfP p = stats.ps().get(0);
            assertEquals(1, p.blocksAnnounced());
            assertEquals(0, p.handOffs());
            assertEquals(1, p.returnsWithP());
            assertEquals(0, stats.blockToNextG().count(), "nobody waited");
            assertTrue(stats.blocked().p50Nanos() >= 3_000_000, stats.toString());
        }
    }

    @Test
    void aBlockThatNobodyAnnouncedIsFoundBySysmon() throws Exception {
        String path = Fifo.make(directory, "fifo");
        try (Scheduler scheduler = Scheduler.builder().gomaxprocs(1).unpinned().build()) {
            CountDownLatch ran = new CountDownLatch(1);
            G<?> opener = scheduler.go(() -> {
                scheduler.go(ran::countDown);
                new FileInputStream(path).close(); // waits for a writer
                return null;
            });
            ran.await();
            OfP during = scheduler.stats().ps().get(0);
            Fifo.await(() -> scheduler.stats().ps().get(0).msWithoutP() == 1);
            Syscalls.close(Syscalls.open(path, Fifo.O_WRONLY, 0));
            opener.get();
            assertTrue(during.takenBySysmon() + during.takenBySlice() >= 1, during.toString());
            assertEquals(during.takenBySysmon(), during.blocksFound());
            Fifo.await(() -> scheduler.stats().ps().get(0).msWithoutP() == 0);
            Fifo.await(() -> scheduler.stats().ps().get(0).ranWithoutP() >= 1); // when its M is back in the scheduler
            Fifo.await(() -> scheduler.stats().blocked().count() >= during.takenBySysmon());
        }
    }

    /** Four Ps, Gs that block and yield, and threads that take Ps from under them: what must be equal is. */
    @Test
    void theCountsAddUp() throws Exception {
        int gs = 32;
        int rounds = 400;
        try (Scheduler scheduler = Scheduler.builder().gomaxprocs(4).unpinned().threadNamePrefix("counted").build()) {
            AtomicBoolean over = new AtomicBoolean();
            AtomicLong took = new AtomicLong();
            AtomicLong called = new AtomicLong();
            List<Thread> takers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                takers.add(Thread.ofPlatform().start(() -> {
                    while (!over.get()) {
                        took.addAndGet(scheduler.takeP(ThreadLocalRandom.current().nextInt(4)) ? 1 : 0);
                        Thread.yield();
                    }
                }));
            }
            List<G<?>> running = new ArrayList<>();
            for (int i = 0; i < gs; i++) {
                running.add(scheduler.go(() -> {
                    for (int n = 0; n < rounds || took.get() == 0; n++) {
                        Blocking.run(Thread::onSpinWait);
                        called.incrementAndGet();
                        Thread.yield(); // an M without a P ends here at the latest
                    }
                }));
            }
            for (G<?> g : running) {
                g.get();
            }
            over.set(true);
            for (Thread taker : takers) {
                taker.join();
            }
            Fifo.await(() -> scheduler.stats().sum(OfP::msWithoutP) == 0);
            SchedulerStats stats = scheduler.stats();
            long announced = stats.sum(OfP::blocksAnnounced);
            long taken = stats.sum(OfP::takenOnRequest) + stats.sum(OfP::takenBySlice) + stats.sum(OfP::takenStalled)
                    + stats.sum(OfP::blocksFound);
            assertEquals(took.get(), stats.sum(OfP::takenOnRequest));
            assertEquals(taken, stats.sum(OfP::ranWithoutP), "each M learned once that it had lost its P");
            assertEquals(announced, stats.sum(OfP::returnsWithP) + stats.sum(OfP::returnsWithoutP));
            assertEquals(announced + stats.sum(OfP::blocksFound), stats.blocked().count());
            long calls = called.get();
            assertTrue(announced <= calls && calls - announced <= taken, "only an M without a P has nothing to announce: " + stats);
            long handOffs = stats.sum(OfP::handOffs);
            assertTrue(handOffs >= taken && handOffs - taken <= announced, stats.toString());
            assertTrue(stats.blockToNextG().count() <= handOffs - taken + stats.sum(OfP::blocksFound), stats.toString());
            Fifo.await(() -> threads("counted-P") == made(scheduler));
        }
    }

    private static long threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().startsWith(prefix)).count();
    }

    private static long made(Scheduler scheduler) {
        SchedulerStats stats = scheduler.stats();
        return stats.sum(OfP::msMade) - stats.sum(OfP::msEnded);
    }

    @Test
    void theTraceHasGosFieldsAndOursBehind() throws Exception {
        try (Scheduler scheduler = Scheduler.builder().gomaxprocs(2).unpinned().build()) {
            scheduler.go(() -> Blocking.run(Thread::onSpinWait)).get();
            Pattern line = Pattern.compile("SCHED \\d+ms: gomaxprocs=2 idleprocs=\\d+ threads=\\d+ spinningthreads=\\d+ needspinning=0 idlethreads=\\d+"
                    + " runqueue=\\d+ \\[ \\d+ \\d+ ] schedticks=\\[ \\d+ \\d+ ]"
                    + " announced=(\\d+) found=\\d+ handoffs=\\d+ slice=\\d+ stalled=\\d+ falsealarms=\\d+ withoutp=\\d+ nextg=\\d+/\\d+us lost=0/0/0");
            Matcher matcher = line.matcher(scheduler.schedTrace());
            assertTrue(matcher.matches(), scheduler.schedTrace());
            assertEquals("1", matcher.group(1));
            Pattern ofP = Pattern.compile("  P\\d: status=\\d schedtick=\\d+ syscalltick=\\d+ m=(nil|\\d+) runqsize=\\d+ gfreecnt=\\d+ timerslen=\\d+"
                    + " cpu=-1 rehomed=0 announced=\\d+ handoffs=\\d+ tripwire=\\d+ sysmon=\\d+ slice=\\d+ stalled=\\d+ request=\\d+ falsealarms=\\d+"
                    + " returns=\\d+/\\d+ ranwithoutp=\\d+ mmade=\\d+ mparked=\\d+ mended=\\d+ mwithoutp=\\d+ nextg=\\d+/\\d+us blocked=\\d+/\\d+us");
            String detail = scheduler.schedTraceDetail();
            assertEquals(2, detail.lines().filter(ofP.asMatchPredicate()).count(), detail);
        }
    }
}
