/* What a bound M starts inherits neither its CPU, its slack nor its slice, but its nice value; also while it is being re-bound. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "calls.h"
#include "check.h"

static uint64_t process[PINION_MASK_WORDS];
static int words;
static int cpus[2] = {-1, -1};

static bool bound_to(int tid, int cpu) {
    uint64_t seen[PINION_MASK_WORDS];
    CHECK(pinion_get_affinity(tid, seen, PINION_MASK_WORDS) > 0);
    for (int i = 0; i < words; i++) {
        if (seen[i] != (cpu < 0 ? process[i] : i == cpu / 64 ? UINT64_C(1) << (cpu % 64) : 0)) {
            return false;
        }
    }
    return true;
}

static struct pinion_m m;

static void *child(void *wide) {
    *(bool *)wide = bound_to(0, -1) && pinion_get_timer_slack() != 1;
    return NULL;
}

static bool child_is_wide(void) {
    struct pinion_narrowness kept;
    bool widened = pinion_widen(&kept);
    pthread_t thread;
    bool wide = false;
    CHECK(pthread_create(&thread, NULL, child, &wide) == 0);
    if (widened) {
        pinion_narrow(&kept);
    }
    CHECK(pthread_join(thread, NULL) == 0);
    return wide;
}

static void *an_m(void *arg) {
    (void)arg;
    struct pinion_narrowness kept;
    CHECK(!pinion_widen(&kept));
    CHECK(pinion_bind_self(&m, 100000) == -EINVAL && bound_to(0, -1));
    CHECK(pinion_bind_self(&m, cpus[0]) == 0);
    CHECK(atomic_load(&m.tid) == (int)syscall(SYS_gettid) && atomic_load(&m.cpu) == cpus[0]);
    CHECK(bound_to(0, cpus[0]));
    CHECK(pinion_set_timer_slack(1) == 0);
    CHECK(child_is_wide());
    CHECK(bound_to(0, cpus[0]) && pinion_get_timer_slack() == 1);
    CHECK(pinion_rebind(&m, 100000) == -EINVAL && atomic_load(&m.cpu) == cpus[0]);
    CHECK(pinion_rebind(&m, -1) == 0 && bound_to(0, -1));
    CHECK(child_is_wide() && bound_to(0, -1) && pinion_get_timer_slack() == 1);
    CHECK(pinion_rebind(&m, cpus[0]) == 0 && bound_to(0, cpus[0]));
    /* Re-bound while widened: nothing happens until it narrows, and then to the new CPU. */
    CHECK(pinion_widen(&kept) && bound_to(0, -1));
    CHECK(pinion_rebind(&m, cpus[1]) == 0);
    CHECK(bound_to(0, -1));
    pinion_narrow(&kept);
    CHECK(bound_to(0, cpus[1]));
    CHECK(pinion_unbind_self() == 0 && bound_to(0, -1) && pinion_get_timer_slack() != 1);
    CHECK(atomic_load(&m.tid) == 0 && pinion_rebind(&m, cpus[0]) == -ESRCH);
    CHECK(pinion_unbind_self() == 0);
    CHECK(!pinion_widen(&kept));
    return NULL;
}

struct standing {
    int nice;
    int64_t slice;
};

static void *standing_of_child(void *arg) {
    struct standing *standing = arg;
    standing->nice = getpriority(PRIO_PROCESS, 0);
    standing->slice = pinion_get_slice(0);
    return NULL;
}

#define SLICE 200000

/* The kernel would take the one with the other. */
static void *an_m_of_negative_nice(void *arg) {
    (void)arg;
    if (setpriority(PRIO_PROCESS, 0, -1) != 0) {
        fprintf(stderr, "no negative nice value for this user: what such an M starts was not looked at\n");
        return NULL;
    }
    CHECK(pinion_bind_self(&m, cpus[0]) == 0);
    if (pinion_set_slice(0, SLICE) != 0) {
        fprintf(stderr, "this kernel has no EEVDF slices (Linux 6.12): what an M of negative nice starts was not looked at\n");
        CHECK(pinion_unbind_self() == 0);
        return NULL;
    }
    struct pinion_narrowness kept;
    struct standing of_child = {0};
    pthread_t thread;
    CHECK(pinion_widen(&kept));
    CHECK(pthread_create(&thread, NULL, standing_of_child, &of_child) == 0);
    pinion_narrow(&kept);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(of_child.nice == -1);
    CHECK(of_child.slice > 0 && of_child.slice != SLICE);
    CHECK(pinion_get_slice(0) == SLICE && getpriority(PRIO_PROCESS, 0) == -1);
    /* Its P is taken while it is widened: the slice went with it. */
    CHECK(pinion_widen(&kept));
    CHECK(pinion_set_slice((int)syscall(SYS_gettid), 0) == 0);
    pinion_narrow(&kept);
    CHECK(pinion_get_slice(0) == of_child.slice);
    /* Without a slice of its own it gets none. */
    CHECK(pinion_widen(&kept) && kept.slice.nanos == 0);
    pinion_narrow(&kept);
    CHECK(pinion_unbind_self() == 0);
    return NULL;
}

/*
 * The race of binding.c: an M that widens and narrows, against a re-binder. It re-binds once for each time the M has narrowed, after
 * a pause of another length each time: more often, and the M, which follows every change, would never be done narrowing.
 */
#define ROUNDS 10000

/* Both threads wait for each other by yielding, which on a machine that is busy otherwise takes milliseconds a round: then fewer do. */
#define PATIENCE_SECONDS 5

static bool is_over(time_t start) {
    return time(NULL) - start > PATIENCE_SECONDS;
}

static atomic_bool bound;
static atomic_int widenings;
static atomic_bool stopped;

/* A re-binder may be between its store of the CPU and its setaffinity, and off its CPU for as long as a loaded machine likes: then look
   again, until it is so. Where it never is, this hangs, and so fails. */
static void wait_until_bound_to_own_cpu(void) {
    while (!bound_to(0, atomic_load(&m.cpu))) {
        sched_yield();
    }
}

static void *restless(void *arg) {
    (void)arg;
    CHECK(pinion_bind_self(&m, cpus[0]) == 0);
    atomic_store(&bound, true);
    while (!atomic_load(&stopped)) {
        struct pinion_narrowness kept;
        CHECK(pinion_widen(&kept));
        CHECK(bound_to(0, -1));
        sched_yield();
        CHECK(bound_to(0, -1));
        pinion_narrow(&kept);
        CHECK(atomic_load(&m.binding) != PINION_WIDENED);
        wait_until_bound_to_own_cpu();
        atomic_fetch_add(&widenings, 1);
    }
    CHECK(bound_to(0, atomic_load(&m.cpu)));
    CHECK(atomic_load(&m.binding) == PINION_BOUND);
    CHECK(pinion_unbind_self() == 0);
    return NULL;
}

static void a_widened_m_is_never_narrowed_by_others(void) {
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, restless, NULL) == 0);
    while (!atomic_load(&bound)) {
        sched_yield();
    }
    time_t start = time(NULL);
    for (int i = 0; i < ROUNDS && !is_over(start); i++) {
        int before = atomic_load(&widenings);
        for (volatile int pause = i % 3001; pause > 0; pause--) {
        }
        CHECK(pinion_rebind(&m, cpus[i & 1]) == 0);
        while (atomic_load(&widenings) == before) {
            sched_yield();
        }
    }
    atomic_store(&stopped, true);
    CHECK(pthread_join(thread, NULL) == 0);
}

/*
 * Ms of one struct are born and end all the time while a re-binder is at it: each ends with the thread's own mask, and what the re-binder
 * is told of is a living M's.
 */
#define LIVES 5000

static atomic_int wanted_cpu;

/* As M.bind does. */
static void *short_lived(void *arg) {
    (void)arg;
    int cpu = atomic_load(&wanted_cpu);
    CHECK(pinion_bind_self(&m, cpu) == 0);
    while (cpu != atomic_load(&wanted_cpu)) {
        cpu = atomic_load(&wanted_cpu);
        CHECK(pinion_rebind(&m, cpu) == 0);
    }
    wait_until_bound_to_own_cpu();
    CHECK(pinion_unbind_self() == 0);
    CHECK(bound_to(0, -1));
    return NULL;
}

static void *lives(void *arg) {
    (void)arg;
    time_t start = time(NULL);
    for (int i = 0; i < LIVES && !is_over(start); i++) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, short_lived, NULL) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
    }
    atomic_store(&stopped, true);
    return NULL;
}

static void an_m_is_where_its_p_is_from_birth_to_end(void) {
    pthread_t thread;
    atomic_store(&stopped, false);
    atomic_store(&wanted_cpu, cpus[0]);
    CHECK(pthread_create(&thread, NULL, lives, NULL) == 0);
    for (int i = 0; !atomic_load(&stopped); i++) {
        atomic_store(&wanted_cpu, cpus[i & 1]);
        int error = pinion_rebind(&m, cpus[i & 1]);
        CHECK(error == 0 || error == -ESRCH);
        for (volatile int pause = i % 3001; pause > 0; pause--) {
        }
    }
    CHECK(pthread_join(thread, NULL) == 0);
}

int main(void) {
    CHECK(pinion_bind_self(&m, 0) == -EINVAL); /* no process mask yet */
    CHECK(pinion_set_process_mask(process, 0) == -EINVAL);
    CHECK(pinion_set_process_mask(process, PINION_MASK_WORDS + 1) == -EINVAL);
    words = pinion_get_affinity(0, process, PINION_MASK_WORDS);
    CHECK(words > 0);
    CHECK(pinion_set_process_mask(process, (unsigned)words) == 0);
    int found = 0;
    for (int cpu = 0; cpu < words * 64 && found < 2; cpu++) {
        if (process[cpu / 64] >> (cpu % 64) & 1) {
            cpus[found++] = cpu;
        }
    }
    if (found < 2) {
        SKIP("one CPU: bound and widened cannot be told apart");
    }
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, an_m, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    memset(&m, 0, sizeof m);
    CHECK(pthread_create(&thread, NULL, an_m_of_negative_nice, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    memset(&m, 0, sizeof m);
    a_widened_m_is_never_narrowed_by_others();
    memset(&m, 0, sizeof m);
    an_m_is_where_its_p_is_from_birth_to_end();
    return 0;
}
