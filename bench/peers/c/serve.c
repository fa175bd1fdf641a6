/* An echo server for a load from another process: one thread a core, each with an epoll of its own; connections in turns. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"

#define EVENTS 128
#define BUFFER_BYTES 4096
/* What the load may connect, and some. */
#define DESCRIPTORS 10100

struct worker {
    int index;
    int epoll;
    int listener;
    const struct worker *all;
    int procs;
};

static void add(int epoll, int fd, uint32_t how) {
    struct epoll_event event = {.events = EPOLLIN | how, .data.fd = fd};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
        die("epoll_ctl failed: %s", strerror(errno));
    }
}

static void echo(int fd, char *buffer) {
    ssize_t got;
    do {
        got = recv(fd, buffer, BUFFER_BYTES, 0);
        if (got > 0) {
            send_all(fd, buffer, (size_t)got);
        } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
            close(fd);
        }
    } while (got == BUFFER_BYTES);
}

static void *work(void *argument) {
    struct worker *worker = argument;
    pin_to(worker->index);
    struct epoll_event events[EVENTS];
    char buffer[BUFFER_BYTES];
    int next = 0;
    for (;;) {
        int ready = epoll_wait(worker->epoll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd != worker->listener) {
                echo(events[i].data.fd, buffer);
                continue;
            }
            int fd = accept4(worker->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (fd < 0) {
                die("accept failed: %s", strerror(errno));
            }
            prepare_connection(fd);
            add(worker->all[next++ % worker->procs].epoll, fd, EPOLLET);
        }
    }
    return NULL;
}

void net_serve(int procs) {
    want_descriptors(DESCRIPTORS);
    int port;
    int listener = listen_on_loopback(&port);
    struct worker *workers = calloc((size_t)procs, sizeof *workers);
    if (workers == NULL) {
        die("no memory");
    }
    for (int i = 0; i < procs; i++) {
        workers[i] = (struct worker){i, epoll_create1(EPOLL_CLOEXEC), i == 0 ? listener : -1, workers, procs};
        if (workers[i].epoll < 0) {
            die("epoll_create1 failed: %s", strerror(errno));
        }
    }
    add(workers[0].epoll, listener, 0);
    for (int i = 0; i < procs; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, work, &workers[i]) != 0) {
            die("no thread");
        }
    }
    printf("@serve %d\n", port);
    struct rusage before = usage_now();
    char line[80];
    while (fgets(line, sizeof line, stdin) != NULL && strcmp(line, "quit\n") != 0) {
        unsigned long long operations;
        if (strcmp(line, "begin\n") == 0) {
            before = usage_now();
        } else if (sscanf(line, "end %llu", &operations) == 1 && operations > 0) {
            struct rusage after = usage_now();
            usage_report(&before, operations);
            printf("@metric cpu %g\n", (double)cpu_nanos(&before, &after) / (double)operations);
        } else {
            die("not understood on stdin: %s", line);
        }
    }
    exit(0);
}
