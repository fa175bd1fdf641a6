/* The transitions of the P's word: each one alone, each one from every state it must refuse, and the races by threads. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <time.h>

#include "check.h"
#include "pinion.h"

static struct pinion_p p;

static void set(uint64_t epoch, enum pinion_state state) {
    atomic_store(&p.word, pinion_word(epoch, state));
}

static bool is(uint64_t epoch, enum pinion_state state) {
    return atomic_load(&p.word) == pinion_word(epoch, state);
}

static void fresh_memory_is_idle_at_epoch_zero(void) {
    memset(&p, 0, sizeof p);
    CHECK(is(0, PINION_IDLE));
    uint64_t epoch = 77;
    CHECK(pinion_transition_acquire(&p, &epoch));
    CHECK(epoch == 1 && is(1, PINION_SCHED));
}

static void a_life_of_a_p(void) {
    set(4, PINION_IDLE);
    uint64_t e;
    CHECK(pinion_transition_acquire(&p, &e) && e == 5);
    pinion_transition_run(&p, e);
    CHECK(is(5, PINION_RUNNING));
    CHECK(pinion_transition_enter(&p, e) && is(5, PINION_SCHED));
    pinion_transition_run(&p, e);
    CHECK(pinion_transition_block(&p, e) && is(5, PINION_SYSCALL));
    CHECK(pinion_transition_unblock(&p, e) && is(5, PINION_RUNNING));
    CHECK(pinion_transition_enter(&p, e));
    uint64_t next = pinion_transition_hand_off(&p, e);
    CHECK(next == 6 && is(6, PINION_SCHED));
    pinion_transition_idle(&p, next);
    CHECK(is(6, PINION_IDLE));
    CHECK(pinion_transition_acquire(&p, &e) && e == 7);
    pinion_transition_kill(&p, e);
    CHECK(is(8, PINION_DEAD));
    CHECK(pinion_transition_revive(&p) && is(9, PINION_IDLE));
}

/* For every state and for the own, an older and a newer epoch: the CAS transitions succeed from their one state only. */
static void everything_else_is_refused(void) {
    for (int s = PINION_IDLE; s <= PINION_DEAD; s++) {
        enum pinion_state state = (enum pinion_state)s;
        for (uint64_t epoch = 9; epoch <= 11; epoch++) {
            bool own = epoch == 10;
            uint64_t got = 0;
            set(epoch, state);
            CHECK(pinion_transition_enter(&p, 10) == (own && state == PINION_RUNNING));
            CHECK(own || is(epoch, state));
            set(epoch, state);
            CHECK(pinion_transition_block(&p, 10) == (own && state == PINION_RUNNING));
            CHECK(own || is(epoch, state));
            set(epoch, state);
            CHECK(pinion_transition_unblock(&p, 10) == (own && state == PINION_SYSCALL));
            CHECK(own || is(epoch, state));
            set(epoch, state);
            bool takable = state == PINION_RUNNING || state == PINION_SYSCALL;
            CHECK(pinion_transition_take(&p, pinion_word(10, state), &got) == (own && takable));
            CHECK(own && takable ? is(11, PINION_SCHED) && got == 11 : is(epoch, state));
            set(epoch, state);
            CHECK(pinion_transition_acquire(&p, &got) == (state == PINION_IDLE));
            set(epoch, state);
            CHECK(pinion_transition_revive(&p) == (state == PINION_DEAD));
        }
    }
}

static void the_epoch_fills_56_bits(void) {
    uint64_t last = (UINT64_C(1) << 56) - 1;
    CHECK(pinion_epoch_of(pinion_word(last, PINION_DEAD)) == last);
    CHECK(pinion_state_of(pinion_word(last, PINION_DEAD)) == PINION_DEAD);
}

/*
 * Race 1: a holder that enters, counts and runs, against takers that count in the same plain variable when they win. Two at once
 * would lose a count (and a thread sanitizer would see it); `inside` catches them in the act.
 */
#define TAKERS 2
#define ROUNDS 100000

static long counted;
static atomic_int inside;
static atomic_bool finished;
static _Atomic(uint64_t) receiver_epoch;

static void act(void) {
    CHECK(atomic_fetch_add(&inside, 1) == 0);
    counted++;
    CHECK(atomic_fetch_sub(&inside, 1) == 1);
}

static void *taker(void *taken) {
    while (!atomic_load(&finished)) {
        uint64_t epoch;
        if (pinion_transition_take(&p, pinion_word_acquire(&p), &epoch)) {
            act();
            ++*(long *)taken;
            uint64_t next = pinion_transition_hand_off(&p, epoch);
            atomic_store(&receiver_epoch, next);
            pinion_transition_run(&p, next);
        }
    }
    return NULL;
}

static void a_p_is_never_held_twice(void) {
    pthread_t threads[TAKERS];
    long taken[TAKERS] = {0};
    set(1, PINION_RUNNING);
    atomic_store(&receiver_epoch, 1);
    for (int i = 0; i < TAKERS; i++) {
        CHECK(pthread_create(&threads[i], NULL, taker, &taken[i]) == 0);
    }
    long entered = 0;
    long lost = 0;
    uint64_t epoch = 1;
    while (entered < ROUNDS || lost == 0) {
        bool mine = entered % 3 == 0 ? pinion_transition_block(&p, epoch) && pinion_transition_unblock(&p, epoch) : true;
        if (mine && pinion_transition_enter(&p, epoch)) {
            act();
            entered++;
            pinion_transition_run(&p, epoch);
        } else {
            lost++;
            sched_yield(); /* the taker may be off the CPU, in SCHED */
            epoch = atomic_load(&receiver_epoch);
        }
    }
    atomic_store(&finished, true);
    long sum = entered;
    for (int i = 0; i < TAKERS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
        sum += taken[i];
    }
    CHECK(counted == sum);
    CHECK(sum > entered);
}

/*
 * Duels: from one word, two threads make one transition each (or a few in a row) at the same moment. Which of them may succeed, and
 * what the word is then, is said for each pair.
 */
#define DUELS 5000
#define E 100

/* On a busy machine there are fewer: each duel may cost both threads a turn at the CPU. */
#define DUELS_SECONDS 3

/* What else the two share: the P's bit in the idle mask, and one place of a queue. */
static atomic_uint bits;
static atomic_int queue;

static bool do_enter(void) {
    return pinion_transition_enter(&p, E);
}

static bool do_block(void) {
    return pinion_transition_block(&p, E);
}

static bool do_unblock(void) {
    return pinion_transition_unblock(&p, E);
}

static bool do_call(void) {
    return pinion_transition_block(&p, E) && pinion_transition_unblock(&p, E);
}

static bool do_run(void) {
    pinion_transition_run(&p, E);
    return true;
}

static bool do_take(void) {
    uint64_t epoch;
    return pinion_transition_take(&p, pinion_word_acquire(&p), &epoch);
}

static bool do_take_and_give(void) {
    uint64_t epoch;
    if (!pinion_transition_take(&p, pinion_word_acquire(&p), &epoch)) {
        return false;
    }
    pinion_transition_run(&p, pinion_transition_hand_off(&p, epoch));
    return true;
}

static bool do_take_and_idle(void) {
    uint64_t epoch;
    if (!pinion_transition_take(&p, pinion_word_acquire(&p), &epoch)) {
        return false;
    }
    pinion_transition_idle(&p, epoch);
    return true;
}

static bool do_take_and_kill(void) {
    uint64_t epoch;
    if (!pinion_transition_take(&p, pinion_word_acquire(&p), &epoch)) {
        return false;
    }
    pinion_transition_kill(&p, epoch);
    return true;
}

/* Who wins the bit must find IDLE. */
static bool by_ticket(void) {
    if ((atomic_fetch_and(&bits, ~1u) & 1) == 0) {
        return false;
    }
    uint64_t epoch;
    CHECK(pinion_transition_acquire(&p, &epoch));
    return true;
}

/* Race 2, the idler's half, and the submitter's. */
static bool look_again(void) {
    atomic_fetch_or(&bits, 1);
    atomic_thread_fence(memory_order_seq_cst);
    return atomic_load_explicit(&queue, memory_order_acquire) != 0 && by_ticket();
}

static bool do_idle(void) {
    pinion_transition_idle(&p, E);
    return look_again();
}

static bool do_revive(void) {
    CHECK(pinion_transition_revive(&p));
    return look_again();
}

static bool do_submit(void) {
    atomic_store_explicit(&queue, 1, memory_order_release);
    atomic_thread_fence(memory_order_seq_cst);
    return (atomic_load_explicit(&bits, memory_order_acquire) & 1) != 0 && by_ticket();
}

/* Race 5: the killer looks at the queue again, the submitter at the word. */
static bool do_kill(void) {
    pinion_transition_kill(&p, E);
    atomic_thread_fence(memory_order_seq_cst);
    return atomic_load_explicit(&queue, memory_order_acquire) != 0;
}

static bool do_submit_to_inbox(void) {
    atomic_store_explicit(&queue, 1, memory_order_release);
    atomic_thread_fence(memory_order_seq_cst);
    return pinion_state_of(pinion_word_acquire(&p)) == PINION_DEAD;
}

#define NEVER UINT64_MAX
#define WORD(epoch, state) ((uint64_t)(epoch) << PINION_STATE_BITS | (state))

struct duel {
    const char *name;
    uint64_t from;
    bool (*one)(void);
    bool (*other)(void);
    /* The word afterwards where one alone, the other alone, or both succeeded. That neither did is never right. */
    uint64_t after_one;
    uint64_t after_other;
    uint64_t after_both;
};

static const struct duel duels[] = {
    {"enter, take", WORD(E, PINION_RUNNING), do_enter, do_take, WORD(E, PINION_SCHED), WORD(E + 1, PINION_SCHED), NEVER},
    {"enter, take and hand off", WORD(E, PINION_RUNNING), do_enter, do_take_and_give, WORD(E, PINION_SCHED),
     WORD(E + 2, PINION_RUNNING), NEVER},
    {"enter, take and idle", WORD(E, PINION_RUNNING), do_enter, do_take_and_idle, WORD(E, PINION_SCHED), WORD(E + 1, PINION_IDLE), NEVER},
    {"enter, take and kill", WORD(E, PINION_RUNNING), do_enter, do_take_and_kill, WORD(E, PINION_SCHED), WORD(E + 2, PINION_DEAD), NEVER},
    {"take, take", WORD(E, PINION_RUNNING), do_take, do_take, WORD(E + 1, PINION_SCHED), WORD(E + 1, PINION_SCHED), NEVER},
    {"take, take in a call", WORD(E, PINION_SYSCALL), do_take, do_take, WORD(E + 1, PINION_SCHED), WORD(E + 1, PINION_SCHED), NEVER},
    {"run, take", WORD(E, PINION_SCHED), do_run, do_take, WORD(E, PINION_RUNNING), NEVER, WORD(E + 1, PINION_SCHED)},
    {"block, take", WORD(E, PINION_RUNNING), do_block, do_take, WORD(E, PINION_SYSCALL), WORD(E + 1, PINION_SCHED),
     WORD(E + 1, PINION_SCHED)},
    {"block, take and hand off", WORD(E, PINION_RUNNING), do_block, do_take_and_give, WORD(E, PINION_SYSCALL),
     WORD(E + 2, PINION_RUNNING), WORD(E + 2, PINION_RUNNING)},
    {"unblock, take", WORD(E, PINION_SYSCALL), do_unblock, do_take, WORD(E, PINION_RUNNING), WORD(E + 1, PINION_SCHED),
     WORD(E + 1, PINION_SCHED)},
    {"unblock, take and hand off", WORD(E, PINION_SYSCALL), do_unblock, do_take_and_give, WORD(E, PINION_RUNNING),
     WORD(E + 2, PINION_RUNNING), WORD(E + 2, PINION_RUNNING)},
    {"unblock, take and idle", WORD(E, PINION_SYSCALL), do_unblock, do_take_and_idle, WORD(E, PINION_RUNNING), WORD(E + 1, PINION_IDLE),
     WORD(E + 1, PINION_IDLE)},
    {"unblock, take and kill", WORD(E, PINION_SYSCALL), do_unblock, do_take_and_kill, WORD(E, PINION_RUNNING), WORD(E + 2, PINION_DEAD),
     WORD(E + 2, PINION_DEAD)},
    {"block and unblock, take", WORD(E, PINION_RUNNING), do_call, do_take, WORD(E, PINION_RUNNING), WORD(E + 1, PINION_SCHED),
     WORD(E + 1, PINION_SCHED)},
    {"acquire, acquire by ticket", WORD(E, PINION_IDLE), by_ticket, by_ticket, WORD(E + 1, PINION_SCHED), WORD(E + 1, PINION_SCHED), NEVER},
    {"idle, submit", WORD(E, PINION_SCHED), do_idle, do_submit, WORD(E + 1, PINION_SCHED), WORD(E + 1, PINION_SCHED), NEVER},
    {"revive, submit", WORD(E, PINION_DEAD), do_revive, do_submit, WORD(E + 2, PINION_SCHED), WORD(E + 2, PINION_SCHED), NEVER},
    {"kill, submit", WORD(E, PINION_SCHED), do_kill, do_submit_to_inbox, WORD(E + 1, PINION_DEAD), WORD(E + 1, PINION_DEAD),
     WORD(E + 1, PINION_DEAD)},
};

/* Round r's start is announced by `started` reaching r, its end by `ended`. */
static atomic_int started;
static atomic_int ended;
static _Atomic(bool (*)(void)) others_part;
static atomic_bool other_won;

static void await(atomic_int *counter, int value) {
    for (int spins = 0; atomic_load(counter) < value; spins++) {
        if (spins > 1000) {
            sched_yield(); /* there may be one CPU only */
        }
    }
}

static void *other_duellist(void *unused) {
    (void)unused;
    for (int round = 1;; round++) {
        await(&started, round);
        bool (*part)(void) = atomic_load(&others_part);
        if (part == NULL) {
            return NULL;
        }
        atomic_store(&other_won, part());
        atomic_store(&ended, round);
    }
}

static bool is_over(const struct timespec *begin) {
    struct timespec now;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return now.tv_sec - begin->tv_sec > DUELS_SECONDS;
}

static void of_two_transitions_at_once_only_what_the_table_allows_succeeds(void) {
    enum { PAIRS = sizeof duels / sizeof duels[0] };
    struct timespec begin;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &begin) == 0);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, other_duellist, NULL) == 0);
    int round = 1;
    for (; round <= PAIRS || (round <= PAIRS * DUELS && !is_over(&begin)); round++) {
        const struct duel *duel = &duels[round % PAIRS];
        atomic_store(&p.word, duel->from);
        atomic_store(&bits, duel->one == by_ticket ? 1 : 0);
        atomic_store(&queue, 0);
        atomic_store(&others_part, duel->other);
        atomic_store(&started, round);
        for (int i = round % 64; i > 0; i--) {
            atomic_signal_fence(memory_order_seq_cst); /* a loop of some length: the other comes first, too */
        }
        bool won = duel->one();
        await(&ended, round);
        bool also = atomic_load(&other_won);
        uint64_t expected = won && also ? duel->after_both : won ? duel->after_one : also ? duel->after_other : NEVER;
        if (atomic_load(&p.word) != expected) {
            fprintf(stderr, "%s: %d, %d, epoch %llu, state %d\n", duel->name, won, also,
                    (unsigned long long)pinion_epoch_of(atomic_load(&p.word)), (int)pinion_state_of(atomic_load(&p.word)));
            exit(1);
        }
    }
    atomic_store(&others_part, NULL);
    atomic_store(&started, round);
    CHECK(pthread_join(thread, NULL) == 0);
}

int main(void) {
    fresh_memory_is_idle_at_epoch_zero();
    a_life_of_a_p();
    everything_else_is_refused();
    the_epoch_fills_56_bits();
    a_p_is_never_held_twice();
    of_two_transitions_at_once_only_what_the_table_allows_succeeds();
    return 0;
}
