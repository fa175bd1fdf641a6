/*
 * The tripwire, on one core with an M of the test's own: what raises an alarm and what does not, who is woken, and its sleep and end.
 *
 * It gets a CPU only when that core has nothing else to do, so beside other work everything here takes long. Waits have no limit: where the
 * awaited never comes, ctest ends the test.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "calls.h"
#include "check.h"
#include "users.h"

static struct pinion_p p;
static struct pinion_m m;
static struct pinion_m spare;
static struct pinion_tripwire *t;
static _Atomic(uint32_t) sysmon;
static uint64_t process[PINION_MASK_WORDS];
static int words;
static int cpu;
static int pipes[2];
static _Atomic(uint32_t) futex;
static atomic_bool over;

static void set_word(uint64_t epoch, enum pinion_state state) {
    atomic_store(&p.word, pinion_word(epoch, state));
}

/* A fresh one each time, never unmapped, as in life: the last one may still run. */
static void start_tripwire(void) {
    memset(&p, 0, sizeof p);
    memset(&spare, 0, sizeof spare);
    p.id = 7;
    atomic_store(&sysmon, 0);
    int64_t memory = pinion_map_shared(sizeof *t);
    CHECK(memory > 0);
    t = (struct pinion_tripwire *)(uintptr_t)memory;
    CHECK(pinion_tripwire_start(t, &p, (uint64_t)(uintptr_t)&sysmon, cpu) == 0);
    CHECK(atomic_load(&t->tid) != 0 && atomic_load(&t->armed) == 0);
}

static void wait_for_end(void) {
    while (atomic_load(&t->tid)) {
        usleep(100);
    }
}

static void stop_tripwire(void) {
    pinion_tripwire_stop(t);
    wait_for_end();
}

static void wait_for_beats(uint64_t count) {
    uint64_t before = atomic_load(&t->beats);
    while (atomic_load(&t->beats) < before + count) {
        usleep(100);
    }
}

/* The M, bound to the tripwire's core and the P's holder in the given state from here on. */
static void hold(enum pinion_state state) {
    CHECK(pinion_bind_self(&m, cpu) == 0);
    atomic_store(&p.holder, (uint64_t)(uintptr_t)&m);
    set_word(5, state);
    pinion_tripwire_arm(t);
}

static void *reads_a_pipe(void *state) {
    char byte;
    hold(*(enum pinion_state *)state);
    CHECK(read(pipes[0], &byte, 1) == 1);
    CHECK(pinion_unbind_self() == 0);
    return NULL;
}

static void *waits_for_a_futex(void *state) {
    hold(*(enum pinion_state *)state);
    while (!atomic_load(&futex)) {
        pinion_futex_wait(&futex, 0, -1);
    }
    CHECK(pinion_unbind_self() == 0);
    return NULL;
}

static void *computes(void *state) {
    hold(*(enum pinion_state *)state);
    while (!atomic_load(&over)) {
    }
    CHECK(pinion_unbind_self() == 0);
    return NULL;
}

static pthread_t start_m(void *(*run)(void *), enum pinion_state *state) {
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, run, state) == 0);
    return thread;
}

static void end_read(pthread_t thread) {
    CHECK(write(pipes[1], "x", 1) == 1);
    CHECK(pthread_join(thread, NULL) == 0);
}

/* As the idle M of race 10 does. */
static void wait_for_alarm(void) {
    while (atomic_load(&spare.futex) == PINION_M_ASLEEP) {
        pinion_futex_wait(&spare.futex, PINION_M_ASLEEP, -1);
    }
    CHECK(atomic_exchange(&spare.futex, PINION_M_ASLEEP) == PINION_M_ALARM);
}

static void wait_for_sysmon(void) {
    while (!atomic_load(&sysmon)) {
        pinion_futex_wait(&sysmon, 0, -1);
    }
    CHECK(atomic_exchange(&sysmon, 0) == 1);
}

static void a_blocked_holder_wakes_the_spare(enum pinion_state state) {
    start_tripwire();
    atomic_store(&p.spare, (uint64_t)(uintptr_t)&spare);
    pthread_t thread = start_m(reads_a_pipe, &state);
    wait_for_alarm();
    CHECK(atomic_load(&p.alarm) == pinion_word(5, state));
    CHECK(atomic_load(&t->alarms) >= 1 && atomic_load(&t->beats) >= 1);
    /* Nobody took the P: the alarm comes again. */
    atomic_store(&p.alarm, 0);
    wait_for_alarm();
    CHECK(atomic_load(&p.alarm) == pinion_word(5, state));
    CHECK(atomic_load(&t->late) <= 1);
    /* Somebody took it: the next holder is looked at. */
    uint64_t epoch;
    CHECK(pinion_transition_take(&p, pinion_word(5, state), &epoch));
    atomic_store(&p.holder, (uint64_t)(uintptr_t)&spare);
    wait_for_beats(10);
    atomic_store(&p.alarm, 0);
    pinion_transition_run(&p, epoch);
    wait_for_beats(10);
    CHECK(atomic_load(&p.alarm) == 0);
    stop_tripwire();
    end_read(thread);
}

static void without_a_spare_it_wakes_sysmon(void) {
    enum pinion_state state = PINION_RUNNING;
    start_tripwire();
    pthread_t thread = start_m(reads_a_pipe, &state);
    wait_for_sysmon();
    CHECK(atomic_load(&p.alarm) == pinion_word(5, PINION_RUNNING));
    /* A spare that is being given a P is none, and its word stays. */
    atomic_store(&spare.futex, PINION_M_GIVEN);
    atomic_store(&p.spare, (uint64_t)(uintptr_t)&spare);
    wait_for_beats(2);
    atomic_store(&sysmon, 0);
    wait_for_sysmon();
    CHECK(atomic_load(&spare.futex) == PINION_M_GIVEN);
    stop_tripwire();
    end_read(thread);
}

static void in_sched_nobody_is_looked_at(void) {
    enum pinion_state state = PINION_SCHED;
    start_tripwire();
    pthread_t thread = start_m(reads_a_pipe, &state);
    wait_for_beats(200);
    CHECK(atomic_load(&t->alarms) == 0 && atomic_load(&p.alarm) == 0 && atomic_load(&sysmon) == 0);
    /* And after all these turns it still sees what comes. */
    set_word(5, PINION_RUNNING);
    wait_for_sysmon();
    stop_tripwire();
    end_read(thread);
}

static void a_futex_is_no_block(void) {
    enum pinion_state state = PINION_RUNNING;
    start_tripwire();
    atomic_store(&futex, 0);
    pthread_t thread = start_m(waits_for_a_futex, &state);
    /* Until the M sleeps: on the way it may wait for the kernel. */
    while (pinion_blocked_in(&m) != PINION_IN_FUTEX) {
        usleep(100);
    }
    wait_for_beats(2);
    uint64_t before = atomic_load(&t->alarms);
    wait_for_beats(20);
    CHECK(atomic_load(&t->alarms) == before);
    atomic_store(&futex, 1);
    pinion_futex_wake(&futex, 1);
    CHECK(pthread_join(thread, NULL) == 0);
    /* The M is gone, the P says it runs: no proof. */
    before = atomic_load(&t->alarms);
    wait_for_beats(10);
    CHECK(atomic_load(&t->alarms) == before);
    stop_tripwire();
}

/* The kernel gives a SCHED_IDLE thread a small share of a busy core, so that the tripwire does look at an M that computes. */
static void who_computes_is_not_blocked(void) {
    enum pinion_state state = PINION_RUNNING;
    start_tripwire();
    atomic_store(&over, false);
    pthread_t thread = start_m(computes, &state);
    while (pinion_blocked_in(&m) != PINION_ON_CPU) {
        usleep(100);
    }
    wait_for_beats(2);
    uint64_t before = atomic_load(&t->alarms);
    wait_for_beats(5);
    CHECK(atomic_load(&t->alarms) == before);
    atomic_store(&over, true);
    CHECK(pthread_join(thread, NULL) == 0);
    stop_tripwire();
}

static void wait_until_asleep(void) {
    while (atomic_load(&t->armed)) {
        usleep(100);
    }
}

static void an_idle_p_puts_it_to_sleep(enum pinion_state state) {
    start_tripwire();
    set_word(4, PINION_SCHED);
    CHECK(pinion_tripwire_arm(t));
    CHECK(!pinion_tripwire_arm(t));
    set_word(4, state);
    wait_until_asleep();
    uint64_t beats = atomic_load(&t->beats);
    CHECK(beats >= 4);
    usleep(50000);
    CHECK(atomic_load(&t->beats) == beats && atomic_load(&t->armed) == 0);
    /* And again, with something to see. */
    state = PINION_RUNNING;
    pthread_t thread = start_m(reads_a_pipe, &state);
    wait_for_sysmon();
    set_word(5, PINION_IDLE);
    wait_until_asleep();
    stop_tripwire();
    end_read(thread);
}

/* Returns in a rest, as far as can be known. */
static void wait_until_resting(void) {
    uint32_t armed;
    while ((armed = atomic_load(&t->armed)) != PINION_TRIPWIRE_RESTING) {
        if (armed == PINION_TRIPWIRE_ASLEEP) {
            pinion_tripwire_arm(t);
        }
        usleep(20);
    }
}

static void a_block_seen_after_a_rest_is_late(void) {
    enum pinion_state state = PINION_IDLE;
    start_tripwire();
    pthread_t thread = start_m(reads_a_pipe, &state);
    while (pinion_blocked_in(&m) < PINION_IN_CALL) {
        usleep(100);
    }
    wait_until_resting();
    CHECK(atomic_load(&t->late) == 0);
    set_word(5, PINION_RUNNING);
    wait_for_sysmon();
    CHECK(atomic_load(&t->late) == 1);
    stop_tripwire();
    end_read(thread);
}

static void arming_ends_a_rest(void) {
    start_tripwire();
    set_word(4, PINION_IDLE);
    do {
        wait_until_resting();
        set_word(5, PINION_SCHED);
        /* False: the rest was over by itself. */
    } while (!pinion_tripwire_arm(t) && (set_word(4, PINION_IDLE), true));
    CHECK(atomic_load(&t->armed) == PINION_TRIPWIRE_AWAKE);
    stop_tripwire();
}

/* Race 1 of tripwire.c: around the moment at which it falls asleep, the P becomes busy and is armed. It is never asleep beside a busy P. */
static void arming_against_falling_asleep(void) {
    start_tripwire();
    time_t begin = time(NULL);
    for (unsigned i = 0; i < 300 && time(NULL) - begin < 3; i++) {
        set_word(2 * i, PINION_IDLE);
        if (i % 2) {
            wait_until_asleep();
        } else {
            usleep(14000 + i * 7919 % 3000);
        }
        set_word(2 * i + 1, PINION_SCHED);
        atomic_thread_fence(memory_order_seq_cst);
        pinion_tripwire_arm(t);
        wait_for_beats(1);
        CHECK(atomic_load(&t->armed) == PINION_TRIPWIRE_AWAKE);
    }
    stop_tripwire();
}

/* At any moment of its life, while others arm it and its P changes. */
static void *arms(void *arg) {
    (void)arg;
    while (!atomic_load(&over)) {
        pinion_tripwire_arm(t);
        sched_yield();
    }
    return NULL;
}

static void a_stop_is_never_lost(void) {
    time_t begin = time(NULL);
    for (unsigned i = 0; i < 200 && time(NULL) - begin < 3; i++) {
        start_tripwire();
        atomic_store(&over, false);
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, arms, NULL) == 0);
        set_word(i, (enum pinion_state)(i % 5));
        usleep(i * 7919 % 20000);
        pinion_tripwire_stop(t);
        set_word(i + 1, (enum pinion_state)(i / 5 % 5));
        wait_for_end();
        atomic_store(&over, true);
        CHECK(pthread_join(thread, NULL) == 0);
        CHECK(pinion_tripwire_start(t, &p, (uint64_t)(uintptr_t)&sysmon, cpu) == -EBUSY);
    }
    /* Never armed at all. */
    start_tripwire();
    stop_tripwire();
    CHECK(atomic_load(&t->beats) == 0);
}

static void status_line(int tid, const char *key, char *value, size_t length) {
    char path[64];
    char line[256];
    snprintf(path, sizeof path, "/proc/self/task/%d/status", tid);
    FILE *file = fopen(path, "re");
    CHECK(file);
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, key, strlen(key)) == 0) {
            snprintf(value, length, "%s", line + strlen(key));
            fclose(file);
            return;
        }
    }
    CHECK(!"the key is there");
}

static bool there_is_a_tripwire(void) {
    DIR *dir = opendir("/proc/self/task");
    CHECK(dir);
    bool found = false;
    for (struct dirent *entry; (entry = readdir(dir));) {
        char path[300];
        char name[16] = "";
        snprintf(path, sizeof path, "/proc/self/task/%s/comm", entry->d_name);
        FILE *file = fopen(path, "re");
        if (file) {
            CHECK(fgets(name, sizeof name, file));
            fclose(file);
        }
        found |= strncmp(name, "pinion-trip-", 12) == 0;
    }
    closedir(dir);
    return found;
}

static void what_it_is(void) {
    char value[256];
    start_tripwire();
    CHECK(there_is_a_tripwire());
    int tid = atomic_load(&t->tid);
    CHECK((sched_getscheduler(tid) & ~SCHED_RESET_ON_FORK) == SCHED_IDLE);
    CHECK(pinion_thread_exists(tid));
    uint64_t seen[PINION_MASK_WORDS];
    CHECK(pinion_get_affinity(tid, seen, PINION_MASK_WORDS) == words);
    for (int i = 0; i < words; i++) {
        CHECK(seen[i] == (i == cpu / 64 ? UINT64_C(1) << (cpu % 64) : 0));
    }
    status_line(tid, "Name:\t", value, sizeof value);
    CHECK(strcmp(value, "pinion-trip-7\n") == 0);
    status_line(tid, "SigBlk:\t", value, sizeof value);
    /* All but SIGKILL and SIGSTOP, which cannot be, and the two that are glibc's own. */
    CHECK((strtoull(value, NULL, 16) | 1 << 8 | 1 << 18 | UINT64_C(3) << 31) == UINT64_MAX);
    CHECK(pinion_tripwire_start(t, &p, (uint64_t)(uintptr_t)&sysmon, cpu) == -EBUSY);
    stop_tripwire();
    while (pinion_thread_exists(tid)) {
        usleep(100);
    }
}

static void a_start_that_fails_leaves_nothing(void) {
    struct pinion_tripwire tripwire;
    memset(&tripwire, 0, sizeof tripwire);
    CHECK(pinion_tripwire_start(&tripwire, &p, (uint64_t)(uintptr_t)&sysmon, -1) == -EINVAL);
    CHECK(pinion_tripwire_start(&tripwire, &p, (uint64_t)(uintptr_t)&sysmon, PINION_MASK_WORDS * 64 - 1) == -EINVAL);
    CHECK(atomic_load(&tripwire.tid) == 0 && atomic_load(&tripwire.stop) == 0 && atomic_load(&tripwire.armed) == 0);
    /* What was joined is still listed for a moment. */
    while (there_is_a_tripwire()) {
        usleep(1000);
    }
}

/* As whoever calls it; the exit status of main. */
static int everything(void) {
    words = pinion_get_affinity(0, process, PINION_MASK_WORDS);
    CHECK(words > 0 && pinion_set_process_mask(process, (unsigned)words) == 0);
    /* The last one that is allowed. */
    for (int i = 0; i < words * 64; i++) {
        if (process[i / 64] >> (i % 64) & 1) {
            cpu = i;
        }
    }
    CHECK(pipe2(pipes, O_CLOEXEC) == 0);
    a_start_that_fails_leaves_nothing();
    what_it_is();
    a_blocked_holder_wakes_the_spare(PINION_RUNNING);
    a_blocked_holder_wakes_the_spare(PINION_SYSCALL);
    without_a_spare_it_wakes_sysmon();
    in_sched_nobody_is_looked_at();
    a_futex_is_no_block();
    who_computes_is_not_blocked();
    an_idle_p_puts_it_to_sleep(PINION_IDLE);
    an_idle_p_puts_it_to_sleep(PINION_DEAD);
    a_block_seen_after_a_rest_is_late();
    arming_ends_a_rest();
    arming_against_falling_asleep();
    a_stop_is_never_lost();
    return 0;
}

int main(void) {
    return as_each_user(everything);
}
