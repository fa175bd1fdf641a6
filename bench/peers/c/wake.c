/* What a wake and a sleep cost at least: two threads on two cores, one futex or one cache line between them; the kernel's own timer. */
#define _GNU_SOURCE
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "peer.h"

/* As in dev.pinion.bench.program.Wakes. */
#define WAKES 2000
#define WARM_UP 500
#define PAUSE_NANOS 300000ull

static _Alignas(128) _Atomic int asked;
static _Alignas(128) _Atomic int answered;
static _Alignas(128) _Atomic uint64_t woken_nanos;
static _Atomic int sleepers_cpu = -1;
static struct samples latencies;
static bool spinning;

static void *sleeper(void *unused) {
    (void)unused;
    pin_to(0);
    atomic_store(&sleepers_cpu, sched_getcpu());
    for (int seen = 0; seen < WARM_UP + WAKES; seen++) {
        while (atomic_load(&asked) == seen) {
            if (!spinning) {
                syscall(SYS_futex, &asked, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
            }
        }
        uint64_t late = now_nanos() - atomic_load(&woken_nanos);
        if (seen >= WARM_UP) {
            samples_add(&latencies, late);
        }
        atomic_store(&answered, seen + 1);
    }
    return NULL;
}

static void wakes(bool waker_sleeps) {
    pthread_t thread;
    if (allowed_cpus() < 2) {
        die("a wake from one core to another wants two CPUs");
    }
    /* Before this thread is bound: a new one inherits its maker's CPUs, and would choose its own among that one. */
    if (pthread_create(&thread, NULL, sleeper, NULL) != 0) {
        die("no thread");
    }
    pin_to(1);
    while (atomic_load(&sleepers_cpu) < 0) {
    }
    if (atomic_load(&sleepers_cpu) == sched_getcpu()) {
        die("both threads are on CPU %d: that is no wake from one core to another", sched_getcpu());
    }
    struct rusage before = usage_now();
    for (int i = 0; i < WARM_UP + WAKES; i++) {
        if (waker_sleeps) {
            sleep_nanos(PAUSE_NANOS);
        } else {
            for (uint64_t until = now_nanos() + PAUSE_NANOS; now_nanos() < until;) {
            }
        }
        atomic_store(&woken_nanos, now_nanos());
        atomic_store(&asked, i + 1);
        if (!spinning) {
            syscall(SYS_futex, &asked, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
        }
        while (atomic_load(&answered) != i + 1) {
        }
    }
    usage_report(&before, WARM_UP + WAKES);
    pthread_join(thread, NULL);
    samples_report(&latencies, "", true);
}

void wake_futex(bool waker_sleeps) {
    wakes(waker_sleeps);
}

void wake_spinning(void) {
    spinning = true;
    wakes(false);
}

static void lateness(uint64_t length, int times, const char *prefix) {
    struct samples late = {0};
    for (int i = 0; i < times; i++) {
        uint64_t due = now_nanos() + length;
        sleep_nanos(length);
        samples_add(&late, now_nanos() - due);
    }
    if (prefix != NULL) {
        samples_report(&late, prefix, false);
    }
    free(late.values);
}

void sleeps(void) {
    pin_to(0);
    if (prctl(PR_SET_TIMERSLACK, 1) != 0) {
        die("no timer slack of 1 ns");
    }
    lateness(200000, 500, NULL);
    struct rusage before = usage_now();
    lateness(50000, 3000, "50us-");
    lateness(200000, 1500, "200us-");
    lateness(1000000, 400, "1ms-");
    usage_report(&before, 4900);
}
