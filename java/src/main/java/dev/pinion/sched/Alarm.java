package dev.pinion.sched;

import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedMemory;

/**
 * The answer to a tripwire's alarm, by the M it has woken. That M comes out of native code, where the JVM holds it while there is a pause, and looks for
 * itself whether the holder of the P is asleep, and in what: what the tripwire saw is some microseconds old.
 */
final class Alarm {
    private Alarm() {}

    /** On an idle M that nobody else can pick. @return the new epoch of the P, which the M then owns in SCHED; -1: a false alarm */
    static long take(P p) {
        long word = SharedMemory.longAcquire(p.alarm);
        if (word == 0 || SharedMemory.longAcquire(p.word) != word) {
            return -1;
        }
        SharedMemory.setLongRelease(p.alarm, 0);
        long holder = SharedMemory.longAcquire(p.holder);
        int in = Natives.blockedIn(holder);
        if (in <= 0 || JvmWaits.possible(in)) {
            return -1;
        }
        long epoch = PWord.transitionTake(p.word, word);
        if (epoch >= 0) {
            HandOff.afterLoss(p, holder, Loss.BLOCKED);
        }
        return epoch;
    }
}
