package dev.pinion.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.nativelib.Boot;
import dev.pinion.nativelib.NativeCallException;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.vthread.VThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call that seldom blocks leaves its P in SYSCALL. */
@Timeout(60)
class SyscallStateTest {
    static {
        Boot.withLibrary();
    }

    private final Sched sched = new SchedSetup().gomaxprocs(1).unpinned(true).start();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    @AfterEach
    void end() {
        sched.lifetime().endNow(() -> {});
    }

    private void onAG(Runnable task) throws InterruptedException {
        Thread thread = VThreads.newThread(sched.pool(), "", false, () -> {
            try {
                task.run();
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        thread.start();
        thread.join();
        assertNull(failure.get());
    }

    @Test
    void sysmonTakesItForTheGThatWaits() throws Exception {
        CountDownLatch otherRan = new CountDownLatch(1);
        onAG(() -> {
            VThreads.newThread(sched.pool(), "", false, otherRan::countDown).start();
            M m = (M) VThreads.currentCarrier();
            P p = m.p;
            p.syscallTick++;
            assertTrue(PWord.transitionBlock(p.word, m.epoch));
            while (otherRan.getCount() != 0) {
                Thread.onSpinWait(); // in the kernel
            }
            assertFalse(PWord.transitionUnblock(p.word, m.epoch), "another M has it, or had it");
            m.p = null;
        });
    }

    @Test
    void aCallThatDoesNotBlockComesBackToRunning() throws Exception {
        onAG(() -> {
            M m = (M) VThreads.currentCarrier();
            P p = m.p;
            int before = p.syscallTick;
            assertEquals(-9, BlockingCalls.uninterruptible(SharedLayout.OP_CLOSE, -1, 0, 0, 0), "EBADF");
            assertEquals(before + 1, p.syscallTick, "it went through SYSCALL");
            assertTrue(PWord.isRunningAt(p.word, m.epoch));
        });
    }

    @Test
    void aLoneGThatBlocksWakesNobody() throws Exception {
        onAG(() -> {
            P p = ((M) VThreads.currentCarrier()).p;
            boolean announced = BlockingCalls.begin();
            assertTrue(sched.idle.contains(p.id), "whoever brings work finds the P");
            BlockingCalls.end(announced);
            assertEquals(0, p.counters.handOffs());
            assertTrue(((M) VThreads.currentCarrier()).seemsToHold(p));
        });
    }

    @Test
    void inAnAnnouncedBlockItHasNoPToPutThere() throws Exception {
        onAG(() -> {
            boolean announced = BlockingCalls.begin();
            assertTrue(announced);
            assertFalse(BlockingCalls.begin(), "the inner one has nothing to give");
            assertEquals(-9, BlockingCalls.uninterruptible(SharedLayout.OP_CLOSE, -1, 0, 0, 0), "EBADF");
            BlockingCalls.end(announced);
            M m = (M) VThreads.currentCarrier();
            assertTrue(m.seemsToHold(m.p));
        });
    }

    /** Its handle is somebody else's from then on: a list of calls to be ended must not keep it. */
    @Test
    void whoRefusesThatACallWaitsHearsOfItsEnd() {
        List<BlockedCall> list = new ArrayList<>();
        BlockingCalls.Watcher watcher = new BlockingCalls.Watcher() {
            @Override
            public boolean waits(BlockedCall call) {
                return !list.add(call);
            }

            @Override
            public void ended(BlockedCall call) {
                list.remove(call);
            }
        };
        assertEquals(-NativeCallException.EINTR, BlockingCalls.call(SharedLayout.OP_NANOSLEEP, watcher, 1, 0, 0, 0));
        assertEquals(List.of(), list);
    }
}
