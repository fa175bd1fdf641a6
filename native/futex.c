/* The futex under idle Ms. Private: no other process has this memory. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "calls.h"

/*
 * 0: woken, perhaps without a reason. -EAGAIN: the word was another already. -EINTR: a signal. -ETIMEDOUT. All four mean
 * "look at the word again". A relative timeout runs on CLOCK_MONOTONIC.
 */
int pinion_futex_wait(_Atomic(uint32_t) *word, uint32_t expected, int64_t timeout_nanos) {
    struct timespec timeout = {
        .tv_sec = (time_t)(timeout_nanos / 1000000000),
        .tv_nsec = (long)(timeout_nanos % 1000000000),
    };
    long result = syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, timeout_nanos < 0 ? NULL : &timeout, NULL, 0);
    return result < 0 ? -errno : 0;
}

int pinion_futex_wake(_Atomic(uint32_t) *word, int count) {
    long woken = syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
    return woken < 0 ? -errno : (int)woken;
}
