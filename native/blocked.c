/*
 * The proof that a thread is blocked: what it sleeps in, from /proc/self/task/TID/syscall.
 *
 * The file says "running" of a thread that has the CPU or waits for it, and else the number of its system call, or -1 outside any call: a
 * page fault. The thread is not disturbed, and any thread of the process may ask, as an ordinary user too. About 1 us.
 *
 * Rejected: the letter in .../stat, which cannot tell a read of a pipe from a futex, where every thread of a JVM sleeps at a safepoint;
 * and switch records of perf_event_open(2), which tell the preempted from the blocked without a system call, but which containers forbid.
 *
 * The file stays open from look to look (opening it costs more than reading it), but belongs to one reader at a time: who wants it takes it
 * out of m.proof by an exchange with 0 and puts it back by a CAS from 0. Who finds nothing there opens one, and who cannot put his back closes
 * it. So nobody reads a descriptor that somebody else closes, and, what matters more, nobody waits for another reader: two preads of one
 * open file exclude each other in the kernel, and the tripwire, which only ever gets an idle CPU, may be kept off it in the middle of one
 * for as long as there is work.
 *
 * An M's end against a reader (a Dekker pair, all of it seq_cst):
 *
 *      M that unbinds           reader
 *      E1 tid = 0               R1 read tid; take the file out of m.proof; it is of another thread: close it, open one
 *      E2 take out, close       R2 read it
 *                               R3 put it back, with the tid of R1 beside it
 *                               R4 read tid: another one than in R1: take out, close; the answer is "no such thread"
 *
 *    Either E2 sees what R3 put back, or R4 sees E1. The tid stands beside the descriptor because between R3 and R4 another reader can
 *    meet a file that is too old, when the M's memory serves another M by then.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls.h"

/* m.proof: the thread's id above, the descriptor + 1 below. */
static uint64_t proof_of(int tid, int fd) {
    return (uint64_t)(uint32_t)tid << 32 | ((uint32_t)fd + 1);
}

static int fd_of(uint64_t proof) {
    return (int)((uint32_t)proof - 1);
}

static int tid_of(uint64_t proof) {
    return (int)(proof >> 32);
}

/* Any thread; called with a tid that is out of date. */
void pinion_close_proof(struct pinion_m *m) {
    uint64_t proof = atomic_exchange(&m->proof, 0);
    if (proof) {
        close(fd_of(proof));
    }
}

static int open_proof(int tid) {
    char path[48];
    snprintf(path, sizeof path, "/proc/self/task/%d/syscall", tid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

static int kind_of(int number) {
    switch (number) {
    case SYS_futex:
        return PINION_IN_FUTEX;
    case SYS_mmap:
    case SYS_munmap:
    case SYS_mprotect:
    case SYS_madvise:
    case SYS_brk:
        return PINION_IN_MEMORY_CALL;
    case SYS_nanosleep:
    case SYS_clock_nanosleep:
        return PINION_IN_SLEEP;
    default:
        return PINION_IN_CALL + number;
    }
}

/* "running\n", "-1 0x... 0x...\n" or "0 0x... (eight of them)\n". -EBADMSG: none of these. */
int pinion_blocked_in_text(const char *text, int64_t length) {
    static const char running[] = "running\n";
    if (length == (int64_t)strlen(running) && memcmp(text, running, strlen(running)) == 0) {
        return PINION_ON_CPU;
    }
    if (length >= 3 && memcmp(text, "-1 ", 3) == 0) {
        return PINION_IN_NO_CALL;
    }
    int number = 0;
    int64_t i = 0;
    for (; i < length && i < 9 && text[i] >= '0' && text[i] <= '9'; i++) {
        number = number * 10 + (text[i] - '0');
    }
    if (i == 0 || i == length || text[i] != ' ') {
        return -EBADMSG;
    }
    return kind_of(number);
}

/* -ESRCH: no thread, or it ended meanwhile. Other errors are the kernel's, from open(2) or pread(2). */
int pinion_blocked_in(struct pinion_m *m) {
    int tid = atomic_load(&m->tid);
    if (tid == 0) {
        return -ESRCH;
    }
    uint64_t proof = atomic_exchange(&m->proof, 0);
    if (proof && tid_of(proof) != tid) {
        close(fd_of(proof));
        proof = 0;
    }
    int fd = proof ? fd_of(proof) : open_proof(tid);
    if (fd < 0) {
        return fd == -ENOENT && atomic_load(&m->tid) != tid ? -ESRCH : fd;
    }
    char text[32];
    ssize_t length = pread(fd, text, sizeof text, 0);
    if (length < 0) {
        /* Not put back: a thread of the same id may have followed, and its file is another. */
        int error = -errno;
        close(fd);
        return error;
    }
    uint64_t nothing = 0;
    if (!atomic_compare_exchange_strong(&m->proof, &nothing, proof_of(tid, fd))) {
        close(fd);
    }
    if (atomic_load(&m->tid) != tid) {
        pinion_close_proof(m);
        return -ESRCH;
    }
    return pinion_blocked_in_text(text, length);
}
