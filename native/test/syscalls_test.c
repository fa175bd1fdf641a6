/* The blocking calls without a JVM: what they answer when tried, and how they wait, go on and are interrupted. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "calls.h"
#include "check.h"

static int64_t try(int op, int64_t a, int64_t b, int64_t c, int64_t d) {
    return pinion_blocking_call(op, PINION_CALL_TRY, a, b, c, d);
}

static int64_t wait_for(int op, int64_t a, int64_t b, int64_t c, int64_t d) {
    return pinion_blocking_call(op, PINION_CALL_UNINTERRUPTIBLE, a, b, c, d);
}

static int64_t at(const void *address) {
    return (int64_t)(uintptr_t)address;
}

static void pipes(void) {
    int fds[2];
    char bytes[8] = "abcdefg";
    char back[8] = "";
    CHECK(pipe(fds) == 0);
    CHECK(try(PINION_OP_READ, fds[0], at(back), 8, 0) == PINION_WOULD_BLOCK);
    CHECK(try(PINION_OP_WRITE, fds[1], at(bytes), 8, 0) == 8);
    CHECK(try(PINION_OP_READ, fds[0], at(back), 3, 0) == 3);
    struct iovec two[2] = {{back + 3, 2}, {back + 5, 3}};
    CHECK(try(PINION_OP_READV, fds[0], at(two), 2, 0) == 5 && memcmp(bytes, back, 8) == 0);
    CHECK(try(PINION_OP_READV, fds[0], at(two), 2, 0) == PINION_WOULD_BLOCK);
    CHECK(try(PINION_OP_WRITEV, fds[1], at(two), 2, 0) == 5);
    CHECK(wait_for(PINION_OP_READ, fds[0], at(back), 8, 0) == 5);
    CHECK(try(PINION_OP_PREAD, fds[0], at(back), 8, 0) == -ESPIPE);
    CHECK(try(PINION_OP_PREAD, fds[0], at(back), 8, -1) == -EINVAL);
    CHECK(fcntl(fds[0], F_SETFL, O_NONBLOCK) == 0);
    CHECK(try(PINION_OP_READ, fds[0], at(back), 8, 0) == -EAGAIN);
    static char much[1 << 20];
    int64_t room = try(PINION_OP_WRITE, fds[1], at(much), sizeof much, 0);
    CHECK(room > 0 && room < (int64_t)sizeof much);
    CHECK(try(PINION_OP_WRITE, fds[1], at(much), 1, 0) == PINION_WOULD_BLOCK);
    close(fds[1]);
    close(fds[0]);
    CHECK(try(PINION_OP_READ, fds[0], at(back), 8, 0) == -EBADF);
}

static void files(void) {
    char path[] = "/tmp/pinion-syscalls-XXXXXX";
    int fd = mkstemp(path);
    CHECK(fd >= 0);
    char back[8] = "";
    int64_t written = try(PINION_OP_WRITE, fd, at("12345678"), 8, 0);
    CHECK(written == 8 || (written == PINION_MAY_BLOCK && wait_for(PINION_OP_WRITE, fd, at("12345678"), 8, 0) == 8));
    written = try(PINION_OP_PWRITE, fd, at("x"), 1, 2);
    CHECK(written == 1 || (written == PINION_MAY_BLOCK && wait_for(PINION_OP_PWRITE, fd, at("x"), 1, 2) == 1));
    int64_t got = try(PINION_OP_PREAD, fd, at(back), 8, 1);
    CHECK(got == 7 || (got == PINION_MAY_BLOCK && wait_for(PINION_OP_PREAD, fd, at(back), 8, 1) == 7));
    CHECK(memcmp(back, "2x45678", 7) == 0);
    CHECK(try(PINION_OP_FSYNC, fd, 0, 0, 0) == PINION_WOULD_BLOCK && wait_for(PINION_OP_FSYNC, fd, 0, 0, 0) == 0);
    CHECK(try(PINION_OP_FDATASYNC, fd, 0, 0, 0) == PINION_WOULD_BLOCK && wait_for(PINION_OP_FDATASYNC, fd, 0, 0, 0) == 0);

    CHECK(try(PINION_OP_LSEEK, fd, 3, SEEK_SET, 0) == 3 && try(PINION_OP_LSEEK, fd, 0, SEEK_CUR, 0) == 3);
    CHECK(try(PINION_OP_SIZE, fd, 0, 0, 0) == PINION_MAY_BLOCK && wait_for(PINION_OP_SIZE, fd, 0, 0, 0) == 8);
    CHECK(try(PINION_OP_FTRUNCATE, fd, 4, 0, 0) == PINION_MAY_BLOCK && wait_for(PINION_OP_FTRUNCATE, fd, 4, 0, 0) == 0);
    CHECK(wait_for(PINION_OP_SIZE, fd, 0, 0, 0) == 4);

    int other = open(path, O_RDONLY);
    CHECK(try(PINION_OP_FLOCK, fd, LOCK_EX, 0, 0) == 0);
    CHECK(try(PINION_OP_FLOCK, other, LOCK_EX, 0, 0) == PINION_WOULD_BLOCK);
    CHECK(try(PINION_OP_FLOCK, other, LOCK_EX | LOCK_NB, 0, 0) == -EWOULDBLOCK);
    CHECK(try(PINION_OP_FLOCK, fd, LOCK_UN, 0, 0) == 0);
    CHECK(wait_for(PINION_OP_FLOCK, other, LOCK_EX, 0, 0) == 0);
    CHECK(try(PINION_OP_CLOSE, other, 0, 0, 0) == PINION_MAY_BLOCK && wait_for(PINION_OP_CLOSE, other, 0, 0, 0) == 0);
    CHECK(wait_for(PINION_OP_CLOSE, other, 0, 0, 0) == -EBADF);
    close(fd);

    /* Before Linux 5.12 nothing is known to be cached. */
    int64_t opened = try(PINION_OP_OPEN, at(path), O_RDONLY, 0, 0);
    CHECK(opened >= 0 || opened == PINION_WOULD_BLOCK);
    if (opened >= 0) {
        close((int)opened);
    }
    CHECK(unlink(path) == 0);
    CHECK(wait_for(PINION_OP_OPEN, at(path), O_RDONLY, 0, 0) == -ENOENT);
    CHECK(mkfifo(path, 0600) == 0);
    CHECK(try(PINION_OP_OPEN, at(path), O_RDONLY, 0, 0) == PINION_WOULD_BLOCK);
    opened = try(PINION_OP_OPEN, at(path), O_WRONLY | O_CREAT | O_TRUNC, 0600, 0);
    CHECK(opened == PINION_WOULD_BLOCK || opened == PINION_MAY_WAIT); /* the second: not known to be cached */
    CHECK(unlink(path) == 0);

    /* No NOWAIT there, and no waiting either. */
    fd = open("/dev/tty", O_RDWR);
    if (fd >= 0) {
        CHECK(try(PINION_OP_READ, fd, at(back), 8, 0) == PINION_WOULD_BLOCK);
        close(fd);
    }
}

static void sockets(void) {
    int pair[2];
    char back[8] = "";
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    struct iovec one = {back, sizeof back};
    struct msghdr message = {.msg_iov = &one, .msg_iovlen = 1};
    CHECK(try(PINION_OP_RECV, pair[0], at(back), 8, 0) == PINION_WOULD_BLOCK);
    CHECK(try(PINION_OP_RECV, pair[0], at(back), 8, MSG_DONTWAIT) == -EAGAIN);
    CHECK(try(PINION_OP_RECVMSG, pair[0], at(&message), 0, 0) == PINION_WOULD_BLOCK);
    CHECK(try(PINION_OP_SEND, pair[1], at("1234"), 4, 0) == 4);
    CHECK(try(PINION_OP_RECV, pair[0], at(back), 2, 0) == 2);
    CHECK(wait_for(PINION_OP_RECVMSG, pair[0], at(&message), 0, 0) == 2 && memcmp(back, "34", 2) == 0);
    one.iov_len = 4;
    CHECK(try(PINION_OP_SENDMSG, pair[1], at(&message), 0, 0) == 4);
    CHECK(wait_for(PINION_OP_RECV, pair[0], at(back), 8, 0) == 4);
    CHECK(wait_for(PINION_OP_SEND, pair[1], at("1"), 1, 0) == 1 && wait_for(PINION_OP_SENDMSG, pair[1], at(&message), 0, 0) == 4);
    close(pair[0]);
    close(pair[1]);

    struct sockaddr_un name = {.sun_family = AF_UNIX}; /* autobind: a name of the kernel's choice, no file */
    int server = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(bind(server, (struct sockaddr *)&name, sizeof name.sun_family) == 0 && listen(server, 1) == 0);
    socklen_t length = sizeof name;
    CHECK(getsockname(server, (struct sockaddr *)&name, &length) == 0);
    CHECK(try(PINION_OP_ACCEPT, server, 0, 0, 0) == PINION_WOULD_BLOCK);
    int client = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(try(PINION_OP_CONNECT, client, at(&name), length, 0) == PINION_WOULD_BLOCK);
    CHECK(wait_for(PINION_OP_CONNECT, client, at(&name), length, 0) == 0);
    CHECK(try(PINION_OP_ACCEPT, server, 0, 0, SOCK_CLOEXEC) == PINION_MAY_WAIT); /* another may be faster */
    int64_t accepted = wait_for(PINION_OP_ACCEPT, server, 0, 0, SOCK_CLOEXEC);
    CHECK(accepted >= 0 && fcntl((int)accepted, F_GETFD) == FD_CLOEXEC);
    close((int)accepted);
    close(client);
    close(server);
}

static int64_t now(void) {
    struct timespec time;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &time) == 0);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static void waits(void) {
    struct pollfd none = {.fd = -1, .events = POLLIN};
    CHECK(try(PINION_OP_POLL, at(&none), 1, 0, 0) == 0);
    CHECK(try(PINION_OP_POLL, at(&none), 1, 5, 0) == PINION_WOULD_BLOCK);
    int64_t start = now();
    CHECK(wait_for(PINION_OP_POLL, at(&none), 1, 5, 0) == 0 && now() - start >= 5000000);
    CHECK(try(PINION_OP_NANOSLEEP, 0, 0, 0, 0) == 0);
    CHECK(try(PINION_OP_NANOSLEEP, 1, 0, 0, 0) == PINION_WOULD_BLOCK);
    start = now();
    CHECK(wait_for(PINION_OP_NANOSLEEP, 2000000, 0, 0, 0) == 0 && now() - start >= 2000000);

    int fds[2];
    CHECK(pipe(fds) == 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        char byte;
        close(fds[1]);
        _exit(read(fds[0], &byte, 1) == 0 ? 7 : 8);
    }
    int status = 0;
    CHECK(try(PINION_OP_WAITPID, child, at(&status), 0, 0) == PINION_WOULD_BLOCK);
    CHECK(try(PINION_OP_WAITPID, child, at(&status), WNOHANG, 0) == 0);
    close(fds[1]);
    CHECK(wait_for(PINION_OP_WAITPID, child, at(&status), 0, 0) == child && WEXITSTATUS(status) == 7);
    CHECK(try(PINION_OP_WAITPID, child, at(&status), 0, 0) == -ECHILD);
    close(fds[0]);
}

/* Another thread in a read of a pipe, and what it came back with. */
struct reader {
    struct pinion_call call;
    int fd;
    _Atomic(int64_t) result;
    _Atomic(int) over;
};

static void *read_one(void *argument) {
    struct reader *reader = argument;
    char byte;
    reader->result = pinion_blocking_call(PINION_OP_READ, (uint64_t)at(&reader->call), reader->fd, at(&byte), 1, 0);
    uint32_t state;
    do { /* what Java does at the end */
        state = atomic_load(&reader->call.state);
    } while (state == PINION_CALL_SIGNALLING || !atomic_compare_exchange_strong(&reader->call.state, &state, PINION_CALL_NONE));
    reader->over = 1;
    return NULL;
}

static void interrupts(void) {
    int number = pinion_interrupt_prepare();
    CHECK(number > SIGRTMIN && number < SIGRTMAX - 2 && pinion_interrupt_prepare() == number);
    int fds[2];
    CHECK(pipe(fds) == 0);
    for (int i = 0; i < 200; i++) { /* the signal meets the call at any of its stages */
        struct reader reader = {.call.state = PINION_CALL_WAITING, .fd = fds[0]};
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, read_one, &reader) == 0);
        for (int spin = 0; spin < i * 50; spin++) {
            atomic_load(&reader.over);
        }
        uint32_t from = PINION_CALL_WAITING;
        CHECK(atomic_compare_exchange_strong(&reader.call.state, &from, PINION_CALL_INTERRUPTED));
        while (pinion_call_signal(&reader.call)) {
            usleep(100);
        }
        CHECK(pthread_join(thread, NULL) == 0);
        CHECK(reader.result == -EINTR && pinion_call_signal(&reader.call) == 0 && reader.call.tid == 0);
    }
    /* A signal that is no interrupt: the call goes on. */
    struct reader reader = {.call.state = PINION_CALL_WAITING, .fd = fds[0]};
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, read_one, &reader) == 0);
    for (int i = 0; i < 100; i++) {
        CHECK(pthread_kill(thread, number) == 0);
        usleep(100);
    }
    CHECK(!reader.over && write(fds[1], "x", 1) == 1);
    CHECK(pthread_join(thread, NULL) == 0 && reader.result == 1);
    close(fds[0]);
    close(fds[1]);
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    pipes();
    files();
    sockets();
    waits();
    interrupts();
    return 0;
}
