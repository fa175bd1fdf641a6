package dev.pinion.sched;

import dev.pinion.cpu.HostFiles;
import dev.pinion.cpu.Rehoming;
import dev.pinion.cpu.RunDelay;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.nativelib.SharedMemory;

/**
 * What others take from one P: how long its Ms waited for their core. All of them and not its holder alone, which changes with each
 * hand-over, and because what the Ms without the P run is to be told from what strangers run. By sysmon.
 */
final class CoreWatch {
    final P p;
    final Rehoming rule = new Rehoming();
    private final RunDelay delay;
    private long sampledNanos;
    private int lastTick;
    private long sustainedNanos;

    CoreWatch(P p, HostFiles host, long now) {
        this.p = p;
        delay = new RunDelay(host, now);
        sampledNanos = now;
        lastTick = p.schedTick;
    }

    /** Measures, unless the P did nothing since the last look: then it costs nothing. @param now {@code System.nanoTime()} */
    void look(long now) {
        int tick = p.schedTick;
        boolean busy = tick != lastTick || PWord.stateAcquire(p.word) != SharedLayout.STATE_IDLE;
        lastTick = tick;
        if (!busy) {
            sustainedNanos = rule.observe(0, sampledNanos, now);
            return;
        }
        for (M m : p.idleSlots) {
            if (m != null && !p.offersIdle(m)) {
                int tid = SharedMemory.intAcquire(m.memory + SharedLayout.M_TID);
                if (tid > 0) {
                    delay.add(tid);
                }
            }
        }
        long since = sampledNanos;
        sampledNanos = now;
        int permille = delay.sample(now);
        // An interval with an idle time in it says little of the rest.
        sustainedNanos = rule.observe(now - since > 3 * Rehomer.LOOK_NANOS ? 0 : permille, since, now);
    }

    /** For how long others have kept the P from its core, in nanoseconds; 0: they do not. */
    long sustainedNanos() {
        return sustainedNanos;
    }

    int delayPermille() {
        return delay.delayPermille();
    }

    int ownPermille() {
        return delay.runPermille();
    }

    void moved(long now) {
        rule.moved(now);
        sustainedNanos = 0;
    }

    void close() {
        delay.close();
    }
}
