/*
 * The tripwire: a thread that gets the CPU when the M of its core has lost it.
 *
 * The problem: a G blocks where nobody announced it (a read in the JDK's or a user's native code, a page fault), and its P's other Gs wait for
 * as long as it does. Nobody tells the process that a thread of it went to sleep. But the CPU goes on: if there is a runnable thread bound
 * to the same core that yields to everybody, the kernel runs it within 2 us of the M's going to sleep, at no cost to anybody else.
 *
 * Rejected:
 *
 *  - A look from another core every so often. What is looked at every 30 us is found after 63 us (p50), and it costs that core. sysmon
 *    does it for cores that somebody else uses too, where the tripwire is blind: with one hog on the core it missed 791 of 800 blocks.
 *  - The tripwire becomes the M. A thread leaves SCHED_IDLE only with RLIMIT_NICE, which ordinary users do not have; and a P run under
 *    SCHED_IDLE is preempted by everything. So it wakes an ordinary M, asleep and bound to the same core: 4.6 us after the block (p50), 8.7 (p99).
 *  - Off the CPU is proof enough. It is not: a preempted M is off it too, and at a safepoint every M sleeps. The proof is blocked.c's, and a futex
 *    is none (7,500 looks at the GC pauses of five collectors found Ms in nothing but "running" and a futex); sysmon looks at those longer.
 *  - Taking the P here: race 10 in pinion.h.
 *
 * What it costs (test/tripwire_bench.c; Linux 6.18, two cores busy with other work at nice 19): the spare ran 8.2 us after the block (p50;
 * the p99 there is the other work's, 0.6 to 1.8 ms). The proof is 1.5 us of that, 5.9 where the M was never looked at before. An M that
 * computed lost nothing to see: the tripwire ran 4 to 7 times a second beside it, 0.01 % of the core, since a yield puts it behind everybody.
 *
 * The rule. On each turn of its loop it reads the P's word, and when somebody holds the P, the proof:
 *
 *   RUNNING, SYSCALL   on the CPU, or waiting for it: yield. Blocked: alarm, and nap. Perhaps the JVM's doing (a futex), or no proof: nap.
 *   SCHED              somebody is about to run: yield; after 100 turns of that (an M is being born, or a safepoint holds it) nap
 *   IDLE, DEAD         rest 1, 2, 4, 8 ms, and then sleep until it is armed
 *
 * The first nap is 50 us, each next one twice as long, up to 10 ms; it is 50 us again when the word changed or the M was seen
 * on the CPU. So an M that is blocked and has nothing to be replaced by, or a long GC pause, costs 100 wake-ups a second at most, and an
 * idle process none.
 *
 * The end of the process waits for it, and whichever thread ends last frees the process's memory, 5 to 50 ms of work: by a thread with a
 * three-hundredth of its core beside one other, that took 6 to 10 s with six hogs on two cores. So at the end of the JVM it is stopped first and
 * waited for (sched/Tripwires), with the shortest slice there is, after which EEVDF lets it run 34 ms later for each hog on the core, where the
 * usual slice is half a second.
 *
 * Its limits, all accepted. A process that is killed, or ends by Runtime.halt, dies that slowly beside hogs. A block that begins during a nap is
 * seen at its end. An M that runs on another core than its tripwire's (while it starts a process, binding.c) makes it turn all the time, on a core
 * that has nothing else to do. Where the whole process is stopped (SIGSTOP) or traced, an M can look blocked; the spare is stopped as well, and
 * its own proof comes after the SIGCONT.
 *
 * A rest is a sleep with an end, because a P that flickers between IDLE and busy would be armed each time anew: its tripwire is awake again
 * within a rest. A block that begins in a rest is seen at its end, which may be late: it is counted, and for as long as such blocks are
 * to be expected (GWatch), or when a G is seen to run for long, sysmon ends the rest.
 *
 * 1. Falling asleep, or beginning a rest, against being armed (a Dekker pair).
 *
 *      tripwire                                     sysmon, which saw the P busy
 *      F1 armed = ASLEEP or RESTING (CAS)           B1 the word leaves IDLE (CAS)
 *      F2 full fence                                B2 full fence
 *      F3 read the word: not IDLE nor DEAD:         B3 read armed: ASLEEP, or RESTING and a block is to be expected:
 *         armed = AWAKE (CAS), go on                   CAS to AWAKE, FUTEX_WAKE
 *      F4 FUTEX_WAIT(armed, the value of F1)
 *
 *    Either B3 comes after F1 and sees its value, or F3 comes after B1 and sees a busy P. If B3's CAS comes before F4, that returns at once.
 *
 * 2. Stopping. stop = 1, then armed = AWAKE, then FUTEX_WAKE. F1 may overwrite that, so F3 also reads stop: it is set by then. A nap that has
 *    begun is ended by the wake, one that is about to begin runs its time. Nobody waits for the thread without a limit: it gets no CPU
 *    while a real-time thread has its core, and may then outlive the scheduler, so its memory stays mapped.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls.h"

#define FIRST_NAP_NANOS 50000
#define LONGEST_NAP_NANOS 10000000
#define FIRST_REST_NANOS 1000000
#define LAST_REST_NANOS 8000000
#define PATIENT_TURNS 100
#define SLICE_NANOS 100000

/* What one turn leaves to the next. */
struct watch {
    uint64_t word;
    int64_t nap_nanos;
    int64_t rest_nanos;
    int sched_turns;
    /* It has slept since it last saw the holder: what it sees now it may see late. */
    bool slept;
};

static void begin_anew(struct watch *watch) {
    watch->nap_nanos = FIRST_NAP_NANOS;
    watch->rest_nanos = FIRST_REST_NANOS;
    watch->sched_turns = 0;
}

/* Only the tripwire writes them. */
static void count(_Atomic(uint64_t) *counter) {
    atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + 1, memory_order_relaxed);
}

static void nap(struct pinion_tripwire *t, struct watch *watch) {
    pinion_futex_wait(&t->armed, PINION_TRIPWIRE_AWAKE, watch->nap_nanos);
    watch->nap_nanos *= 2;
    if (watch->nap_nanos > LONGEST_NAP_NANOS) {
        watch->nap_nanos = LONGEST_NAP_NANOS;
    }
}

static void sleep_until_armed(struct pinion_tripwire *t, struct watch *watch) {
    while (atomic_load(&t->armed) == PINION_TRIPWIRE_ASLEEP) {
        pinion_futex_wait(&t->armed, PINION_TRIPWIRE_ASLEEP, -1);
    }
    begin_anew(watch);
    watch->slept = true;
}

static bool is_held(uint64_t word) {
    return pinion_state_of(word) != PINION_IDLE && pinion_state_of(word) != PINION_DEAD;
}

/* Race 1 above, F1 to F3. */
static bool lies_down(struct pinion_tripwire *t, const struct pinion_p *p, uint32_t how) {
    uint32_t awake = PINION_TRIPWIRE_AWAKE;
    atomic_compare_exchange_strong(&t->armed, &awake, how);
    atomic_thread_fence(memory_order_seq_cst);
    if (is_held(pinion_word_acquire(p)) || atomic_load(&t->stop)) {
        atomic_compare_exchange_strong(&t->armed, &how, PINION_TRIPWIRE_AWAKE);
        return false;
    }
    return true;
}

static void rest(struct pinion_tripwire *t, const struct pinion_p *p, struct watch *watch) {
    bool short_one = watch->rest_nanos <= LAST_REST_NANOS;
    if (!lies_down(t, p, short_one ? PINION_TRIPWIRE_RESTING : PINION_TRIPWIRE_ASLEEP)) {
        return;
    }
    if (!short_one) {
        sleep_until_armed(t, watch);
        return;
    }
    pinion_futex_wait(&t->armed, PINION_TRIPWIRE_RESTING, watch->rest_nanos);
    uint32_t resting = PINION_TRIPWIRE_RESTING;
    atomic_compare_exchange_strong(&t->armed, &resting, PINION_TRIPWIRE_AWAKE);
    watch->rest_nanos *= 2;
    watch->slept = true;
}

/* Race 10 in pinion.h, A3 and A4. */
static void raise_alarm(struct pinion_tripwire *t, struct pinion_p *p, const struct watch *watch) {
    atomic_store_explicit(&p->alarm, watch->word, memory_order_release);
    count(&t->alarms);
    if (watch->slept) {
        count(&t->late);
    }
    struct pinion_m *spare = (struct pinion_m *)(uintptr_t)atomic_load_explicit(&p->spare, memory_order_acquire);
    uint32_t asleep = PINION_M_ASLEEP;
    if (spare && atomic_compare_exchange_strong(&spare->futex, &asleep, PINION_M_ALARM)) {
        pinion_futex_wake(&spare->futex, 1);
        return;
    }
    _Atomic(uint32_t) *sysmon = (_Atomic(uint32_t) *)(uintptr_t)t->sysmon;
    atomic_exchange(sysmon, 1);
    pinion_futex_wake(sysmon, 1);
}

static void look_at_holder(struct pinion_tripwire *t, struct pinion_p *p, struct watch *watch) {
    struct pinion_m *m = (struct pinion_m *)(uintptr_t)atomic_load_explicit(&p->holder, memory_order_acquire);
    int in = m ? pinion_blocked_in(m) : -ESRCH;
    if (in == PINION_ON_CPU) {
        watch->slept = false;
        watch->nap_nanos = FIRST_NAP_NANOS;
        sched_yield();
        return;
    }
    if (in >= PINION_IN_SLEEP && pinion_word_acquire(p) == watch->word) {
        raise_alarm(t, p, watch);
    }
    watch->slept = false;
    /* The spare runs before the tripwire does again, and has taken the P by now if it could. */
    if (pinion_word_acquire(p) == watch->word) {
        nap(t, watch);
    }
}

static void turn(struct pinion_tripwire *t, struct pinion_p *p, struct watch *watch) {
    uint64_t word = pinion_word_acquire(p);
    if (word != watch->word) {
        watch->word = word;
        begin_anew(watch);
    }
    switch (pinion_state_of(word)) {
    case PINION_RUNNING:
    case PINION_SYSCALL:
        look_at_holder(t, p, watch);
        break;
    case PINION_SCHED:
        if (++watch->sched_turns <= PATIENT_TURNS) {
            sched_yield();
        } else {
            nap(t, watch);
        }
        break;
    default:
        rest(t, p, watch);
    }
}

/* As the kernel shows it: 15 characters at most. */
static void set_name(int id) {
    char name[16];
    snprintf(name, sizeof name, id < 1000 ? "pinion-trip-%d" : "pinion-t-%d", id);
    prctl(PR_SET_NAME, (unsigned long)name, 0UL, 0UL, 0UL);
}

static void *run(void *arg) {
    struct pinion_tripwire *t = arg;
    struct pinion_p *p = (struct pinion_p *)(uintptr_t)t->p;
    set_name(p->id);
    /* What the caller's slack is would else decide how long a nap is. */
    pinion_set_timer_slack(1);
    atomic_store(&t->tid, (int)syscall(SYS_gettid));
    pinion_futex_wake((_Atomic(uint32_t) *)&t->tid, 1);
    struct watch watch = {0};
    sleep_until_armed(t, &watch);
    while (!atomic_load(&t->stop)) {
        count(&t->beats);
        turn(t, p, &watch);
    }
    atomic_store(&t->tid, 0);
    return NULL;
}

/* Done by the caller to a thread that sleeps: once it is bound, a busy core may never let it say how that went. */
static int bind_and_make_idle(int tid, int cpu) {
    uint64_t callers[PINION_MASK_WORDS];
    int words = pinion_get_affinity(0, callers, PINION_MASK_WORDS);
    int error = words < 0 ? words : pinion_bind_to_cpu(tid, cpu);
    if (error) {
        return error;
    }
    /* While it still has the normal policy, which alone takes a slice; under SCHED_IDLE it keeps it. Old kernels have none. And an ordinary user
       may not undo the RESET_ON_FORK that mostly came with it. */
    pinion_set_slice(tid, SLICE_NANOS);
    struct sched_param none = {0};
    if (sched_setscheduler(tid, SCHED_IDLE | SCHED_RESET_ON_FORK, &none) == 0) {
        return 0;
    }
    error = -errno;
    /* To where it can end, for whoever waits for that. */
    pinion_set_affinity(tid, callers, (unsigned)words);
    return error;
}

/*
 * Any thread, once for each tripwire. sysmon is the address of a futex word. The tripwire is asleep then, until it is armed. On an
 * error (of pthread_create, sched_setaffinity, sched_setscheduler; -EBUSY: it was started before) there is no thread left of it.
 */
int pinion_tripwire_start(struct pinion_tripwire *t, struct pinion_p *p, uint64_t sysmon, int cpu) {
    if (atomic_load(&t->tid) || atomic_load(&t->stop)) {
        return -EBUSY;
    }
    t->p = (uint64_t)(uintptr_t)p;
    t->sysmon = sysmon;
    pthread_t thread;
    int error = pinion_thread_start(&thread, run, t);
    if (error) {
        return error;
    }
    int tid;
    while ((tid = atomic_load(&t->tid)) == 0) {
        pinion_futex_wait((_Atomic(uint32_t) *)&t->tid, 0, -1);
    }
    error = bind_and_make_idle(tid, cpu);
    if (error) {
        pinion_tripwire_stop(t);
        pinion_thread_join(thread);
        atomic_store(&t->armed, PINION_TRIPWIRE_ASLEEP);
        atomic_store(&t->stop, 0);
        return error;
    }
    pinion_thread_detach(thread);
    return 0;
}

/* Any thread: race 1 above, B3; it ends a rest too. The caller has passed a full fence since it saw the P busy. */
bool pinion_tripwire_arm(struct pinion_tripwire *t) {
    uint32_t was = atomic_load(&t->armed);
    while (was != PINION_TRIPWIRE_AWAKE) {
        if (atomic_compare_exchange_weak(&t->armed, &was, PINION_TRIPWIRE_AWAKE)) {
            pinion_futex_wake(&t->armed, 1);
            return true;
        }
    }
    return false;
}

/* Any thread. Race 2 above. */
void pinion_tripwire_stop(struct pinion_tripwire *t) {
    atomic_store(&t->stop, 1);
    atomic_store(&t->armed, PINION_TRIPWIRE_AWAKE);
    pinion_futex_wake(&t->armed, 1);
}
