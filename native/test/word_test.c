/* The transitions of the P's word: each one alone, each one from every state it must refuse, and the races by threads. */
#include <pthread.h>
#include <sched.h>
#include <string.h>

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

int main(void) {
    fresh_memory_is_idle_at_epoch_zero();
    a_life_of_a_p();
    everything_else_is_refused();
    the_epoch_fills_56_bits();
    a_p_is_never_held_twice();
    return 0;
}
