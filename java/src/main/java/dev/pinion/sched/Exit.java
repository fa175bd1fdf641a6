package dev.pinion.sched;

import dev.pinion.nativelib.Natives;
import dev.pinion.vthread.AtExit;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The end of the JVM: sleeping Ms leave native code, for whose threads the JVM would wait 300 ms, and park where it does not wait. By then
 * the application's own shutdown hooks have run, on Gs too. And the tripwires end, which would hold up the end of the process.
 */
final class Exit implements Runnable {
    private static final long PATIENCE_NANOS = 2_000_000;
    private static final long LOOK_NANOS = 50_000;
    private static final CopyOnWriteArrayList<Sched> SCHEDS = new CopyOnWriteArrayList<>();
    private static final AtomicInteger OUT = new AtomicInteger();
    private static volatile boolean begun;

    private Exit() {}

    /** By each scheduler at its start. */
    static void watch(Sched sched) {
        synchronized (SCHEDS) {
            if (SCHEDS.isEmpty()) {
                AtExit.run(new Exit());
            }
            SCHEDS.add(sched);
        }
    }

    static boolean begun() {
        return begun;
    }

    /** By the JVM at its end. */
    @Override
    public void run() {
        begun = true;
        int sleeping = 0;
        for (Sched sched : SCHEDS) {
            sleeping += 1 + sched.lockedMs.all.asleep();
            for (P p : sched.allPs()) {
                sleeping += p.idleMs();
            }
            sched.sysmon.wake();
            sched.sysmon.endAll();
        }
        long start = System.nanoTime();
        for (Sched sched : SCHEDS) {
            while (!sched.sysmon.hasEndedTripwires() && System.nanoTime() - start < Tripwires.END_NANOS + PATIENCE_NANOS) {
                Natives.futexWait(sched.sysmon.nap(), 0, LOOK_NANOS);
            }
        }
        while (OUT.get() < sleeping && System.nanoTime() - start < PATIENCE_NANOS) {
            Natives.schedYield();
        }
    }

    /** By an M or sysmon that {@link #begun} concerns; does not return. */
    static void stayOutOfTheWay() {
        OUT.incrementAndGet();
        while (true) {
            LockSupport.park();
        }
    }
}
