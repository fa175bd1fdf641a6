/* The system calls that need no JVM. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "calls.h"
#include "check.h"

static int64_t now(void) {
    struct timespec time;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &time) == 0);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static void affinity(void) {
    uint64_t before[PINION_MASK_WORDS];
    uint64_t seen[PINION_MASK_WORDS];
    int words = pinion_get_affinity(0, before, PINION_MASK_WORDS);
    CHECK(words > 0);
    /* Beyond what the kernel filled, the array is zero even if it was not. */
    memset(seen, 0xff, sizeof seen);
    CHECK(pinion_get_affinity(0, seen, PINION_MASK_WORDS) == words);
    CHECK(memcmp(before, seen, sizeof seen) == 0);
    CHECK(pinion_get_affinity(0, seen, 0) == -EINVAL);

    int cpu = 0;
    while (!(before[cpu / 64] >> (cpu % 64) & 1)) {
        cpu++;
    }
    CHECK(pinion_bind_to_cpu(0, cpu) == 0);
    CHECK(pinion_get_affinity(0, seen, PINION_MASK_WORDS) == words);
    for (int i = 0; i < PINION_MASK_WORDS; i++) {
        CHECK(seen[i] == (i == cpu / 64 ? UINT64_C(1) << (cpu % 64) : 0));
    }
    CHECK(pinion_bind_to_cpu(0, -1) == -EINVAL);
    CHECK(pinion_bind_to_cpu(0, PINION_MASK_WORDS * 64) == -EINVAL);
    CHECK(pinion_bind_to_cpu(0, PINION_MASK_WORDS * 64 - 1) == -EINVAL);
    CHECK(pinion_set_affinity(0, before, (unsigned)words) == 0);
    CHECK(pinion_get_affinity(0, seen, PINION_MASK_WORDS) == words);
    CHECK(memcmp(before, seen, sizeof seen) == 0);
    uint64_t none = 0;
    CHECK(pinion_set_affinity(0, &none, 1) == -EINVAL);
}

static void timer_slack(void) {
    int64_t born_with = pinion_get_timer_slack();
    CHECK(born_with >= 0);
    if (born_with == 0) {
        fprintf(stderr, "timer slack is 0: a real-time policy\n");
        return;
    }
    CHECK(pinion_set_timer_slack(1) == 0 && pinion_get_timer_slack() == 1);
    CHECK(pinion_set_timer_slack(INT64_C(3000000000)) == 0);
    CHECK(pinion_get_timer_slack() == INT64_C(3000000000));
    CHECK(pinion_set_timer_slack(0) == 0 && pinion_get_timer_slack() == born_with);
}

static void thread_clock(void) {
    int tid = (int)syscall(SYS_gettid);
    int64_t mine = pinion_thread_cpu_nanos(0);
    int64_t by_id = pinion_thread_cpu_nanos(tid);
    CHECK(mine > 0 && by_id >= mine);
    CHECK(pinion_thread_cpu_nanos(tid) >= by_id);
    /* Some other clock's number, if it were shifted without a look. */
    CHECK(pinion_thread_cpu_nanos(INT32_MAX) == -EINVAL);
    CHECK(pinion_thread_cpu_nanos(-1) == -EINVAL);
    /* The parent is no thread of this process. */
    CHECK(pinion_thread_cpu_nanos(getppid()) == -EINVAL || getppid() == 0);
}

static void memory(void) {
    int64_t address = pinion_map_shared(100000);
    CHECK(address > 0 && address % (int64_t)sizeof(struct pinion_p) == 0);
    const unsigned char *bytes = (const unsigned char *)(uintptr_t)address;
    for (int i = 0; i < 100000; i++) {
        CHECK(bytes[i] == 0);
    }
    CHECK(pinion_unmap_shared((uint64_t)address, 100000) == 0);
    CHECK(pinion_unmap_shared(1, 4096) == -EINVAL);
    CHECK(pinion_map_shared(UINT64_C(1) << 62) == -ENOMEM);
}

static _Atomic(uint32_t) word;
static _Atomic(int) answer;

static void *sleeper(void *arg) {
    (void)arg;
    int result = 0;
    while (atomic_load(&word) == 0) {
        result = pinion_futex_wait(&word, 0, -1);
        CHECK(result == 0 || result == -EAGAIN);
    }
    atomic_store(&answer, 1);
    return NULL;
}

static void futex(void) {
    CHECK(pinion_futex_wait(&word, 1, -1) == -EAGAIN);
    int64_t start = now();
    CHECK(pinion_futex_wait(&word, 0, 2000000) == -ETIMEDOUT);
    CHECK(now() - start >= 2000000);
    CHECK(pinion_futex_wait(&word, 0, 0) == -ETIMEDOUT);
    CHECK(pinion_futex_wake(&word, 1) == 0);

    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, sleeper, NULL) == 0);
    atomic_store(&word, 1);
    CHECK(pinion_futex_wake(&word, 1) >= 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(atomic_load(&answer) == 1);
}

/* A thread that starts while its starter is asleep: only a wake can end the sleep. */
static void *waker(void *arg) {
    (void)arg;
    while (pinion_futex_wake(&word, 1) != 1) {
        CHECK(pinion_futex_wait(&word, 99, 0) == -EAGAIN);
    }
    return NULL;
}

static void a_wake_ends_the_sleep(void) {
    atomic_store(&word, 0);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, waker, NULL) == 0);
    CHECK(pinion_futex_wait(&word, 0, -1) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
}

static _Atomic(int) signals;

static void count_signal(int number) {
    (void)number;
    atomic_fetch_add(&signals, 1);
}

static void signals_neither_end_a_sleep_nor_put_off_its_end(void) {
    struct sigaction action = {.sa_handler = count_signal}; /* not SA_RESTART */
    struct itimerval period = {{0, 1000}, {0, 1000}};
    struct itimerval none = {{0, 0}, {0, 0}};
    CHECK(sigaction(SIGALRM, &action, NULL) == 0 && setitimer(ITIMER_REAL, &period, NULL) == 0);
    atomic_store(&word, 0);
    int64_t start = now();
    CHECK(pinion_futex_wait(&word, 0, 50000000) == -ETIMEDOUT && now() - start >= 50000000);
    CHECK(setitimer(ITIMER_REAL, &none, NULL) == 0 && atomic_load(&signals) > 1);
}

static void *slice_of_child(void *slice) {
    *(int64_t *)slice = pinion_get_slice(0);
    return NULL;
}

/* Last, since the kernel may lack it. */
static void slice(void) {
    int64_t normal = pinion_get_slice(0);
    if (normal == -EOPNOTSUPP) {
        CHECK(pinion_set_slice(0, 100000) == -EOPNOTSUPP);
        SKIP("this kernel has no EEVDF slices (Linux 6.12)");
    }
    CHECK(normal > 0);
    int nice_before = getpriority(PRIO_PROCESS, 0);
    CHECK(pinion_set_slice(0, 200000) == 0);
    CHECK(pinion_get_slice(0) == 200000);
    CHECK(getpriority(PRIO_PROCESS, 0) == nice_before);
    pthread_t thread;
    int64_t of_child = 0;
    CHECK(pthread_create(&thread, NULL, slice_of_child, &of_child) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(of_child != 200000 || nice_before < 0); /* there it is kept from children by binding.c alone */
    /* As an ordinary user too, whom the kernel does not let clear the reset-on-fork flag. */
    CHECK(pinion_set_slice(0, 0) == 0);
    CHECK(pinion_get_slice(0) != 200000);
    CHECK(pinion_set_slice(-1, 100000) == -EINVAL);
}

int main(void) {
    affinity();
    timer_slack();
    thread_clock();
    memory();
    futex();
    a_wake_ends_the_sleep();
    signals_neither_end_a_sleep_nor_put_off_its_end();
    slice();
    return 0;
}
