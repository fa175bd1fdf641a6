/*
 * The memory shared by Java and C, and the protocol of the P's word.
 *
 * ---------------------------------------------------------------------------------------------------------------------
 * The problem
 *
 * A P is the right to run Gs on one core. The M that holds it pushes to its ring and pops from it without a lock, so at
 * most one thread may act for a P at any moment. Yet a P must be taken away from an M that cannot say so: its thread is
 * off the CPU in a call nobody announced, or its G computes for ever. That thread may come back at any instruction, also
 * between a check ("is the P still mine?") and the act the check was for.
 *
 * Rejected:
 *
 *  - A lock per P. The M would hold it while its G runs, which is just when somebody else must be able to take the P.
 *  - Go's way, status words alone (prunning, psyscall) without an epoch. An M that blocks, loses its P and returns may
 *    find the same P in the same state again, held by somebody else (ABA). Go is safe from this because its M announces
 *    every system call and compares its m with p.oldm under further conditions. Here blocks are often unannounced.
 *  - Comparing the holder's name (an M pointer) in place of an epoch. The same M may lose a P and be given it again; a
 *    transition it began in its first holding would then succeed in its second.
 *  - Check the epoch, then push. The P can be taken between the two, and the ring has two producers for one push. The
 *    push has to lie between two transitions of the word, during which nobody may take the P.
 *  - Entering without an atomic operation: the M marks a line of its own by a plain store and then reads the word, and a taker makes up
 *    for the missing fence by membarrier(2). Tried, with a sixth state and a second word for it: a switch cost the same (yield 122.1
 *    and 121.3 ns, hand-off 133.4 and 133.0 ns, medians of seven), because the CAS hides behind the work of the JVM's own switch.
 *  - Stopping the thread (a signal, then an acknowledgement) before taking its P. A thread in uninterruptible sleep
 *    never acknowledges, and a JVM thread cannot be stopped at any instruction.
 *
 * ---------------------------------------------------------------------------------------------------------------------
 * The rule
 *
 * Each P has one 64-bit word, alone on its cache lines: epoch << 8 | state. An M remembers the epoch under which it was
 * given the P ("its" epoch). What an M may do depends on the state it has put the word into, and every transition out
 * of a state that others may change is a CAS that names the M's own epoch. Epochs of a P only grow, so a CAS from an
 * epoch that is over fails for ever. (56 bits: at a million changes of holder a second, 2,283 years.)
 *
 *   state     on the idle mask   may run Gs   who may change the word              what is valid
 *   IDLE      yes, or about to   no           the winner of its bit                holder and epoch of the last one
 *   SCHED     no                 no           the holder alone                     the holder may push, pop, arm timers
 *   RUNNING   no                 yes, one     the holder, or any taker, by CAS     the ring may only be stolen from
 *   SYSCALL   no                 no           the holder, or any taker, by CAS     the ring may only be stolen from
 *   DEAD      no                 no           the holder of the GOMAXPROCS lock    ring and timers are empty
 *
 *   transition   from -> to                          by                                        how
 *   acquire      IDLE@e    -> SCHED@e+1              who won the P's bit in the idle mask      CAS, acquire
 *   run          SCHED@e   -> RUNNING@e              the holder                                store, release
 *   enter        RUNNING@e -> SCHED@e                the holder                                CAS, acq_rel; may fail
 *   block        RUNNING@e -> SYSCALL@e              the holder                                CAS, acq_rel; may fail
 *   unblock      SYSCALL@e -> RUNNING@e              the holder                                CAS, acq_rel; may fail
 *   take         RUNNING@e, SYSCALL@e -> SCHED@e+1   sysmon, tripwire, GOMAXPROCS, a test      CAS, acq_rel; may fail
 *   handOff      SCHED@e   -> SCHED@e+1              the holder, then no longer               store, release
 *   idle         SCHED@e   -> IDLE@e                 the holder, then no longer               store, release
 *   kill         SCHED@e   -> DEAD@e+1               the holder, under the GOMAXPROCS lock     store, release
 *   revive       DEAD@e    -> IDLE@e+1               the holder of the GOMAXPROCS lock         store, release
 *
 * The taker of a P is its holder, at epoch e+1 and in SCHED, until it hands the P to an M: it may drain the ring, but
 * must end with handOff, idle or kill. Whoever receives a P is told the epoch by the giver; it never reads it off the word.
 *
 * Inside a G the word says RUNNING. Scheduler code that runs on a G (an unpark, a spawn) brackets its work:
 *
 *     if enter(e):  push to the local ring; run(e)
 *     else:         the P is gone; push to the global queue
 *
 * A holder in SCHED must never wait for anything but the CPU: nobody can help a P in SCHED. In particular it must not
 * allocate Java objects without need, take locks, or load classes there.
 *
 * ---------------------------------------------------------------------------------------------------------------------
 * The races, both halves of each
 *
 * 1. Taking a P against its M's next step.
 *
 *      M (holder at e)                              taker
 *      M1 CAS RUNNING@e -> SCHED@e                  T1 CAS RUNNING@e -> SCHED@e+1
 *      M2 on success: push, pop                     T2 on success: give the P to another M
 *      M3 on failure: global queue only             T3 on failure: nothing; look again next period
 *
 *    One word, so one of the two CAS fails. No other barrier is needed for exclusion. What M wrote to the ring in
 *    earlier brackets is seen by the taker's M: M's run (release store) is read by T1 (acquire), and the giver's handOff
 *    and the wake (see 4) carry it on. What M writes between enter and run lies in SCHED, where T1 cannot succeed.
 *
 * 2. A submitter against an M that goes idle (a Dekker pair; a store followed by a load on both sides).
 *
 *      submitter, any thread                        idler (held P at e, found every queue empty)
 *      S1 push G (release)                          I1 idle: store IDLE@e (release)
 *      S2 full fence                                I2 publish the P's bit in the idle mask
 *      S3 read the spinning count, the idle mask    I3 lower the spinning count, if it was spinning
 *      S4 none spinning and a bit set:              I4 full fence
 *         clear one bit (the ticket), acquire,      I5 read every queue again; work and the own or another bit
 *         wake an M of that P                          won: acquire that P, and go on
 *
 *    Either S3 comes after I4 in the order of the two fences, and then S3 sees the bit and the lowered count; or I5
 *    comes after S2, and then I5 sees G. Without S2 (a release store may pass a later load, on x86 too) both can miss:
 *    seen once in 13,573 rounds. I3 must come before I4: a submitter that still counts the idler as spinning relies on I5.
 *    I1 comes before I2, so that the winner of the bit finds IDLE and its acquire cannot fail; a failure is a bug, not a race.
 *    Between I1 and I2 nobody can have the P. That is harmless: whoever pushes in that time is seen by I5.
 *
 * 3. The spinning count against the wake that it stands for.
 *
 *      waker                                        spinner that finds work
 *      W1 CAS the spinning count 0 -> 1             F1 lower the spinning count (full fence)
 *      W2 win a bit; if none: lower it again        F2 look for more: the global queue, every ring, the runnext of
 *      W3 acquire, wake the M as a spinner             others; where there is some: W1
 *
 *    The count goes up before the bit is won. The other way round a second submitter reads count 0 and one bit fewer, and wakes
 *    again: harmless but dear. A count lowered by W2 without a look at the bits again can be the I3 another idler waits for,
 *    so W2 ends with race 2's S2-S3 once more. F2 wakes only where it sees more (Go wakes always, which costs each lone request
 *    a second M's wake-up): who pushed before F1 and counted on this spinner is seen by F2, who pushes later reads the lowered count.
 *
 * 4. Giving a P to an M that sleeps (handOff, acquire).
 *
 *      giver (holder at e, in SCHED)                sleeper
 *      G1 handOff: store SCHED@e+1 (release)        L1 read m.futex (acquire); if a P is announced: L4
 *      G2 m.p = P, m.epoch = e+1                    L2 FUTEX_WAIT(m.futex, the value read in L1)
 *      G3 m.futex changes (release, RMW)            L3 EAGAIN and 0 both go back to L1
 *      G4 FUTEX_WAKE(m.futex)                       L4 read m.p, m.epoch; clear m.futex
 *
 *    The kernel compares the word under its own lock, so G3 between L1 and L2 makes L2 return EAGAIN, and after L2 G4 finds
 *    the sleeper. A sleeper that may be given a P must not store to m.futex plainly, which can overwrite G3 (seen): it clears
 *    it before it offers itself (its bit among its P's idle Ms), and after L4, when it is offered no longer.
 *    G1 comes first: from G2 on the sleeper may run (it can be woken by anything), and the giver's own epoch must be over by then.
 *
 * 5. GOMAXPROCS shrinks against whoever sleeps.
 *
 *    Nobody but its holder pushes to a P's ring, so none can push to that of a DEAD P. But what the killer moves to the global
 *    queue is a submission like any other: K1 drain ring and timers; K2 kill: store DEAD@e+1; K3 full fence; K4 race 2's S3 and
 *    S4, and race 6's A4 for the timers. A thief that saw the ring before K1 takes from it by the head's CAS or fails.
 *    Who takes a P whose M gets no CPU does K1, K3 and K4 without the kill, and hands it off; its heap stays open, since its next M will read it.
 *
 * 6. A timer is added to a P that its M puts to sleep, or has just lost.
 *
 *      adder (any thread; on an M: to its core's P) sleeper (held P at e)
 *      A1 add it to the heap, under the heap's lock I1, I2 as in race 2
 *      A2 full fence                                I6 read the earliest deadline, after I2 and its fence
 *      A3 on an M: is the word still at its epoch?  I7 FUTEX_WAIT until then; at the deadline win the own bit, acquire
 *         then its holder reads the heap before I2
 *      A4 else win the P's bit, acquire, wake an M
 *
 *    A3 asks the word: the M's own note that it holds the P is out of date once somebody has taken it. A take is an RMW on the word
 *    that A3 read, so it comes after A2, and the next holder's I6 sees the timer. A4 fails when the P has an owner, who reads the
 *    heap before it sleeps, or when I2 is still to come, and then I6 sees the timer. An announced block makes its P idle with nobody to
 *    sleep for it, and so does revive: both look at the heap once more after I2, and start the P when there is a timer. A P
 *    that goes DEAD closes its heap before it moves the timers to P0 (an adder that finds it closed goes to P0), then does A2, A4 there.
 *
 * 7. sysmon sleeps deeply while every P is idle, against a P that becomes busy.
 *
 *      sysmon                                       whoever made an idle P busy
 *      D1 say that it is deep                       B1 win the bit, lower the idle count (RMW)
 *      D2 full fence                                B2 read whether sysmon is deep: wake it
 *      D3 read the idle count again; sleep
 *
 *    Each such P, however it came to start: by a wake, by a timer, back from a block. The G it runs may compute for long, over one that
 *    was announced to nobody (a lone unparked G often is), and only sysmon's look helps that one.
 *
 * 8. A call that seldom blocks (close, a buffered write) against sysmon.
 *
 *      M (holder at e)                              sysmon
 *      M1 count the call; CAS RUNNING@e ->          T1 read SYSCALL@e and the count: as 20 us ago, and others wait
 *         SYSCALL@e                                 T2 CAS the word that T1 read -> SCHED@e+1
 *      M2 the call                                  T3 on success: give the P to another M
 *      M3 CAS SYSCALL@e -> RUNNING@e
 *      M4 on failure: the G yields, to the global
 *         queue, since its M holds no P
 *
 *    A call that is known to block is not announced so: its M hands the P over in SCHED before it, or leaves it IDLE when there is
 *    nothing to run. If between T1 and T2 one call ended and the next began, T2 takes the P for nothing: a hand-over, no harm.
 *    sysmon also asks the kernel whether the M sleeps (blocked.c); and the tripwire may take the P as soon as it does (race 10).
 *
 * 9. An M that returns from an unannounced block (accepted). The P was taken in RUNNING; its M computes on, outside any
 *    P, until its G unmounts or enters the scheduler. Nothing here can stop it. For that time two Ms run Gs on the core, the
 *    kernel shares it between them, and the counters say so. It cannot harm a queue: its first enter(e) fails.
 *
 * 10. The alarm: the tripwire (tripwire.c) has seen the holder blocked, and wakes the P's spare M to take it.
 *
 *      tripwire                                     M (the spare), asleep in FUTEX_WAIT(m.futex, ASLEEP)
 *      A1 read the word: RUNNING@e or SYSCALL@e     L1 read m.futex: ALARM; CAS ALARM -> ASLEEP
 *      A2 read the holder, prove that it is         L2 withdraw: clear the own bit among the P's idle Ms;
 *         blocked; read the word again: as in A1       not won: a giver has it; sleep on, its G3 comes
 *      A3 alarm = the word of A1 (release)          L3 read alarm, then the holder; prove that it is blocked
 *      A4 read spare; CAS its m.futex               L4 CAS from the word in alarm -> SCHED@e+1: take
 *         ASLEEP -> ALARM; FUTEX_WAKE               L5 on success: it is the holder; on failure: offer itself again
 *
 *    The tripwire never takes: between A2 and a CAS of its own the M may come back, and the tripwire, which runs only when nobody else
 *    wants the core, would be off it at any instruction with the P in its hands, where nobody can help a P in SCHED. All that it does is
 *    a hint, so A2's proof may be stale (the M came back), of another thread (the holder changed) or the spare no spare any more. L3 is the
 *    proof that counts: it comes after the word of L4 was read, so this is the take of the table. What comes back between L3 and L4 is race 9.
 *    L2 before L3: an M that still stood among the idle ones would be given a second P. A giver's G3 (race 4) is an exchange to
 *    GIVEN and may overwrite ALARM, and A4 fails on GIVEN: that alarm is lost to the spare, and the M will be busy. A4 that finds nobody asleep
 *    wakes sysmon, and A1 to A4 come again as long as the word stays (tripwire.c says when), so no alarm is lost for good.
 *    A2's second look: the next holder is written after the word has left e (release), so an unchanged word proves that the holder was e's.
 *
 * 11. A locked G becomes ready (LockedMs: it runs on one M only, whose home is P) against P's holder.
 *
 *      waker (any thread)                           holder at e, in SCHED
 *      K1 push G to P's ready list; the list is     H1 between two Gs: the list is not empty: take G off, handOff,
 *         closed when P goes DEAD: then to another     offer itself as idle, G1-G4 of race 4 to G's M
 *         P's, which never closes for P0            H2 or, going idle: I1 and I2 of race 2, then I5 looks at the list too
 *      K2 full fence
 *      K3 win P's bit; acquire; G's M gets the P
 *
 *    K against H2 is race 2 with one bit in place of any. The kill of race 5 closes the list before K2 there and pushes what is
 *    left after it, which is K1 to K3 on another P. G's M is asleep, or on its way there: its P was taken while G ran, G was made ready at
 *    once, and the next holder did H1. So a locked M never clears its futex word but when it takes what is announced there, and never
 *    offers itself among the idle ones: nobody but the holder that took G off the list gives it anything.
 *
 * 12. A P is given to an M that sleeps in the epoll (one may, for all: sched/Network), and not on its futex.
 *
 *      giver (holder at e, in SCHED)                sleeper, the only one in the epoll
 *      G1, G2 as in race 4                          E1 CAS m.futex ASLEEP -> POLLING; on failure: L1
 *      G3 exchange m.futex to GIVEN                 E2 epoll_wait, until the deadline of L2's timers
 *      G4 it was POLLING: write the wake event;     E3 CAS m.futex POLLING -> ASLEEP
 *         else FUTEX_WAKE                           E4 the wake event came: read it, so that it is clear
 *                                                   E5 be the sleeper no more; L1
 *
 *    The word alone decides; no other flag, and no fence. G3 before E1 makes E1 fail. G3 after E1 finds POLLING, once: so G4 writes
 *    once, and the event stays readable until E4, so E2 returns whenever it began. Others that look at the epoll meanwhile (a wait of 0)
 *    see the event too and leave it: were it edge-triggered, their look would take it from the sleeper. E4 comes before E5: after E5 the
 *    event may be the next sleeper's. A4 of race 10 fails on POLLING as it does on GIVEN.
 *    What E2 brought when the sleeper has no P goes to the global queue, after the sleeper tried to win its own P's bit.
 *
 *    Who goes idle while another sleeps there, relies on that one. So a sleeper that leaves without a P, whatever ended E2 (a mere time-out,
 *    too: its P may have gone meanwhile, or have been put to sleep by another M), sleeps there again, or, before it sleeps elsewhere or ends,
 *    wakes another P (race 2's S2 to S4) while anybody waits. One that leaves with a P finds no other P busy when it goes idle, or the last
 *    that does sleeps there; and revive, after I2, starts the P when nobody does.
 */
#ifndef PINION_H
#define PINION_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Two lines of 64 bytes: the adjacent-line prefetcher of x86 fetches pairs, and some aarch64 cores have lines of 128. */
#define PINION_LINE 128

enum pinion_state {
    PINION_IDLE = 0,
    PINION_SCHED = 1,
    PINION_RUNNING = 2,
    PINION_SYSCALL = 3,
    PINION_DEAD = 4,
};

#define PINION_STATE_BITS 8
#define PINION_STATE_MASK ((UINT64_C(1) << PINION_STATE_BITS) - 1)

/* One P. All zero bytes are IDLE at epoch 0: fresh memory of mapShared() needs no further setting up of the word. */
struct pinion_p {
    /* The word. Written as the table above says. */
    _Alignas(PINION_LINE) _Atomic(uint64_t) word;

    /* The address of the struct pinion_m of the holder, or of the last one. Written by the holder in SCHED. A hint to everybody else: read it,
       then prove the epoch by CAS. */
    _Alignas(PINION_LINE) _Atomic(uint64_t) holder;
    /* The P's number, set before the scheduler starts. */
    int32_t id;
    /* The CPU it is bound to, -1 when unpinned. Written by sysmon, which re-homes. */
    _Atomic(int32_t) cpu;
    /* The address of the struct pinion_m of an M asleep among this P's idle ones, whom an alarm may wake; 0: there is none. A hint.
       Written by Java, read by the tripwire. */
    _Atomic(uint64_t) spare;
    /* The word under which the tripwire saw the holder blocked, 0: nothing to see. Written by the tripwire, cleared by Java. Race 10. */
    _Atomic(uint64_t) alarm;
    /* To 256 bytes: Ps lie in an array, and one P's second line must not be prefetched with its neighbour's word. */
    unsigned char reserved[PINION_LINE - 32];
};

/* What an M's futex word says. */
enum pinion_m_futex {
    /* Nothing, whether it sleeps or not: fresh memory. */
    PINION_M_ASLEEP = 0,
    /* It was given a P: race 4. */
    PINION_M_GIVEN = 1,
    /* Its P's holder is blocked: race 10. Only the tripwire writes it, and only over ASLEEP. */
    PINION_M_ALARM = 2,
    /* It sleeps in the epoll, or is about to: race 12. Only the M itself writes it, over ASLEEP, and only the M takes it back. */
    PINION_M_POLLING = 3,
};

/* Ready file descriptors that one look can bring. */
#define PINION_READY_MAX 64

/* File descriptors that have a generation; the kernel's usual limit (fs.nr_open). */
#define PINION_FDS (1 << 20)

#define PINION_READY_READ 1
#define PINION_READY_WRITE 2

/* One ready file descriptor: what netpoll.c makes of an epoll_event. */
struct pinion_ready {
    /* -1: the wake event. */
    int32_t fd;
    uint32_t generation;
    uint32_t directions;
    uint32_t reserved;
};

/* The states of pinion_m.binding: see binding.c. */
enum pinion_binding {
    PINION_BOUND = 0,
    PINION_WIDENED = 1,
    PINION_REBINDING = 2,
};

/* One M. Its memory may serve another M later, but is never unmapped: hints lead here at any time. */
struct pinion_m {
    /* What the M sleeps on, an enum pinion_m_futex. Races 4 and 10 above. */
    _Alignas(PINION_LINE) _Atomic(uint32_t) futex;

    /* The P it was given, an address, and the epoch to use it with. Written by the giver before the change of futex (release),
       read by the M after it (acquire). */
    _Alignas(PINION_LINE) _Atomic(uint64_t) p;
    _Atomic(uint64_t) epoch;
    /* The thread's id, 0 before it was born. Written by bindSelf, on the M. */
    _Atomic(int32_t) tid;
    /* The CPU it is bound to, -1: the process's CPUs. Written by bindSelf and rebind; binding.c narrows back to it. */
    _Atomic(int32_t) cpu;
    _Atomic(uint32_t) binding;
    /* The file that proves the thread blocked, 0: not open, or in use. Only blocked.c reads or writes it. */
    _Atomic(uint64_t) proof;
    unsigned char reserved[PINION_LINE - 40];
    /* What its last look at the epoll brought. The M's own. */
    _Alignas(PINION_LINE) struct pinion_ready ready[PINION_READY_MAX];
};

/*
 * What pinion_blocked_in() answers; at PINION_IN_CALL and above it is that plus the number of the system call. Below PINION_IN_SLEEP it may
 * be the JVM's doing, around a GC pause: at a safepoint threads sleep on futexes, and while the heap's memory is given back or taken, all
 * that touch the process's mappings, also by a page fault, wait for one another.
 */
enum pinion_blocked {
    PINION_ON_CPU = 0,
    /* Asleep outside any call: a page fault. */
    PINION_IN_NO_CALL = 1,
    PINION_IN_FUTEX = 2,
    /* mmap, munmap, mprotect, madvise, brk. */
    PINION_IN_MEMORY_CALL = 3,
    /* nanosleep, clock_nanosleep. */
    PINION_IN_SLEEP = 4,
    PINION_IN_CALL = 5,
};

/* What a tripwire's futex word says. */
enum pinion_tripwire_armed {
    /* Until it is armed: fresh memory. */
    PINION_TRIPWIRE_ASLEEP = 0,
    /* Or napping, or to wake up. */
    PINION_TRIPWIRE_AWAKE = 1,
    /* For some milliseconds, or until it is armed. */
    PINION_TRIPWIRE_RESTING = 2,
};

/* One tripwire. Zeroed before pinion_tripwire_start(), and used for one start that succeeds. Never unmapped: nobody can wait for its end. */
struct pinion_tripwire {
    /* What it sleeps on, an enum pinion_tripwire_armed. */
    _Alignas(PINION_LINE) _Atomic(uint32_t) armed;
    /* 1: it ends as soon as it gets the CPU. */
    _Atomic(uint32_t) stop;
    /* The thread's id, from a start that succeeded until its end; else 0. */
    _Atomic(int32_t) tid;

    /* Written by the tripwire alone, read by anybody: the turns of its loop, and how often it saw a block. */
    _Alignas(PINION_LINE) _Atomic(uint64_t) beats;
    _Atomic(uint64_t) alarms;
    /* Set by the start: its struct pinion_p, and the futex word that is set to 1 and woken when no spare M can be. */
    uint64_t p;
    uint64_t sysmon;
    /* The alarms it raised when it had just slept or rested: a block that began before was seen late. Written as alarms. */
    _Atomic(uint64_t) late;
};

/* The states of pinion_call.state: see interrupt.c. */
enum pinion_call_state {
    PINION_CALL_NONE = 0,
    PINION_CALL_WAITING = 1,
    PINION_CALL_INTERRUPTED = 2,
    PINION_CALL_SIGNALLING = 3,
};

/* One blocking call that can be interrupted: what the interrupter needs to know of it. */
struct pinion_call {
    /* NONE and WAITING are written by the caller, the others by who interrupts. */
    _Atomic(uint32_t) state;
    /* The thread that is in the call, 0 before and after. Written by that thread. */
    _Atomic(int32_t) tid;
    unsigned char reserved[56];
};

/* What pinion_blocking_call() is asked for. Its four arguments are those of the call of that name, unless syscalls.c says otherwise. */
enum pinion_op {
    PINION_OP_READ = 0,
    PINION_OP_PREAD = 1,
    PINION_OP_READV = 2,
    PINION_OP_WRITE = 3,
    PINION_OP_PWRITE = 4,
    PINION_OP_WRITEV = 5,
    PINION_OP_OPEN = 6,
    PINION_OP_FSYNC = 7,
    PINION_OP_FDATASYNC = 8,
    PINION_OP_FLOCK = 9,
    PINION_OP_ACCEPT = 10,
    PINION_OP_CONNECT = 11,
    PINION_OP_RECV = 12,
    PINION_OP_SEND = 13,
    PINION_OP_RECVMSG = 14,
    PINION_OP_SENDMSG = 15,
    PINION_OP_POLL = 16,
    PINION_OP_NANOSLEEP = 17,
    PINION_OP_WAITPID = 18,
    PINION_OP_CLOSE = 19,
    PINION_OP_LSEEK = 20,
    PINION_OP_FTRUNCATE = 21,
    PINION_OP_SIZE = 22,
};

/* In place of the address of a struct pinion_call. */
#define PINION_CALL_TRY 0
#define PINION_CALL_UNINTERRUPTIBLE 1

/* Answers to PINION_CALL_TRY, below every -errno: nothing was done. */
#define PINION_WOULD_BLOCK (-4096)
#define PINION_MAY_BLOCK (-4097)
#define PINION_MAY_WAIT (-4098)

_Static_assert(sizeof(struct pinion_call) == 64, "a call is a line");
_Static_assert(sizeof(struct pinion_p) == 2 * PINION_LINE, "a P is two pairs of lines");
_Static_assert(sizeof(struct pinion_m) == 2 * PINION_LINE + 16 * PINION_READY_MAX, "an M is two pairs of lines, and its ready list");
_Static_assert(sizeof(struct pinion_tripwire) == 2 * PINION_LINE, "a tripwire is two pairs of lines");
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "the word is shared with Java and must be lock-free");
_Static_assert(sizeof(_Atomic(uint64_t)) == 8 && sizeof(_Atomic(uint32_t)) == 4, "Java reads these as long and int");

static inline uint64_t pinion_word(uint64_t epoch, enum pinion_state state) {
    return epoch << PINION_STATE_BITS | (uint64_t)state;
}

static inline enum pinion_state pinion_state_of(uint64_t word) {
    return (enum pinion_state)(word & PINION_STATE_MASK);
}

static inline uint64_t pinion_epoch_of(uint64_t word) {
    return word >> PINION_STATE_BITS;
}

/* Any thread. The value is out of date at once; it only serves to prepare a CAS. */
static inline uint64_t pinion_word_acquire(const struct pinion_p *p) {
    return atomic_load_explicit(&p->word, memory_order_acquire);
}

/* Not a transition: the CAS they share. acq_rel: what the loser of the P wrote is seen, what we wrote can be seen. */
static inline bool pinion_cas(struct pinion_p *p, uint64_t from, uint64_t to) {
    return atomic_compare_exchange_strong_explicit(&p->word, &from, to, memory_order_acq_rel, memory_order_acquire);
}

/* Not a transition: a store out of SCHED, where nobody but the holder may write. */
static inline void pinion_store(struct pinion_p *p, uint64_t epoch, enum pinion_state state) {
    atomic_store_explicit(&p->word, pinion_word(epoch, state), memory_order_release);
}

/* Only by who cleared this P's bit in the idle mask. The new epoch comes back in *epoch. False is a bug of the caller. */
static inline bool pinion_transition_acquire(struct pinion_p *p, uint64_t *epoch) {
    uint64_t word = pinion_word_acquire(p);
    if (pinion_state_of(word) != PINION_IDLE) {
        return false;
    }
    *epoch = pinion_epoch_of(word) + 1;
    return pinion_cas(p, word, pinion_word(*epoch, PINION_SCHED));
}

/* Only by the holder, in SCHED. Pairs with the acquire in take: race 1. */
static inline void pinion_transition_run(struct pinion_p *p, uint64_t epoch) {
    pinion_store(p, epoch, PINION_RUNNING);
}

/* Only by the M that was given this epoch. False: the P was taken, and the M may not touch its queues again. */
static inline bool pinion_transition_enter(struct pinion_p *p, uint64_t epoch) {
    return pinion_cas(p, pinion_word(epoch, PINION_RUNNING), pinion_word(epoch, PINION_SCHED));
}

/* As enter. From here on the tripwire and sysmon may take the P as soon as the M is off the CPU. */
static inline bool pinion_transition_block(struct pinion_p *p, uint64_t epoch) {
    return pinion_cas(p, pinion_word(epoch, PINION_RUNNING), pinion_word(epoch, PINION_SYSCALL));
}

/* As enter. False: the call took long enough for somebody to take the P. */
static inline bool pinion_transition_unblock(struct pinion_p *p, uint64_t epoch) {
    return pinion_cas(p, pinion_word(epoch, PINION_SYSCALL), pinion_word(epoch, PINION_RUNNING));
}

/*
 * Any thread, but only with proof that the M is blocked or its slice is over, gathered after `seen` was read: the CAS
 * from `seen` shows that nothing changed since. On success the caller is the holder, in SCHED, at *epoch.
 */
static inline bool pinion_transition_take(struct pinion_p *p, uint64_t seen, uint64_t *epoch) {
    enum pinion_state state = pinion_state_of(seen);
    if (state != PINION_RUNNING && state != PINION_SYSCALL) {
        return false;
    }
    *epoch = pinion_epoch_of(seen) + 1;
    return pinion_cas(p, seen, pinion_word(*epoch, PINION_SCHED));
}

/* Only by the holder, in SCHED, which then is the holder no longer. Returns the epoch for the receiver: race 4. */
static inline uint64_t pinion_transition_hand_off(struct pinion_p *p, uint64_t epoch) {
    pinion_store(p, epoch + 1, PINION_SCHED);
    return epoch + 1;
}

/* Only by the holder, in SCHED. Then publish the bit, lower the spinning count, fence, look again: race 2. */
static inline void pinion_transition_idle(struct pinion_p *p, uint64_t epoch) {
    pinion_store(p, epoch, PINION_IDLE);
}

/* Only by the holder, in SCHED, under the GOMAXPROCS lock. After the drain; then fence, and submit what was drained: race 5. */
static inline void pinion_transition_kill(struct pinion_p *p, uint64_t epoch) {
    pinion_store(p, epoch + 1, PINION_DEAD);
}

/* Only under the GOMAXPROCS lock. Then publish the bit, as after idle. False: it was not dead. */
static inline bool pinion_transition_revive(struct pinion_p *p) {
    uint64_t word = pinion_word_acquire(p);
    if (pinion_state_of(word) != PINION_DEAD) {
        return false;
    }
    pinion_store(p, pinion_epoch_of(word) + 1, PINION_IDLE);
    return true;
}

#endif
