/* The epoll under the sockets without a JVM: registrations, what a look and a sleep bring, the wake event, and kernels that lack
 * what is asked. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "calls.h"
#include "check.h"

#ifndef SYS_epoll_pwait2
#define SYS_epoll_pwait2 441
#endif

#define MILLISECOND INT64_C(1000000)
#define NEVER INT64_C(60000000000)

struct poll {
    int epoll;
    int event;
};

static struct poll create(void) {
    int64_t both = pinion_netpoll_create();
    CHECK(both > 0);
    struct poll poll = {.epoll = (int)(uint32_t)both, .event = (int)(both >> 32)};
    CHECK(fcntl(poll.epoll, F_GETFD) == FD_CLOEXEC && fcntl(poll.event, F_GETFD) == FD_CLOEXEC);
    return poll;
}

static void destroy(struct poll poll) {
    CHECK(pinion_netpoll_close(poll.event) == 0 && pinion_netpoll_close(poll.epoll) == 0);
    CHECK(pinion_netpoll_close(poll.epoll) == -EBADF);
}

static struct pinion_ready ready[PINION_READY_MAX];

static int look(struct poll poll) {
    return pinion_netpoll_wait(poll.epoll, ready, 0);
}

static void pair(int fds[2]) {
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == 0);
}

static void put(int fd) {
    CHECK(write(fd, "x", 1) == 1);
}

/* Each edge once, with the generation it was registered with, in both directions. */
static void edges(void) {
    struct poll poll = create();
    int fds[2];
    pair(fds);
    CHECK(look(poll) == 0);
    CHECK(pinion_netpoll_add(poll.epoll, fds[0], 7) == 0);
    CHECK(look(poll) == 1 && ready[0].fd == fds[0] && ready[0].generation == 7 && ready[0].directions == PINION_READY_WRITE);
    CHECK(look(poll) == 0);
    put(fds[1]);
    CHECK(look(poll) == 1 && ready[0].fd == fds[0] && (ready[0].directions & PINION_READY_READ));
    CHECK(look(poll) == 0);
    put(fds[1]); /* a second byte is a second edge, though the first was not read */
    CHECK(look(poll) == 1 && (ready[0].directions & PINION_READY_READ));

    CHECK(shutdown(fds[1], SHUT_WR) == 0);
    CHECK(look(poll) == 1 && (ready[0].directions & PINION_READY_READ));
    CHECK(close(fds[1]) == 0); /* hung up: whoever waits for either must look */
    CHECK(look(poll) == 1 && ready[0].directions == (PINION_READY_READ | PINION_READY_WRITE));
    CHECK(close(fds[0]) == 0);
    CHECK(look(poll) == 0);

    /* A pipe's ends: nothing but the end of the other one. */
    for (int end = 0; end < 2; end++) {
        CHECK(pipe(fds) == 0 && pinion_netpoll_add(poll.epoll, fds[end], 1) == 0);
        CHECK(look(poll) == end);
        CHECK(close(fds[1 - end]) == 0);
        CHECK(look(poll) == 1 && ready[0].directions == (PINION_READY_READ | PINION_READY_WRITE));
        CHECK(close(fds[end]) == 0);
    }
    destroy(poll);
}

/* EEXIST: a second registration, which reports what is ready again, under the new generation. */
static void again(void) {
    struct poll poll = create();
    int fds[2];
    pair(fds);
    put(fds[1]);
    CHECK(pinion_netpoll_add(poll.epoll, fds[0], UINT32_MAX) == 0);
    CHECK(look(poll) == 1 && ready[0].generation == UINT32_MAX && ready[0].fd == fds[0]);
    CHECK(pinion_netpoll_add(poll.epoll, fds[0], 3) == 0);
    CHECK(look(poll) == 1 && ready[0].generation == 3);
    CHECK(ready[0].directions == (PINION_READY_READ | PINION_READY_WRITE));

    /* Another file under the number while a copy of the earlier one lives on: events of both come, each with its generation. */
    int copy = dup(fds[0]);
    int other[2];
    pair(other);
    CHECK(dup2(other[0], fds[0]) == fds[0]);
    CHECK(pinion_netpoll_add(poll.epoll, fds[0], 4) == 0);
    put(fds[1]);
    put(other[1]);
    int count = look(poll);
    CHECK(count == 2 && ready[0].fd == fds[0] && ready[1].fd == fds[0]);
    CHECK((ready[0].generation == 3 && ready[1].generation == 4) || (ready[0].generation == 4 && ready[1].generation == 3));
    close(copy);
    close(fds[0]);
    close(fds[1]);
    close(other[0]);
    close(other[1]);
    destroy(poll);
}

static void errors(void) {
    struct poll poll = create();
    int fds[2];
    CHECK(pipe(fds) == 0);
    CHECK(close(fds[0]) == 0);
    CHECK(pinion_netpoll_add(poll.epoll, fds[0], 0) == -EBADF); /* the epoll is well */
    CHECK(pinion_netpoll_add(fds[0], fds[1], 0) == -EBADFD);    /* there is no epoll */
    CHECK(pinion_netpoll_add(poll.event, fds[1], 0) == -EBADFD); /* it is another file now */
    CHECK(pinion_netpoll_wait(fds[0], ready, 0) == -EBADF);
    CHECK(pinion_netpoll_wait(poll.event, ready, MILLISECOND) == -EINVAL);
    int file = open("/proc/self/exe", O_RDONLY);
    CHECK(file >= 0 && pinion_netpoll_add(poll.epoll, file, 0) == -EPERM); /* a file that never waits */
    close(file);
    close(fds[1]);
    CHECK(pinion_netpoll_wake(fds[1]) == -EBADF && pinion_netpoll_drain(fds[1]) == -EBADF);
    destroy(poll);

    struct rlimit before;
    CHECK(getrlimit(RLIMIT_NOFILE, &before) == 0);
    int next = dup(0);
    CHECK(next > 0 && close(next) == 0);
    /* Enough for neither; and for the epoll alone, which must not stay open then. */
    for (int room = 0; room < 2; room++) {
        struct rlimit few = {.rlim_cur = (rlim_t)(next + room), .rlim_max = before.rlim_max};
        CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0);
        CHECK(pinion_netpoll_create() == -EMFILE);
        CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
        int free_one = dup(0);
        CHECK(free_one == next && close(free_one) == 0);
    }
}

/* The wake event stays until it is drained, whoever looks meanwhile. */
static void wakes(void) {
    struct poll poll = create();
    CHECK(pinion_netpoll_drain(poll.event) == -EAGAIN);
    CHECK(pinion_netpoll_wake(poll.event) == 0 && pinion_netpoll_wake(poll.event) == 0);
    for (int i = 0; i < 3; i++) {
        CHECK(look(poll) == 1 && ready[0].fd == -1);
        CHECK(pinion_netpoll_wait(poll.epoll, ready, NEVER) == 1 && ready[0].fd == -1);
    }
    CHECK(pinion_netpoll_drain(poll.event) == 0); /* both at once */
    CHECK(look(poll) == 0);
    uint64_t full = UINT64_MAX - 1;
    CHECK(write(poll.event, &full, sizeof full) == sizeof full);
    CHECK(pinion_netpoll_wake(poll.event) == -EAGAIN); /* which is as good */
    CHECK(look(poll) == 1 && pinion_netpoll_drain(poll.event) == 0 && look(poll) == 0);
    destroy(poll);
}

static void *wake(void *argument) {
    CHECK(pinion_netpoll_wake(*(int *)argument) == 0);
    return NULL;
}

/* Begun before or after the wake: it ends the sleep, while another thread looks all the time. */
static _Atomic(int) looking;

static void *look_on(void *argument) {
    struct pinion_ready mine[PINION_READY_MAX];
    while (looking) {
        int count = pinion_netpoll_wait(*(int *)argument, mine, 0);
        CHECK(count == 0 || (count == 1 && mine[0].fd == -1));
    }
    return NULL;
}

static void wakes_a_sleeper(void) {
    struct poll poll = create();
    pthread_t looker;
    looking = 1;
    CHECK(pthread_create(&looker, NULL, look_on, &poll.epoll) == 0);
    for (int i = 0; i < 300; i++) {
        pthread_t waker;
        CHECK(pthread_create(&waker, NULL, wake, &poll.event) == 0);
        CHECK(pinion_netpoll_wait(poll.epoll, ready, NEVER) == 1 && ready[0].fd == -1);
        CHECK(pinion_netpoll_drain(poll.event) == 0);
        CHECK(pthread_join(waker, NULL) == 0);
    }
    looking = 0;
    CHECK(pthread_join(looker, NULL) == 0);
    destroy(poll);
}

static void on_signal(int number) {
    (void)number;
}

/* Never early, with or without a signal in between; and what is ready does not wait for the end. */
static void waits(void) {
    struct poll poll = create();
    const int64_t lengths[] = {1, 1000, 100000, 999999, MILLISECOND, 2500001, 30 * MILLISECOND};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        int64_t start = pinion_now_nanos();
        CHECK(pinion_netpoll_wait(poll.epoll, ready, lengths[i]) == 0);
        CHECK(pinion_now_nanos() - start >= lengths[i]);
    }
    struct sigaction action = {.sa_handler = on_signal};
    struct itimerspec often = {.it_interval = {.tv_nsec = 3000000}, .it_value = {.tv_nsec = 3000000}};
    struct sigevent how = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    timer_t timer;
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0 && timer_create(CLOCK_MONOTONIC, &how, &timer) == 0);
    CHECK(timer_settime(timer, 0, &often, NULL) == 0);
    int64_t start = pinion_now_nanos();
    CHECK(pinion_netpoll_wait(poll.epoll, ready, 30 * MILLISECOND) == 0);
    CHECK(pinion_now_nanos() - start >= 30 * MILLISECOND);
    CHECK(timer_delete(timer) == 0);

    int fds[2];
    pair(fds);
    CHECK(pinion_netpoll_add(poll.epoll, fds[0], 0) == 0);
    CHECK(pinion_netpoll_wait(poll.epoll, ready, NEVER) == 1);
    put(fds[1]);
    CHECK(pinion_netpoll_wait(poll.epoll, ready, MILLISECOND / 2) == 1);
    put(fds[1]);
    CHECK(pinion_netpoll_wait(poll.epoll, ready, -1) == 1);
    close(fds[0]);
    close(fds[1]);
    destroy(poll);
}

/* More than one look can bring: the rest comes with the next, none twice. */
static void many(void) {
    enum { COUNT = PINION_READY_MAX + 10 };
    struct poll poll = create();
    int fds[COUNT][2];
    for (int i = 0; i < COUNT; i++) {
        pair(fds[i]);
        CHECK(pinion_netpoll_add(poll.epoll, fds[i][0], (uint32_t)i) == 0);
    }
    int seen[COUNT] = {0};
    int total = 0;
    int count;
    while ((count = look(poll)) > 0) {
        CHECK(count <= PINION_READY_MAX);
        for (int i = 0; i < count; i++) {
            CHECK(ready[i].fd == fds[ready[i].generation][0] && seen[ready[i].generation]++ == 0);
        }
        total += count;
    }
    CHECK(count == 0 && total == COUNT);
    for (int i = 0; i < COUNT; i++) {
        close(fds[i][0]);
        close(fds[i][1]);
    }
    destroy(poll);
}

static void counts_generations(void) {
    pinion_next_generation(5); /* nobody asks for them yet */
    int64_t address = pinion_generations();
    CHECK(address > 0 && pinion_generations() == address);
    _Atomic(uint32_t) *all = (_Atomic(uint32_t) *)(uintptr_t)address;
    CHECK(all[5] == 0 && all[PINION_FDS - 1] == 0);
    pinion_next_generation(5);
    pinion_next_generation(5);
    pinion_next_generation(0);
    pinion_next_generation(PINION_FDS - 1);
    pinion_next_generation(-1);
    pinion_next_generation(PINION_FDS);
    CHECK(all[5] == 2 && all[0] == 1 && all[PINION_FDS - 1] == 1 && all[4] == 0 && all[6] == 0);
}

/* In a child of its own, whose kernel answers one call with an error. */
static void where_fails(int call, int error, void (*what)(void)) {
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        struct sock_filter filter[] = {
            BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 1),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)error),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        };
        struct sock_fprog program = {.len = sizeof filter / sizeof *filter, .filter = filter};
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0) {
            SKIP("no filters of seccomp(2) here");
        }
        what();
        exit(0);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status));
    if (WEXITSTATUS(status) != 0) {
        exit(WEXITSTATUS(status)); /* it has said why */
    }
}

/* Where only milliseconds are to be had, and the epoll's number is too great for select. */
static void waits_with_a_great_number(void) {
    waits();
    struct poll poll = create();
    int great = fcntl(poll.epoll, F_DUPFD_CLOEXEC, 1024);
    if (great < 0) {
        CHECK(errno == EMFILE || errno == EINVAL); /* no such number is allowed here */
        return;
    }
    int64_t start = pinion_now_nanos();
    CHECK(pinion_netpoll_wait(great, ready, 100000) == 0 && pinion_now_nanos() - start >= 100000);
    CHECK(pinion_netpoll_wait(great, ready, 1100000) == 0 && pinion_now_nanos() - start >= 1200000);
    CHECK(pinion_netpoll_wake(poll.event) == 0 && pinion_netpoll_wait(great, ready, 100000) == 1);
}

static void refuses_registrations(void) {
    struct poll poll;
    poll.epoll = epoll_create1(EPOLL_CLOEXEC);
    int fds[2];
    pair(fds);
    CHECK(pinion_netpoll_add(poll.epoll, fds[0], 0) == -ENOSPC);
    int next = dup(0);
    close(next);
    CHECK(pinion_netpoll_create() == -ENOSPC);
    CHECK(dup(0) == next && dup(0) == next + 1); /* neither of the two is left open */
}

static void refuses_events(void) {
    int next = dup(0);
    close(next);
    CHECK(pinion_netpoll_create() == -ENOMEM && dup(0) == next);
}

int main(void) {
    edges();
    again();
    errors();
    wakes();
    wakes_a_sleeper();
    waits();
    many();
    counts_generations();
    where_fails(SYS_epoll_pwait2, ENOSYS, waits_with_a_great_number);
    where_fails(SYS_epoll_pwait2, ENOSYS, wakes_a_sleeper);
    where_fails(SYS_epoll_ctl, ENOSPC, refuses_registrations);
    where_fails(SYS_eventfd2, ENOMEM, refuses_events);
    return 0;
}
