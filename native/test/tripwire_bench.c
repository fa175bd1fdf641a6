/*
 * How long it takes from an unannounced block to the spare running, and what an armed tripwire takes from an M that computes:
 *
 *   tripwire_bench [CPU [SAMPLES]]
 *
 * It needs a CPU that nobody else uses, and shows the mechanism alone: no JVM, no proof by the spare, warm caches.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "calls.h"
#include "check.h"

static struct pinion_p p;
static struct pinion_m m;
static struct pinion_m spare;
static struct pinion_tripwire *t;
static _Atomic(uint32_t) sysmon;
static int cpu;
static int samples;
static int pipes[2];
static int64_t *nanos;
static _Atomic(int64_t) blocked_at;

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static void *spare_m(void *arg) {
    (void)arg;
    CHECK(pinion_bind_self(&spare, cpu) == 0);
    atomic_store(&p.spare, (uint64_t)(uintptr_t)&spare);
    for (int i = 0; i < samples; i++) {
        while (atomic_load(&spare.futex) != PINION_M_ALARM) {
            pinion_futex_wait(&spare.futex, PINION_M_ASLEEP, -1);
        }
        nanos[i] = now() - atomic_load(&blocked_at);
        atomic_store(&spare.futex, PINION_M_ASLEEP);
        CHECK(write(pipes[1], "x", 1) == 1);
    }
    return NULL;
}

/* A block a millisecond, each under an epoch of its own as after a take. */
static void *blocking_m(void *arg) {
    (void)arg;
    CHECK(pinion_bind_self(&m, cpu) == 0);
    atomic_store(&p.holder, (uint64_t)(uintptr_t)&m);
    for (int i = 0; i < samples; i++) {
        atomic_store(&p.word, pinion_word((uint64_t)i + 1, PINION_RUNNING));
        for (int64_t until = now() + 1000000; now() < until;) {
        }
        char byte;
        atomic_store(&blocked_at, now());
        CHECK(read(pipes[0], &byte, 1) == 1);
    }
    return NULL;
}

static int by_value(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void print_percentiles(const char *what) {
    qsort(nanos, (size_t)samples, sizeof *nanos, by_value);
    printf("%-28s p50 %7.1f us   p99 %7.1f us   max %9.1f us\n", what, (double)nanos[samples / 2] / 1e3,
           (double)nanos[(int64_t)samples * 99 / 100] / 1e3, (double)nanos[samples - 1] / 1e3);
}

/* The alarm may come again before the spare has answered the first one: sysmon's word takes that, and nobody listens. */
static void block_to_spare(void) {
    pthread_t threads[2];
    CHECK(pthread_create(&threads[0], NULL, spare_m, NULL) == 0);
    while (!atomic_load(&p.spare)) {
        sched_yield();
    }
    pinion_tripwire_arm(t);
    CHECK(pthread_create(&threads[1], NULL, blocking_m, NULL) == 0);
    CHECK(pthread_join(threads[0], NULL) == 0 && pthread_join(threads[1], NULL) == 0);
    print_percentiles("block to the spare running");
}

#define WORK_NANOS INT64_C(500000000)
#define PAIRS 10

static uint64_t work(void) {
    uint64_t done = 0;
    for (int64_t until = now() + WORK_NANOS; now() < until; done++) {
        for (volatile int i = 0; i < 100; i++) {
        }
    }
    return done;
}

static void *computing_m(void *arg) {
    (void)arg;
    CHECK(pinion_bind_self(&m, cpu) == 0);
    atomic_store(&p.holder, (uint64_t)(uintptr_t)&m);
    uint64_t without = 0;
    uint64_t with = 0;
    uint64_t beats = 0;
    int64_t cpu_nanos = 0;
    for (int i = 0; i < PAIRS; i++) {
        atomic_store(&p.word, pinion_word(1, PINION_IDLE));
        while (atomic_load(&t->armed)) {
            usleep(1000);
        }
        without += work();
        atomic_store(&p.word, pinion_word(2, PINION_RUNNING));
        pinion_tripwire_arm(t);
        uint64_t beats_before = atomic_load(&t->beats);
        int64_t nanos_before = pinion_thread_cpu_nanos(atomic_load(&t->tid));
        with += work();
        beats += atomic_load(&t->beats) - beats_before;
        cpu_nanos += pinion_thread_cpu_nanos(atomic_load(&t->tid)) - nanos_before;
    }
    printf("%-28s %.4f of the work without it; its own CPU %.4f %%; %.0f turns a second\n", "an M that computes", (double)with / (double)without,
           100.0 * (double)cpu_nanos / (double)(PAIRS * WORK_NANOS), (double)beats * 1e9 / (double)(PAIRS * WORK_NANOS));
    return NULL;
}

static void proof_alone(void) {
    m.tid = (int)syscall(SYS_gettid);
    for (int i = 0; i < samples; i++) {
        int64_t begin = now();
        CHECK(pinion_blocked_in(&m) >= 0);
        nanos[i] = now() - begin;
    }
    print_percentiles("the proof, file open");
    for (int i = 0; i < samples; i++) {
        int64_t begin = now();
        CHECK(pinion_blocked_in(&m) >= 0);
        pinion_close_proof(&m);
        nanos[i] = now() - begin;
    }
    print_percentiles("the proof, file not open");
    memset(&m, 0, sizeof m);
}

int main(int argc, char **argv) {
    uint64_t process[PINION_MASK_WORDS];
    int words = pinion_get_affinity(0, process, PINION_MASK_WORDS);
    CHECK(words > 0 && pinion_set_process_mask(process, (unsigned)words) == 0);
    cpu = argc > 1 ? atoi(argv[1]) : sched_getcpu();
    samples = argc > 2 ? atoi(argv[2]) : 2000;
    CHECK(samples > 0);
    nanos = calloc((size_t)samples, sizeof *nanos);
    CHECK(nanos && pipe2(pipes, O_CLOEXEC) == 0);
    int64_t memory = pinion_map_shared(sizeof *t);
    CHECK(memory > 0);
    t = (struct pinion_tripwire *)(uintptr_t)memory;
    CHECK(pinion_tripwire_start(t, &p, (uint64_t)(uintptr_t)&sysmon, cpu) == 0);
    proof_alone();
    block_to_spare();
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, computing_m, NULL) == 0 && pthread_join(thread, NULL) == 0);
    pinion_tripwire_stop(t);
    return 0;
}
