package dev.pinion.sched;

import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedMemory;
import dev.pinion.observe.Cause;

/**
 * The answer to a tripwire's alarm, by the M it has woken. That M comes out of native code, where the JVM holds it while there is a pause, and looks for
 * itself whether the holder of the P is asleep, and in what: what the tripwire saw is some microseconds old.
 *
 * <p>It does not ask whether anybody waits for the P. Without work the P goes idle under it, which is what whoever brings work looks for; left RUNNING under a
 * sleeping M it would be found by sysmon alone, 10 ms later. A lone G that blocks again and again pays for that once: it runs on without the P.
 */
final class Alarm {
    private Alarm() {}

    /** For an idle M of the P that nobody else can pick. @return the new epoch of the P, which the M then owns in SCHED; -1: a false alarm */
    static long take(P p) {
        long since = System.nanoTime();
        long word = SharedMemory.longAcquire(p.alarm);
        if (word == 0) {
            return -1;
        }
        SharedMemory.setLongRelease(p.alarm, 0);
        long holder = SharedMemory.longAcquire(p.holder);
        int in = Natives.blockedIn(holder);
        if (in <= 0 || JvmWaits.possible(in) || SharedMemory.longAcquire(p.word) != word) {
            p.counters.falseAlarm();
            return -1;
        }
        long epoch = HandOff.seize(p, word, Cause.TRIPWIRE, since);
        if (epoch < 0) {
            p.counters.falseAlarm();
            return -1;
        }
        p.counters.handedOff();
        return epoch;
    }
}
