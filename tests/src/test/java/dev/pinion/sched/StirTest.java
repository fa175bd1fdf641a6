package dev.pinion.sched;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.nativelib.Boot;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.nativelib.SharedMemory;
import dev.pinion.timer.Timer;
import dev.pinion.vthread.VThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A timer is overdue on a core where others compute: an idle M of that core is woken, not the one that waits for the timers. */
@Timeout(60)
class StirTest {
    private static final int ROUNDS = 20;
    private static final long OVERDUE_NANOS = 1_000_000_000;
    private static final long PATIENCE_NANOS = 3_000_000_000L;

    static {
        Boot.withLibrary();
    }

    private final Sched sched = new SchedSetup().gomaxprocs(1).unpinned(true).start();
    private final P p = sched.allPs()[0];
    private final Retake retake = new Retake(sched, Retake.Mode.OFF, sched.slice());

    @AfterEach
    void end() {
        sched.lifetime().endNow(() -> {});
    }

    /** Of the M in that slot. No method here has an M in its signature: JUnit looks at them before the library is there that this class needs. */
    private long switches(int slot) throws IOException {
        Path status = Path.of("/proc/self/task/" + SharedMemory.intAcquire(p.idleSlots[slot].memory + SharedLayout.M_TID) + "/status");
        return Files.readAllLines(status).stream().filter(line -> line.startsWith("voluntary_ctxt_switches:"))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip())).findFirst().orElseThrow();
    }

    /** The P is taken from the M of a G that computes, so that it has two, and both are idle then. */
    @BeforeEach
    void makeSpare() {
        AtomicBoolean taken = new AtomicBoolean();
        VThreads.newThread(sched.pool(), "", false, () -> {
            while (!taken.get()) {
                Thread.onSpinWait();
            }
        }).start();
        while (!sched.takeP(0)) {
            pause();
        }
        taken.set(true);
    }

    /** The test's time-out interrupts. */
    private static void pause() {
        Thread.onSpinWait();
        assertFalse(Thread.currentThread().isInterrupted(), "it takes too long");
    }

    /** The P is idle, with the M that sleeps with it, and a spare, which is made again if there are more than wanted for a while, and all but one end. */
    private int awaitSpare() {
        long begun = System.nanoTime();
        while (true) {
            if (System.nanoTime() - begun > PATIENCE_NANOS) {
                makeSpare();
                begun = System.nanoTime();
            }
            int sleeper = p.sleeperSlot;
            for (int i = 0; i < p.idleSlots.length; i++) {
                if (p.idleSlots[i] != null && i != sleeper && sleeper >= 0 && p.offersIdle(p.idleSlots[i])
                        && p.idleSlots[sleeper] != null && p.offersIdle(p.idleSlots[sleeper])) {
                    return i;
                }
            }
            pause();
        }
    }

    /** How often it must look until the spare has been on the CPU. */
    private void look(int spare, boolean shared) throws IOException {
        long before = switches(spare);
        while (switches(spare) == before) {
            retake.look(p, p.schedTick, shared, System.nanoTime());
            pause();
        }
    }

    @Test
    void aSpareIsWokenWhereTheTimersAreOverdueAndOthersCompute() throws IOException {
        int spare = awaitSpare();
        p.timers.add(new Timer(System.nanoTime() - OVERDUE_NANOS, () -> {})); // the sleeper does not know of it
        look(spare, true);
        awaitSpare(); // it sleeps again
    }

    /** In most rounds: a spare also wakes by itself, every two seconds. */
    @Test
    void nobodyIsWokenWhereTheyAreNot() throws IOException {
        int woken = 0;
        for (int i = 0; i < ROUNDS; i++) {
            int spare = awaitSpare();
            int sleeper = p.sleeperSlot;
            long before = switches(spare);
            retake.look(p, p.schedTick, true, System.nanoTime());
            p.timers.add(new Timer(System.nanoTime() - OVERDUE_NANOS, () -> {}));
            retake.look(p, p.schedTick, false, System.nanoTime());
            long slept = switches(sleeper);
            p.idleSlots[sleeper].nudge(); // after the spare would have been
            while (switches(sleeper) == slept) {
                pause();
            }
            woken += switches(spare) == before ? 0 : 1;
        }
        assertTrue(woken < ROUNDS, "each time");
    }
}
