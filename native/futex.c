/* The futex under idle Ms, and the clock of all deadlines. Private: no other process has this memory. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "calls.h"

int64_t pinion_now_nanos(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/*
 * 0: woken, perhaps without a reason. -EAGAIN: the word was another already. -ETIMEDOUT. All three mean "look at the word again".
 * A signal does not end it, and does not put off its end, on CLOCK_MONOTONIC: under a profiler's signals a thread waits as long as else.
 */
int pinion_futex_wait(_Atomic(uint32_t) *word, uint32_t expected, int64_t timeout_nanos) {
    struct timespec end;
    if (timeout_nanos >= 0) {
        clock_gettime(CLOCK_MONOTONIC, &end);
        int64_t nanos = end.tv_nsec + timeout_nanos % 1000000000;
        end.tv_sec += (time_t)(timeout_nanos / 1000000000 + nanos / 1000000000);
        end.tv_nsec = (long)(nanos % 1000000000);
    }
    long result;
    do {
        result = syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, expected, timeout_nanos < 0 ? NULL : &end, NULL, FUTEX_BITSET_MATCH_ANY);
    } while (result < 0 && errno == EINTR);
    return result < 0 ? -errno : 0;
}

int pinion_futex_wake(_Atomic(uint32_t) *word, int count) {
    long woken = syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
    return woken < 0 ? -errno : (int)woken;
}
