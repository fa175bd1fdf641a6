/*
 * The calls that may block, each in two steps.
 *
 * A G that blocks keeps its M, and must not keep its P. Giving the P away costs a wake-up, several microseconds, and most calls do not
 * block: their data is there. So a call is first tried in a way that cannot wait (PINION_CALL_TRY). Only if it answers WOULD_BLOCK
 * does the caller give the P to the spare M of the core, and then makes the call that waits. MAY_BLOCK: the call cannot be tried,
 * and seldom waits; the caller leaves the word in SYSCALL meanwhile, where sysmon takes the P if it does wait. MAY_WAIT: so too, but what it
 * would wait for, another process or G, may never come; so an interrupt must be able to end it.
 *
 * Results are those of the call, or -errno. The calls that wait go on after EINTR, unless they were interrupted (interrupt.c).
 *
 * What a kernel, or the filter of a container, does not have is answered by ENOSYS, or by EPERM, which old filters say: the older call
 * is made then, and says EPERM itself where that was meant. statx is not used, and neither is fstat as a function, a symbol of glibc 2.33.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "calls.h"

#ifndef RWF_NOWAIT
#define RWF_NOWAIT 0x8
#endif

#define POINTER(value) ((void *)(uintptr_t)(value))

static int64_t result_of(int64_t result) {
    return result < 0 ? -errno : result;
}

/* The descriptor has nothing for us. Who made it non-blocking wants to hear that. */
static int64_t would_block(int fd) {
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0) {
        return -errno;
    }
    return flags & O_NONBLOCK ? -EAGAIN : PINION_WOULD_BLOCK;
}

static bool is_ready(int fd, short events) {
    struct pollfd one = {.fd = fd, .events = events};
    return poll(&one, 1, 0) > 0;
}

/* The kernel's struct is the C library's. */
static int64_t status_of(int fd, struct stat *status) {
    return syscall(SYS_fstat, fd, status);
}

static int64_t transfer(int op, int64_t fd, int64_t b, int64_t c, int64_t d) {
    switch (op) {
    case PINION_OP_READ:
        return read((int)fd, POINTER(b), (size_t)c);
    case PINION_OP_PREAD:
        return pread((int)fd, POINTER(b), (size_t)c, d);
    case PINION_OP_READV:
        return readv((int)fd, POINTER(b), (int)c);
    case PINION_OP_WRITE:
        return write((int)fd, POINTER(b), (size_t)c);
    case PINION_OP_PWRITE:
        return pwrite((int)fd, POINTER(b), (size_t)c, d);
    default:
        return writev((int)fd, POINTER(b), (int)c);
    }
}

/*
 * Data that is there is transferred, which may be less than was asked for. A file system that cannot promise not to wait says
 * EOPNOTSUPP: on a disk it may then have to (for a write: most of them, and it hardly ever does); anything else says by poll
 * whether it is ready, and only a competitor for the same data can still make us wait.
 */
static int64_t try_transfer(int op, int64_t fd, int64_t b, int64_t c, int64_t d) {
    struct iovec one = {POINTER(b), (size_t)c};
    bool many = op == PINION_OP_READV || op == PINION_OP_WRITEV;
    bool reads = op <= PINION_OP_READV;
    int64_t offset = op == PINION_OP_PREAD || op == PINION_OP_PWRITE ? d : -1;
    if (offset < -1 || (offset == -1 && (op == PINION_OP_PREAD || op == PINION_OP_PWRITE))) {
        return -EINVAL;
    }
    int64_t result = syscall(reads ? SYS_preadv2 : SYS_pwritev2, fd, many ? POINTER(b) : (void *)&one, many ? c : 1, offset, 0, RWF_NOWAIT);
    if (result >= 0 || (errno != EAGAIN && errno != EOPNOTSUPP && errno != ENOSYS && errno != EPERM)) {
        return result_of(result);
    }
    if (errno == EAGAIN) {
        return would_block((int)fd);
    }
    struct stat status;
    if (status_of((int)fd, &status) < 0) {
        return -errno;
    }
    if (S_ISREG(status.st_mode) || S_ISBLK(status.st_mode) || S_ISDIR(status.st_mode)) {
        return PINION_MAY_BLOCK;
    }
    return is_ready((int)fd, reads ? POLLIN : POLLOUT) ? PINION_MAY_WAIT : would_block((int)fd);
}

/* A file whose name and inode are in memory is opened at once; a FIFO waits for its other end, a device for whatever it likes. */
static int64_t try_open(const char *path, int flags, mode_t mode) {
    bool changes = flags & (O_TRUNC | O_CREAT);
    struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_CACHED};
    int fd = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
    if (fd < 0) {
        return changes ? PINION_MAY_WAIT : PINION_WOULD_BLOCK; /* most likely a new file; it could be a FIFO nobody has looked at */
    }
    struct stat status;
    bool plain = status_of(fd, &status) == 0 && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
    close(fd);
    if (!plain) {
        return PINION_WOULD_BLOCK;
    }
    return changes ? PINION_MAY_BLOCK : result_of(open(path, flags, mode));
}

static int64_t try_waitpid(pid_t pid, int *status, int options) {
    int64_t result = result_of(waitpid(pid, status, options | WNOHANG));
    return result == 0 && !(options & WNOHANG) ? PINION_WOULD_BLOCK : result;
}

/* What MSG_DONTWAIT said. */
static int64_t sent(int64_t result, int fd, int64_t flags) {
    return result < 0 && errno == EAGAIN && !(flags & MSG_DONTWAIT) ? would_block(fd) : result_of(result);
}

static int64_t try_call(int op, int64_t a, int64_t b, int64_t c, int64_t d) {
    int fd = (int)a;
    switch (op) {
    case PINION_OP_READ:
    case PINION_OP_PREAD:
    case PINION_OP_READV:
    case PINION_OP_WRITE:
    case PINION_OP_PWRITE:
    case PINION_OP_WRITEV:
        return try_transfer(op, a, b, c, d);
    case PINION_OP_OPEN:
        return try_open(POINTER(a), (int)b, (mode_t)c);
    case PINION_OP_FLOCK: {
        int64_t result = result_of(flock(fd, (int)b | LOCK_NB));
        return result == -EWOULDBLOCK && !(b & LOCK_NB) ? PINION_WOULD_BLOCK : result;
    }
    case PINION_OP_ACCEPT:
        return is_ready(fd, POLLIN) ? PINION_MAY_WAIT : would_block(fd);
    case PINION_OP_RECV:
        return sent(recv(fd, POINTER(b), (size_t)c, (int)d | MSG_DONTWAIT), fd, d);
    case PINION_OP_SEND:
        return sent(send(fd, POINTER(b), (size_t)c, (int)d | MSG_DONTWAIT), fd, d);
    case PINION_OP_RECVMSG:
        return sent(recvmsg(fd, POINTER(b), (int)c | MSG_DONTWAIT), fd, c);
    case PINION_OP_SENDMSG:
        return sent(sendmsg(fd, POINTER(b), (int)c | MSG_DONTWAIT), fd, c);
    case PINION_OP_POLL: {
        int64_t result = result_of(poll(POINTER(a), (nfds_t)b, 0));
        return result == 0 && c != 0 ? PINION_WOULD_BLOCK : result;
    }
    case PINION_OP_NANOSLEEP:
        return a <= 0 ? 0 : PINION_WOULD_BLOCK;
    case PINION_OP_WAITPID:
        return try_waitpid((pid_t)a, POINTER(b), (int)c);
    case PINION_OP_CLOSE:
    case PINION_OP_FTRUNCATE:
    case PINION_OP_SIZE:
        return PINION_MAY_BLOCK;
    case PINION_OP_LSEEK:
        return result_of(lseek(fd, b, (int)c));
    default: /* connect, fsync, fdatasync */
        return PINION_WOULD_BLOCK;
    }
}

/* Rounded up, as poll does it. negative: for ever. */
static int millis_until(int64_t deadline) {
    if (deadline < 0) {
        return -1;
    }
    int64_t left = deadline - pinion_now_nanos();
    return left <= 0 ? 0 : (int)((left + 999999) / 1000000);
}

/* After EINTR the connection is still being made, and a second connect() would say EALREADY: its end is waited for by poll. */
static int64_t connection(int fd) {
    struct pollfd one = {.fd = fd, .events = POLLOUT};
    if (poll(&one, 1, -1) < 0) {
        return -1;
    }
    int error = 0;
    socklen_t length = sizeof error;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0) {
        return -1;
    }
    errno = error;
    return error ? -1 : 0;
}

static int64_t size_of(int fd) {
    struct stat status;
    return status_of(fd, &status) < 0 ? -1 : status.st_size;
}

static int64_t wait_once(int op, int64_t a, int64_t b, int64_t c, int64_t d, int64_t deadline, bool again) {
    int fd = (int)a;
    switch (op) {
    case PINION_OP_OPEN:
        return open(POINTER(a), (int)b, (mode_t)c);
    case PINION_OP_FSYNC:
        return fsync(fd);
    case PINION_OP_FDATASYNC:
        return fdatasync(fd);
    case PINION_OP_FLOCK:
        return flock(fd, (int)b);
    case PINION_OP_ACCEPT:
        return accept4(fd, POINTER(b), POINTER(c), (int)d);
    case PINION_OP_CONNECT:
        return again ? connection(fd) : connect(fd, POINTER(b), (socklen_t)c);
    case PINION_OP_RECV:
        return recv(fd, POINTER(b), (size_t)c, (int)d);
    case PINION_OP_SEND:
        return send(fd, POINTER(b), (size_t)c, (int)d);
    case PINION_OP_RECVMSG:
        return recvmsg(fd, POINTER(b), (int)c);
    case PINION_OP_SENDMSG:
        return sendmsg(fd, POINTER(b), (int)c);
    case PINION_OP_POLL:
        return poll(POINTER(a), (nfds_t)b, millis_until(deadline));
    case PINION_OP_NANOSLEEP: {
        struct timespec time = {.tv_sec = deadline / 1000000000, .tv_nsec = deadline % 1000000000};
        errno = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
        return errno ? -1 : 0;
    }
    case PINION_OP_WAITPID:
        return waitpid((pid_t)a, POINTER(b), (int)c);
    case PINION_OP_CLOSE:
        /* Linux has freed the number before it waits: a second close could hit somebody else's file. */
        return close(fd) < 0 && errno != EINTR ? -1 : 0;
    case PINION_OP_FTRUNCATE:
        return ftruncate(fd, b);
    case PINION_OP_SIZE:
        return size_of(fd);
    default:
        return transfer(op, a, b, c, d);
    }
}

static int64_t deadline_of(int op, int64_t a, int64_t c) {
    if (op == PINION_OP_NANOSLEEP) {
        int64_t start = pinion_now_nanos();
        return a > INT64_MAX - start ? INT64_MAX : start + a;
    }
    return op == PINION_OP_POLL && c >= 0 ? pinion_now_nanos() + c * 1000000 : -1;
}

static int64_t wait_call(int op, struct pinion_call *call, int64_t a, int64_t b, int64_t c, int64_t d) {
    int64_t deadline = deadline_of(op, a, c);
    int64_t result = -EINTR;
    if (pinion_call_begin(call)) {
        result = result_of(wait_once(op, a, b, c, d, deadline, false));
    }
    while (result == -EINTR && !pinion_call_interrupted(call)) {
        result = result_of(wait_once(op, a, b, c, d, deadline, true));
    }
    pinion_call_over(call);
    return result;
}

int64_t pinion_blocking_call(int op, uint64_t call, int64_t a, int64_t b, int64_t c, int64_t d) {
    if (call == PINION_CALL_TRY) {
        int64_t result = try_call(op, a, b, c, d);
        return result == -EINTR ? PINION_WOULD_BLOCK : result; /* a signal that has nothing to do with the call */
    }
    return wait_call(op, call == PINION_CALL_UNINTERRUPTIBLE ? NULL : POINTER(call), a, b, c, d);
}
