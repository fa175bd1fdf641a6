package dev.pinion.sched;

/**
 * A P with nothing to run goes to sleep. The order is the protocol (essay: {@code native/pinion.h}, "submit and idle"): publish, lower
 * the spinning count, and only then look at every queue again.
 */
final class Idle {
    private Idle() {}

    /** With the P in SCHED. On return the M has no P, or has it again because work was found. */
    static void sleep(M m) {
        P p = m.p;
        Sched s = m.sched;
        boolean wasSpinning = m.spinning;
        if (p.idleSpin.spinsOn(s.quota, System.nanoTime()) && !s.closed && !p.retired) {
            return;
        }
        long epoch = m.epoch;
        p.queue.forget();
        s.plainThreads.tidy(p);
        m.prepareSleep();
        PWord.transitionIdle(p.word, epoch);
        s.idle.add(p.id); // full fence
        if (wasSpinning) {
            m.spinning = false;
            s.spinning.decrementAndGet(); // full fence: pairs with the submitter's between push and look
        }
        if (!p.retired && !s.wants(p)) {
            return;
        }
        if (s.idle.tryTake(p.id)) {
            boolean spin = !p.retired;
            if (spin) {
                s.spinning.incrementAndGet();
            }
            m.resume(spin);
        } else {
            // Somebody has this P, perhaps to take it out of service: what was seen may be nobody's but ours to report (found by the model).
            s.wake(p.id);
        }
    }
}
