package dev.pinion.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pinion.cpu.CpuSet;
import dev.pinion.nativelib.Boot;
import dev.pinion.nativelib.Natives;
import dev.pinion.vthread.VThreads;
import java.util.concurrent.SynchronousQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The M of a locked G is bound to the core of the P that serves it: its home, or another while that is out of service. */
@Timeout(120)
class LodgingTest {
    static {
        Boot.withLibrary();
    }

    private Sched sched;

    private final SynchronousQueue<Integer> calls = new SynchronousQueue<>();
    private final SynchronousQueue<Integer> answers = new SynchronousQueue<>();

    @AfterEach
    void end() {
        if (sched != null) {
            sched.lifetime().endNow(() -> {});
        }
    }

    /** A G that says on which CPU it may run, when it is called. */
    private void report() {
        try {
            OsThread.lock();
            int tid = Natives.gettid();
            answers.put(((M) VThreads.currentCarrier()).home.id);
            while (calls.take() != 0) {
                Thread.sleep(1); // another turn, if the call came while the last one lasted
                long[] mask = new long[16];
                Natives.getAffinity(0, mask);
                assertEquals(tid, Natives.gettid());
                answers.put(CpuSet.ofMask(mask).size() == 1 ? CpuSet.ofMask(mask).first() : -1);
            }
            OsThread.unlock();
            Thread.yield();
            answers.put(((M) VThreads.currentCarrier()).home.id);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private int cpu() throws InterruptedException {
        calls.put(1);
        return answers.take();
    }

    @Test
    void anMOfAPThatIsGoneLodgesWithAnother() throws Exception {
        long[] mask = new long[16];
        Natives.getAffinity((int) ProcessHandle.current().pid(), mask);
        assumeTrue(CpuSet.ofMask(mask).size() > 1, "one CPU: all Ps are on it");
        sched = new SchedSetup().gomaxprocs(2).name("lodging").threadPrefix("lodging").start();
        sched.keepHomes(null);
        sched.eachSecond(() -> {});
        int id;
        do { // until one is at home on P1
            VThreads.newThread(sched.pool(), "", false, this::report).start();
            id = answers.take();
            if (id == 0) {
                calls.put(0);
                answers.take();
            }
        } while (id == 0);
        assertNotEquals(sched.cpuOf(0), sched.cpuOf(1));
        assertEquals(sched.cpuOf(1), cpu());
        sched.setProcsByHand(1);
        assertEquals(sched.cpuOf(0), cpu());
        assertEquals(sched.cpuOf(0), cpu());
        sched.setProcsByHand(2);
        assertEquals(sched.cpuOf(1), cpu());
        sched.setProcsByHand(1);
        assertEquals(sched.cpuOf(0), cpu());
        calls.put(0);
        assertEquals(0, answers.take(), "unlocked, it runs on an M of the P there is");
        assertNull(answers.poll());
    }
}
