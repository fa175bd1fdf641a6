package dev.pinion.model;

/** Which room a step belongs to. */
final class Protocol {
    private Protocol() {}

    /** Takes the next step of process {@code w.self} in {@code w.b}. @return false: it has none, and {@code w.b} is as it was or useless */
    static boolean step(World w) {
        Pc pc = Pc.of(w.my(World.PC));
        return switch (pc) {
            case UNBORN, DONE -> false;
            case FIRE_POP, FIRE_PUSH, TIMER_ADD, TIMER_HOLDS, TIMER_LOOK, TIMER_TICKET, TICK -> Timing.step(w, pc);
            case SYSMON_LOOK, SYSMON_P, SYSMON_SLICE, SYSMON_TAKE, SYSMON_ANY, SYSMON_SLEEP, SYSMON_SAY, SYSMON_AGAIN, SYSMON_DEEP ->
                Watching.step(w, pc);
            case IDLE_OFFER, IDLE_WORD, IDLE_COUNT, IDLE_BIT, IDLE_LOWER, IDLE_RETIRED, IDLE_TICKET, IDLE_SPIN, IDLE_CLEAR_FUTEX,
                    LOOK_GLOBAL, LOOK_RING, RESUME_COUNT, RESUME_RAISE, RESUME_ACQUIRE, RESUME_WITHDRAW -> Idling.step(w, pc);
            case SUBMIT_PUSH, SUBMIT_PROCS, SUBMIT_LEAVE_ALONE, SUBMIT_LEAVE, SUBMIT_ANY, FOREIGN_PUSH, SUBMITTER_NEXT ->
                Submitting.step(w, pc);
            case WAKE_SPINNING, WAKE_ANY, WAKE_RAISE, WAKE_MASK, WAKE_TICKET, WAKE_TICKET_STORE, WAKE_LOWER, WAKE_AGAIN, WAKE_SYSMON ->
                Submitting.wake(w, pc);
            case START_COUNT, START_RAISE, START_ACQUIRE, HAND_OFF, POP_SLEEPER, POP_ANY, GIVE_FUTEX, GIVE_EVENT, GIVE_WAKE, GIVEN_RAISE, REQUEST,
                    BIRTH_TAKE, BIRTH_START, TAKE -> Handing.step(w, pc);
            case BLOCK_RETIRED, BLOCK_QUEUE, BLOCK_TIMERS, BLOCK_WORD, BLOCK_COUNT, BLOCK_BIT, BLOCK_AGAIN, BLOCK_LOOK_TIMERS, BLOCK_NET, BLOCK_LOOK_NET, BLOCK_TICKET,
                    BLOCKED, UNBLOCK_COUNT, UNBLOCK_ACQUIRE, UNBLOCK_RUN -> Handing.block(w, pc);
            case STALLED, CALLING, UNMOUNT -> Calling.step(w, pc);
            case TRIP_LOOK, TRIP_PROOF, TRIP_AGAIN, TRIP_ALARM, TRIP_FUTEX, TRIP_WAKE -> Alarming.tripwire(w, pc);
            case ALARM_SEEN, ALARM_WITHDRAW, ALARM_READ, ALARM_CLEAR, ALARM_PROOF, ALARM_TAKE, ALARM_OFFER -> Alarming.answer(w, pc);
            case FIND_NET, FIND_NET_LAST, FIND_NET_RING, NET_LOOK, NET_DELIVER, NET_DELIVERED -> Polling.look(w, pc);
            case NET_WAITS, NET_CLAIM, NET_SLEEPER, NET_POLLING, NET_EPOLL, NET_BACK, NET_DRAIN, NET_END, NET_GIVEN, NET_TICKET, NET_LEFT,
                    NET_LEFT_SLEEPER, NET_EVENT -> Polling.sleep(w, pc);
            case READ_COUNT, READ_BEGIN, READ_HOLDS, READ_LACKS, READ_PARK -> Polling.read(w, pc);
            case RESIZE_NEXT, MARK, OUT_DEAD, OUT_TICKET, OUT_COUNT, OUT_ACQUIRE, OUT_TAKE, RESIZED, REVIVE_UNMARK, REVIVE_REOPEN,
                    REVIVE_WORD, REVIVE_COUNT, REVIVE_BIT, REVIVE_TIMERS, REVIVE_NET, REVIVE_TICKET, RETIRE_LOWER, RETIRE_NEXT, RETIRE_RING,
                    RETIRE_PUSH, RETIRE_TIMERS, RETIRE_MOVE, RETIRE_KILL, RETIRE_ADDED, RETIRE_NUDGE ->
                Resizing.step(w, pc);
            default -> Running.step(w, pc);
        };
    }
}
