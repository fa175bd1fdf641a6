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
    /** Race 3, F2 before F1: looks for more work while it is still counted as spinning. */
    CHAIN_LOOKS_BEFORE_LOWERING,
    /** Race 3, F2: does not look at what lies in the runnext of others. */
    CHAIN_WITHOUT_RUNNEXT,
    /** An M goes idle without standing in its slot. */
    NEVER_OFFERED,
    /** Race 4: the sleeper clears its futex word when it may have been picked already. */
    FUTEX_CLEARED_LATE,
    /** A P that goes dead wakes nobody for the Gs it leaves to the global queue. */
    RETIRE_WITHOUT_WAKE,
    /** A timer: who added it reads the word, and its own store may still be on the way. */
    HOLDS_WITHOUT_FENCE,
    /** A timer: who added it believes its own field that says it holds a P. */
    HOLDS_BY_FIELD,
    /** A timer: who holds no P looks whether that P sleeps, with no fence between. */
    TIMER_ADDED_WITHOUT_FENCE,
    /** A timer: who holds no P leaves it there. */
    TIMER_FROM_OUTSIDE_WAKES_NOBODY,
    /** A timer: an M reads the deadline to sleep until before it puts its P to sleep. */
    DEADLINE_READ_EARLY,
    /** An announced block without a second look once the P is idle. */
    BLOCK_WITHOUT_LOOK,
    /** The same, and it is only the timers that are not looked at. */
    BLOCK_WITHOUT_LOOK_AT_TIMERS,
    /** An announced block makes the P idle though a G lies in runnext. */
    BLOCK_FORGETS_RUNNEXT,
    /** Back from an announced block: takes the P for idle by its word, without the ticket. */
    UNBLOCK_WITHOUT_TICKET,
    /** A P that goes dead takes its timers to P0 and leaves its own heap open. */
    RETIRE_LEAVES_THE_HEAP_OPEN,
    /** A P that goes dead takes its timers to P0 and does not wake it. */
    RETIRE_WAKES_NOBODY_FOR_TIMERS,
    /** A P that comes back is not looked at for timers that were added while it had no ticket. */
    REVIVE_WITHOUT_LOOK_AT_TIMERS,
    /** sysmon passes over a G that stays in runnext. */
    SYSMON_SEES_NO_RUNNEXT,
    /** sysmon passes over timers that are due. */
    SYSMON_SEES_NO_TIMERS,
    /** sysmon takes no P whose slice is over. */
    SYSMON_TAKES_NOTHING,
    /** sysmon says that it sleeps deeply and does not look once more whether every P is idle. */
    SYSMON_SLEEPS_AT_ONCE,
    /** A P is started and sysmon sleeps on. */
    SYSMON_SLEEPS_ON,
    /** sysmon takes no P that is in a call. */
    SYSMON_PASSES_CALLS,
    /** Race 8, M4: the P was taken in the call, and the G runs on. */
    UNBLOCK_IGNORES_FAILURE,
    /** Race 8, M3: stores RUNNING whatever the word says. */
    UNBLOCK_BY_STORE,
    /** Back from a call without a P: the G goes to the global queue, and nobody is woken for it. */
    UNMOUNT_WITHOUT_WAKE,
    /** Race 10, L1: stores ASLEEP over what may be GIVEN by now. */
    ALARM_CLEARED_BY_STORE,
    /** Race 10, L2: the spare stands in its slot while it takes the P. */
    ALARM_WITHOUT_WITHDRAWAL,
    /** Race 10, L2: a giver has the spare, and it takes the P all the same. */
    ALARM_IGNORES_GIVER,
    /** Race 10, L4: takes the P whatever its word is. */
    ALARM_TAKES_BLINDLY,
    /** Race 10, L5: after a false alarm the spare sleeps on outside its slot. */
    ALARM_FORGETS_THE_OFFER,
    /** Race 10, A4: the tripwire stores ALARM over what may be GIVEN. */
    ALARM_OVER_GIVEN,
    /** Race 4, G3 by CAS from ASLEEP: what says ALARM stays so. */
    GIVEN_ONLY_TO_SLEEPERS,
    /** Race 12, G4: wakes only who sleeps on a futex. */
    GIVER_WRITES_NO_EVENT,
    /** Race 12: the wake event comes by edge, so that another's look takes it. */
    WAKE_EVENT_BY_EDGE,
    /** Race 12, E4 after E5: reads what may be the next sleeper's wake event. */
    DRAIN_AFTER_THE_END,
    /** Race 12: a sleeper that leaves without a P goes to its futex, and nobody sleeps in the epoll. */
    SLEEPER_LEAVES_SILENTLY,
    /** Race 12: the same, if a mere time-out has ended its sleep. */
    SLEEPER_LEAVES_SILENTLY_AFTER_A_TIME_OUT,
    /** Netpoll, I3 before I2: whether anybody waits is read before the P is idle. */
    CLAIM_WITHOUT_LOOK_AFTER_IDLE,
    /** Netpoll, W4: a G whose M has lost its P begins to wait, and wakes nobody. */
    WAIT_WITHOUT_A_P_WAKES_NOBODY,
    /** Netpoll, W1 after W2: who is counted late can be counted out before. */
    COUNTED_AFTER_IT_CAN_BE_FOUND,
    /** An announced block makes the P idle, and nobody sleeps in the epoll. */
    BLOCK_LEAVES_THE_NETWORK,
    /** A P that comes back while nobody sleeps in the epoll stays idle. */
    REVIVE_WITHOUT_LOOK_AT_THE_NETWORK
}
