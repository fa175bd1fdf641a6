package dev.pinion.model;

/** Where a process stands: the step it takes next, with the one access to shared memory it makes. Named by the code's methods. */
enum Pc {
    UNBORN("is not born"),
    DONE("has ended"),

    // M.sleep, M.taken
    LOOK_FUTEX("sleep: read the futex word"),
    FUTEX_WAIT("sleep: FUTEX_WAIT compares"),
    SLEEP_RETIRED("sleep: read retired"),
    SLEEP_WHEN("sleep: read the deadline to sleep until"),
    ASLEEP("sleep: the timeout ends"),
    TIMEOUT_TICKET("sleep: on the timers' deadline, clear the own bit"),

    // Idle.sleep, M.prepareSleep
    IDLE_OFFER("prepareSleep: futex = 0, stand in the slot"),
    IDLE_WORD("idle: store IDLE"),
    IDLE_COUNT("idle: count++"),
    IDLE_BIT("idle: set the bit"),
    IDLE_LOWER("idle: spinning--"),
    IDLE_RETIRED("idle: read retired"),
    IDLE_TICKET("idle: clear the own bit"),
    IDLE_SPIN("idle: read retired again"),
    IDLE_CLEAR_FUTEX("idle: futex = 0"),
    LOOK_GLOBAL("look: size of the global queue"),
    LOOK_RING("look: size of a ring"),

    // M.resume
    RESUME_COUNT("resume: count--"),
    RESUME_RAISE("resume: spinning++"),
    RESUME_ACQUIRE("resume: IDLE -> SCHED, epoch + 1"),
    RESUME_WITHDRAW("resume: leave the slot"),

    // FindRunnable.next, Stealing.search
    FIND_RETIRED("next: read retired"),
    FIND_TIMERS("next: is a timer due?"),
    FIND_FIRED("next: timers fired; is a P idle?"),
    FIND_NEXT("next: poll runnext"),
    FIND_RING("next: poll the ring"),
    FIND_GLOBAL("next: a share of the global queue"),
    FIND_SEARCH("search: worth it?"),
    FIND_RAISE("search: spinning++"),
    FIND_STEAL("search: half of another ring"),
    FIND_STEAL_TIMERS("search: is a timer of another due?"),
    FIND_STOLEN_TIMERS("search: what fired, from the own queue"),
    FIND_PEEK_NEXT("search: peek at another's runnext"),
    FIND_STEAL_NEXT("search: CAS another's runnext"),
    FIND_GLOBAL_LAST("search: one of the global queue"),
    FIND_DUE("next: is a timer due now?"),
    FOUND_LOWER("found: spinning--"),
    CHAIN_GLOBAL("found: more in the global queue?"),
    CHAIN_RING("found: more in a ring?"),
    CHAIN_NEXT("found: more in another's runnext?"),
    RUN("run: store RUNNING"),

    // Network: who looks, who sleeps in the epoll
    FIND_NET("next: does anybody wait for the network?"),
    FIND_NET_LAST("next: the last P that is not idle?"),
    FIND_NET_RING("next: poll the ring once more"),
    NET_LOOK("look: take what is ready"),
    NET_DELIVER("deliver: the direction's state; its G"),
    NET_DELIVERED("deliver: more than one? fence"),
    NET_WAITS("claimsSleep: does anybody wait?"),
    NET_CLAIM("claimsSleep: are all Ps idle?"),
    NET_SLEEPER("claimsSleep: CAS the sleeper"),
    NET_POLLING("sleep: CAS futex ASLEEP -> POLLING"),
    NET_EPOLL("sleep: epoll_wait returns"),
    NET_BACK("sleep: CAS futex POLLING -> ASLEEP"),
    NET_DRAIN("sleep: read the wake event"),
    NET_END("sleep: sleeper = null"),
    NET_GIVEN("sleep: read the futex word"),
    NET_TICKET("sleep: clear the own bit"),
    NET_LEFT("sleeperLeft: fence, does anybody wait?"),
    NET_LEFT_SLEEPER("sleeperLeft: read the sleeper"),
    GIVE_EVENT("give: write the wake event"),
    NET_EVENT("a file descriptor is ready"),

    // SocketWaits.begin, Network.waitBegun, a G's park
    READ_COUNT("begin: waiting++, if the direction is not ready"),
    READ_BEGIN("begin: CAS the direction's state"),
    READ_HOLDS("waitBegun: stillHolds: fence, read the word"),
    READ_LACKS("waitBegun: read the sleeper"),
    READ_PARK("park: a permit, or PARKED"),

    // a G
    G_OP("G: its next act"),
    ENTER_STORE("enter: plain store of SCHED"),
    G_END("G: ends; enter"),
    LOSE("lose: futex = 0, stand in the slot"),

    // TimerHeap, Sched.schedule, M.stillHolds, Sched.timerAdded
    FIRE_POP("timers: pop one that is due"),
    FIRE_PUSH("timers: its G into runnext"),
    TIMER_ADD("schedule: add under the heap's lock"),
    TIMER_HOLDS("stillHolds: fence, read the word"),
    TIMER_LOOK("timerAdded: fence, read the deadline"),
    TIMER_TICKET("timerAdded: clear the P's bit"),
    TICK("the early deadlines pass"),

    // Sysmon
    SYSMON_LOOK("look: size of the global queue"),
    SYSMON_P("look: what waits at a P"),
    SYSMON_SLICE("look: is a slice over?"),
    SYSMON_TAKE("take: CAS from the word that was read"),
    SYSMON_ANY("look: wanted, a P idle, nobody spinning?"),
    SYSMON_SLEEP("sleep: are all Ps idle?"),
    SYSMON_SAY("sleep: deep = true"),
    SYSMON_AGAIN("sleep: still all idle?"),
    SYSMON_DEEP("sleep: deep"),

    // Submit
    SUBMIT_PUSH("submit: into runnext"),
    SUBMIT_PROCS("submit: read procs"),
    SUBMIT_LEAVE_ALONE("submit: store RUNNING, wake nobody"),
    SUBMIT_LEAVE("submit: store RUNNING, fence"),
    SUBMIT_ANY("submit: read the idle count"),
    FOREIGN_PUSH("submit: into the global queue, fence"),
    SUBMITTER_NEXT("submitter: the next one"),

    // Sched.wake
    WAKE_SPINNING("wake: read spinning"),
    WAKE_ANY("wake: read the idle count"),
    WAKE_RAISE("wake: CAS spinning 0 -> 1"),
    WAKE_MASK("wake: read the idle bits"),
    WAKE_TICKET("wake: clear a bit"),
    WAKE_TICKET_STORE("wake: clear the bit by a store"),
    WAKE_LOWER("wake: no ticket, spinning--"),
    WAKE_AGAIN("wake: read the idle bits again"),
    WAKE_SYSMON("wakeIfDeep: sysmon, if it sleeps deeply"),

    // HandOff.start, HandOff.give, M.give
    START_COUNT("start: count--"),
    START_RAISE("start: spinning++"),
    START_ACQUIRE("start: IDLE -> SCHED, epoch + 1"),
    HAND_OFF("give: store SCHED, epoch + 1"),
    POP_SLEEPER("popIdle: the one with the timers"),
    POP_ANY("popIdle: any"),
    GIVE_FUTEX("give: epoch, futex = 1"),
    GIVE_WAKE("give: FUTEX_WAKE"),
    GIVEN_RAISE("give: spinning++"),
    REQUEST("request: a new M"),

    // Machines.serve
    BIRTH_TAKE("serve: take a request"),
    BIRTH_START("serve: start a new M"),

    // HandOff.take
    TAKE("take: CAS RUNNING -> SCHED, epoch + 1"),

    // HandOff.beforeBlock, afterBlock
    BLOCK_RETIRED("beforeBlock: read retired"),
    BLOCK_QUEUE("beforeBlock: anything queued here?"),
    BLOCK_TIMERS("beforeBlock: any timer here?"),
    BLOCK_WORD("beforeBlock: store IDLE"),
    BLOCK_COUNT("beforeBlock: count++"),
    BLOCK_BIT("beforeBlock: set the bit"),
    BLOCK_AGAIN("beforeBlock: read retired again"),
    BLOCK_LOOK_TIMERS("beforeBlock: read the deadline"),
    BLOCK_NET("beforeBlock: read the sleeper"),
    BLOCK_LOOK_NET("beforeBlock: read the sleeper again"),
    BLOCK_TICKET("beforeBlock: clear the own bit"),
    BLOCKED("afterBlock: clear the own bit"),
    UNBLOCK_COUNT("afterBlock: count--"),
    UNBLOCK_ACQUIRE("afterBlock: IDLE -> SCHED, epoch + 1"),
    UNBLOCK_RUN("afterBlock: store RUNNING"),

    // BlockingCalls, and blocks that nobody announced
    STALLED("blocked, and nobody said so"),
    CALLING("back from the call: CAS SYSCALL -> RUNNING"),
    UNMOUNT("unmounts: into the global queue, fence"),

    // tripwire.c
    TRIP_LOOK("tripwire: read the word"),
    TRIP_PROOF("tripwire: read the holder: blocked?"),
    TRIP_AGAIN("tripwire: read the word again"),
    TRIP_ALARM("tripwire: alarm = the word"),
    TRIP_FUTEX("tripwire: CAS a futex word ASLEEP -> ALARM"),
    TRIP_WAKE("tripwire: FUTEX_WAKE"),

    // M.answersAlarm, Alarm.take
    ALARM_SEEN("taken: CAS the futex word ALARM -> ASLEEP"),
    ALARM_WITHDRAW("answersAlarm: leave the slot"),
    ALARM_READ("Alarm.take: read alarm"),
    ALARM_CLEAR("Alarm.take: alarm = 0"),
    ALARM_PROOF("Alarm.take: read the holder: blocked?"),
    ALARM_TAKE("Alarm.take: CAS from the word in alarm"),
    ALARM_OFFER("answersAlarm: stand in the slot again"),

    // Resize
    RESIZE_NEXT("resize: store procs"),
    MARK("resize: retired = true"),
    OUT_DEAD("takeOut: read the word, DEAD?"),
    OUT_TICKET("takeOut: clear its bit"),
    OUT_COUNT("takeOut: count--"),
    OUT_ACQUIRE("takeOut: IDLE -> SCHED, epoch + 1"),
    OUT_TAKE("takeOut: CAS RUNNING -> SCHED, epoch + 1"),
    RESIZED("resize: the next P"),
    REVIVE_UNMARK("revive: DEAD; retired = false"),
    REVIVE_REOPEN("revive: open the heap of timers"),
    REVIVE_WORD("revive: DEAD -> IDLE, epoch + 1"),
    REVIVE_COUNT("revive: count++"),
    REVIVE_BIT("revive: set the bit"),
    REVIVE_TIMERS("revive: read the deadline"),
    REVIVE_NET("revive: read the sleeper"),
    REVIVE_TICKET("revive: clear its bit"),
    RETIRE_LOWER("retire: spinning--"),
    RETIRE_NEXT("retire: poll runnext"),
    RETIRE_RING("retire: poll the ring"),
    RETIRE_PUSH("retire: into the global queue"),
    RETIRE_TIMERS("retire: close the heap of timers, empty it"),
    RETIRE_MOVE("retire: a timer to P0"),
    RETIRE_KILL("retire: store DEAD, epoch + 1, fence"),
    RETIRE_ADDED("retire: P0 has timers"),
    RETIRE_NUDGE("retire: wake those of its Ms that sleep in the epoll");

    private static final Pc[] ALL = values();

    final String text;

    Pc(String text) {
        this.text = text;
    }

    /** @param ordinal as a byte */
    static Pc of(int ordinal) {
        return ALL[ordinal & 0xff];
    }
}
