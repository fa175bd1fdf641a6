package dev.pinion.model;

/** One deviation from the protocol, so that the explorer proves that it would see it. */
enum Mistake {
    /** Race 2, S2: a thread without a P pushes to the global queue and looks for idle Ps, with no fence between. */
    SUBMIT_WITHOUT_FENCE,
    /** Race 2, I3 after I5: looks at the queues while it is still counted as spinning. */
    LOOK_BEFORE_LOWERING,
    /** Race 2, I5 left out. */
    NO_LOOK_AFTER_IDLE,
    /** Race 2, I5: sees work, finds its own ticket gone, and sleeps. */
    LOST_TICKET_WITHOUT_WAKE,
    /** Race 1, M1: compares the word and then stores, in place of a CAS. */
    ENTER_BY_STORE,
    /** Race 1, T1: take leaves the epoch as it was. */
    TAKE_KEEPS_EPOCH,
    /** Neither take nor handOff raises the epoch. */
    TAKE_AND_HAND_OFF_KEEP_EPOCH,
    /** The ticket is looked at and cleared in two steps: two can win it. */
    TICKET_BY_STORE,
    /** Race 3: the waker wins the ticket first and raises the spinning count then. */
    RAISE_AFTER_TICKET,
    /** Race 3: the waker raises the spinning count when it has woken the M. */
    RAISE_AFTER_WAKE,
    /** Race 3, W2: a waker that found no ticket lowers the count and goes. */
    NO_LOOK_AFTER_LOWERING,
    /** Race 3, F2: who finds work wakes nobody else. */
    NO_CHAIN,
    /** An M goes idle without standing in its slot. */
    NEVER_OFFERED,
    /** Race 4: the sleeper clears its futex word when it may have been picked already. */
    FUTEX_CLEARED_LATE,
    /** A P that goes dead wakes nobody for the Gs it leaves to the global queue. */
    RETIRE_WITHOUT_WAKE
}
