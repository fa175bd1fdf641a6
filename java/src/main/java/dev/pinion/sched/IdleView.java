package dev.pinion.sched;

import dev.pinion.nativelib.SharedLayout;
import dev.pinion.nativelib.SharedMemory;

/** Which Ps were idle at one moment, to see later whether one of them has been started since: a start raises the epoch. By one thread. */
final class IdleView {
    private static final long BUSY = -1;

    private final Sched sched;
    private long[] words = {};

    IdleView(Sched sched) {
        this.sched = sched;
    }

    /** @return whether any P is idle, its ticket there to be taken */
    boolean take() {
        P[] ps = sched.allPs();
        if (words.length != ps.length) {
            words = new long[ps.length];
        }
        boolean any = false;
        for (int i = 0; i < ps.length; i++) {
            words[i] = idleWord(ps[i]);
            any |= words[i] != BUSY;
        }
        return any;
    }

    /** All that were idle have been since. */
    boolean isUnchanged() {
        P[] ps = sched.allPs();
        for (int i = 0; i < words.length; i++) {
            if (words[i] != BUSY && idleWord(ps[i]) != words[i]) {
                return false;
            }
        }
        return true;
    }

    private long idleWord(P p) {
        long word = SharedMemory.longAcquire(p.word);
        return PWord.stateOf(word) == SharedLayout.STATE_IDLE && sched.idle.contains(p.id) ? word : BUSY;
    }

    /** As {@code P1, P3}. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < words.length; i++) {
            if (words[i] != BUSY) {
                out.append(out.isEmpty() ? "P" : ", P").append(i);
            }
        }
        return out.toString();
    }
}
