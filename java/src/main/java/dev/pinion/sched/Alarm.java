package dev.pinion.sched;

import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedMemory;
import dev.pinion.observe.Cause;
import dev.pinion.observe.Recorder;

/**
 * The answer to a tripwire's alarm, by the M it has woken. That M comes out of native code, where the JVM holds it while there is a pause, and looks for
 * itself whether the holder of the P is asleep, and in what: what the tripwire saw is some microseconds old.
 *
 * <p>It does not ask whether anybody waits for the P. Without work the P goes idle under it, which is what whoever brings work looks for; left RUNNING under a
 * sleeping M it would be found by sysmon alone, 10 ms later. A lone G that blocks again and again pays for that once: it runs on without the P.
 */
final class Alarm {
    private Alarm() {}

    /** On {@code self}, an idle M that nobody else can pick. @return the new epoch of the P, which the M then owns in SCHED; -1: a false alarm */
    static long take(M self) {
        P p = self.home;
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
        M m = p.holderAt(word);
        Taken taken = m == null || Recorder.current() == null ? null : Taken.of(p, m, word, Cause.TRIPWIRE);
        Object event = Recorder.handOffBegins();
        if (m != null) {
            m.foundSince = since;
        }
        long epoch = PWord.transitionTake(p.word, word);
        if (epoch < 0) {
            p.counters.falseAlarm();
            return -1;
        }
        p.counters.changesM(Cause.TRIPWIRE, since, event);
        p.counters.handedOff();
        HandOff.afterLoss(m, holder, Cause.TRIPWIRE);
        self.taken = taken; // told when it runs a G: not in SCHED
        return epoch;
    }
}
