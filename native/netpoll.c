/*
 * The epoll under the JDK's sockets, and the generations of file descriptors. The essay is in dev.pinion.netpoll.Netpoll.
 *
 * The wake event is level-triggered, and only who sleeps in the epoll reads it: with an edge, a look by another M (a wait of 0) would
 * take it away from the sleeper, which the kernel then leaves asleep.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "calls.h"

#ifndef SYS_epoll_pwait2
#define SYS_epoll_pwait2 441
#endif

#define PINION_WAKE_DATA UINT64_MAX

/* Marks the open files that are ours (F_SETSIG, which without F_SETOWN does nothing), so that a close never hits what a stranger has opened
   under the number since. */
#define PINION_MARK 63

static _Atomic(uint32_t) *generations;
static _Atomic(bool) no_pwait2;

int64_t pinion_netpoll_create(void) {
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0) {
        return -errno;
    }
    int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    struct epoll_event wake = {.events = EPOLLIN, .data.u64 = PINION_WAKE_DATA};
    if (event < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, event, &wake) < 0) {
        int error = errno;
        if (event >= 0) {
            close(event);
        }
        close(epoll);
        return -error;
    }
    pinion_next_generation(epoll); /* so that a scheduler whose own two had these numbers learns that they are others now */
    pinion_next_generation(event);
    fcntl(epoll, F_SETSIG, PINION_MARK);
    fcntl(event, F_SETSIG, PINION_MARK);
    return (int64_t)event << 32 | epoll;
}

int pinion_netpoll_close(int fd) {
    if (fcntl(fd, F_GETSIG) != PINION_MARK) {
        return -EBADF;
    }
    return close(fd) < 0 ? -errno : 0;
}

int pinion_netpoll_add(int epoll, int fd, uint32_t generation) {
    struct epoll_event event = {
        .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
        .data.u64 = (uint64_t)generation << 32 | (uint32_t)fd,
    };
    int op = EPOLL_CTL_ADD;
    while (epoll_ctl(epoll, op, fd, &event) < 0) {
        if (errno == EEXIST && op == EPOLL_CTL_ADD) {
            op = EPOLL_CTL_MOD; /* which reports what is ready already, as ADD does */
        } else if (errno == ENOENT && op == EPOLL_CTL_MOD) {
            op = EPOLL_CTL_ADD;
        } else if (errno == EINVAL || (errno == EBADF && fcntl(epoll, F_GETFD) < 0)) {
            return -EBADFD;
        } else {
            return -errno;
        }
    }
    return 0;
}

/* As epoll_wait, with nanoseconds. Before Linux 5.11 the last millisecond of a wait is slept through with poll's nanoseconds. */
static int wait_nanos(int epoll, struct epoll_event *events, int64_t timeout_nanos) {
    if (timeout_nanos == 0) {
        return epoll_wait(epoll, events, PINION_READY_MAX, 0);
    }
    if (timeout_nanos < 0) {
        return epoll_wait(epoll, events, PINION_READY_MAX, -1);
    }
    struct timespec timeout = {.tv_sec = (time_t)(timeout_nanos / 1000000000), .tv_nsec = (long)(timeout_nanos % 1000000000)};
    if (!atomic_load_explicit(&no_pwait2, memory_order_relaxed)) {
        int count = (int)syscall(SYS_epoll_pwait2, epoll, events, PINION_READY_MAX, &timeout, NULL, 0);
        if (count >= 0 || errno != ENOSYS) {
            return count;
        }
        atomic_store_explicit(&no_pwait2, true, memory_order_relaxed);
    }
    fd_set set; /* only for epolls that fit in it; others are rounded up to the millisecond */
    if (timeout_nanos < 1000000 && epoll < FD_SETSIZE) {
        FD_ZERO(&set);
        FD_SET(epoll, &set);
        int ready = pselect(epoll + 1, &set, NULL, NULL, &timeout, NULL);
        return ready <= 0 ? ready : epoll_wait(epoll, events, PINION_READY_MAX, 0);
    }
    int64_t millis = epoll < FD_SETSIZE ? timeout_nanos / 1000000 : (timeout_nanos + 999999) / 1000000;
    return epoll_wait(epoll, events, PINION_READY_MAX, millis > INT32_MAX ? INT32_MAX : (int)millis);
}

int pinion_netpoll_wait(int epoll, struct pinion_ready *ready, int64_t timeout_nanos) {
    struct epoll_event events[PINION_READY_MAX];
    int64_t end = timeout_nanos > 0 ? pinion_now_nanos() + timeout_nanos : 0;
    int count;
    while ((count = wait_nanos(epoll, events, timeout_nanos)) <= 0 && timeout_nanos != 0) {
        if (count < 0 && errno != EINTR) {
            break;
        }
        if (timeout_nanos > 0) { /* a signal, or an old kernel's milliseconds */
            timeout_nanos = end - pinion_now_nanos();
            if (timeout_nanos <= 0) {
                return 0;
            }
        }
    }
    if (count < 0) {
        return errno == EINTR ? 0 : -errno;
    }
    for (int i = 0; i < count; i++) {
        uint64_t data = events[i].data.u64;
        ready[i].fd = (int32_t)(uint32_t)data; /* -1: the wake event */
        ready[i].generation = (uint32_t)(data >> 32);
        uint32_t both = events[i].events & (EPOLLHUP | EPOLLERR);
        ready[i].directions = ((events[i].events & (EPOLLIN | EPOLLRDHUP)) || both ? PINION_READY_READ : 0) |
                              ((events[i].events & EPOLLOUT) || both ? PINION_READY_WRITE : 0);
    }
    return count;
}

int pinion_netpoll_ready(uint64_t *words, int count) {
    struct pollfd polls[PINION_POLL_MAX];
    if (count < 0 || count > PINION_POLL_MAX) {
        return -EINVAL;
    }
    for (int i = 0; i < count; i++) {
        uint32_t wanted = (uint32_t)(words[i] >> 32);
        polls[i].fd = (int)(uint32_t)words[i];
        polls[i].events = (short)((wanted & PINION_READY_READ ? POLLIN | POLLRDHUP : 0) | (wanted & PINION_READY_WRITE ? POLLOUT : 0));
    }
    int ready = poll(polls, (nfds_t)count, 0);
    if (ready < 0) {
        return errno == EINTR ? 0 : -errno;
    }
    for (int i = 0; i < count; i++) {
        uint32_t wanted = (uint32_t)(words[i] >> 32);
        bool is = (polls[i].revents & ~POLLNVAL) != 0;
        words[i] = (uint64_t)(is ? wanted : 0) << 32 | (uint32_t)words[i];
    }
    return ready;
}

int pinion_netpoll_wake(int event) {
    uint64_t one = 1;
    return write(event, &one, sizeof one) < 0 ? -errno : 0;
}

int pinion_netpoll_drain(int event) {
    uint64_t count;
    return read(event, &count, sizeof count) < 0 ? -errno : 0;
}

/* Once in a process; the pages that are never touched cost nothing. */
int64_t pinion_generations(void) {
    if (!generations) {
        void *memory = mmap(NULL, PINION_FDS * sizeof *generations, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory == MAP_FAILED) {
            return -errno;
        }
        generations = memory;
    }
    return (int64_t)(uintptr_t)generations;
}

void pinion_next_generation(int fd) {
    if (generations && fd >= 0 && fd < PINION_FDS) {
        atomic_fetch_add_explicit(&generations[fd], 1, memory_order_release);
    }
}
