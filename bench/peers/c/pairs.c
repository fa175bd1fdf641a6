/*
 * Round trips over connections whose two ends are in this process. A thread has the two ends of a connection, and an epoll of its own:
 * this is what a scheduler can reach that keeps both on one core.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "peer.h"

#define EVENTS 128

struct pair;

struct end {
    struct pair *pair;
    int fd;
    bool client;
};

struct pair {
    _Alignas(128) _Atomic uint64_t count;
    _Atomic uint64_t started_nanos;
    struct end client;
    struct end server;
};

struct worker {
    pthread_t thread;
    int index;
    int epoll;
    struct samples latencies;
};

static atomic_bool recording;
static atomic_bool stopped;

static void add(int epoll, struct end *end) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.ptr = end};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, end->fd, &event) != 0) {
        die("epoll_ctl failed: %s", strerror(errno));
    }
}

static void start_round(struct pair *pair, uint64_t now) {
    static const char message[MESSAGE_BYTES];
    atomic_store_explicit(&pair->started_nanos, now, memory_order_relaxed);
    send_all(pair->client.fd, message, sizeof message);
}

static void *work(void *argument) {
    struct worker *worker = argument;
    pin_to(worker->index);
    struct epoll_event events[EVENTS];
    char message[2 * MESSAGE_BYTES];
    while (!atomic_load_explicit(&stopped, memory_order_relaxed)) {
        int ready = epoll_wait(worker->epoll, events, EVENTS, 100);
        for (int i = 0; i < ready; i++) {
            struct end *end = events[i].data.ptr;
            ssize_t got = recv(end->fd, message, sizeof message, 0);
            if (got != MESSAGE_BYTES) {
                die("a message of %d bytes came as %zd", MESSAGE_BYTES, got);
            }
            if (!end->client) {
                send_all(end->fd, message, (size_t)got);
                continue;
            }
            struct pair *pair = end->pair;
            uint64_t now = now_nanos();
            if (atomic_load_explicit(&recording, memory_order_relaxed)) {
                samples_add(&worker->latencies, now - pair->started_nanos);
            }
            uint64_t count = atomic_load_explicit(&pair->count, memory_order_relaxed);
            atomic_store_explicit(&pair->count, count + 1, memory_order_relaxed);
            start_round(pair, now);
        }
    }
    return NULL;
}

static uint64_t snapshot(struct pair *pairs, int connections, uint64_t *counts) {
    uint64_t sum = 0;
    for (int i = 0; i < connections; i++) {
        counts[i] = atomic_load_explicit(&pairs[i].count, memory_order_relaxed);
        sum += counts[i];
    }
    return sum;
}

static void measure(struct pair *pairs, int connections) {
    uint64_t first[MANY_CONNECTIONS];
    uint64_t last[MANY_CONNECTIONS];
    double per_operation[WINDOWS];
    sleep_nanos(WARM_UP_NANOS);
    recording = true;
    uint64_t begun = snapshot(pairs, connections, first);
    uint64_t before = begun;
    struct rusage usage = usage_now();
    uint64_t started = now_nanos();
    for (int window = 0; window < WINDOWS; window++) {
        sleep_nanos(WINDOW_NANOS);
        uint64_t ended = now_nanos();
        uint64_t done = snapshot(pairs, connections, last);
        per_operation[window] = (double)(ended - started) / (double)(done > before ? done - before : 1);
        started = ended;
        before = done;
    }
    recording = false;
    usage_report(&usage, before - begun);
    for (int i = 0; i < connections; i++) {
        last[i] -= first[i];
    }
    evenness_report(last, (size_t)connections);
    printf("@metric op %g\n", median(per_operation, WINDOWS));
}

void net_pairs(int procs, int connections) {
    int port;
    int listener = listen_on_loopback(&port);
    struct worker *workers = calloc((size_t)procs, sizeof *workers);
    struct pair *pairs = aligned_alloc(128, (size_t)connections * sizeof *pairs);
    if (workers == NULL || pairs == NULL) {
        die("no memory");
    }
    memset(pairs, 0, (size_t)connections * sizeof *pairs);
    for (int i = 0; i < procs; i++) {
        workers[i].index = i;
        workers[i].epoll = epoll_create1(EPOLL_CLOEXEC);
        if (workers[i].epoll < 0) {
            die("epoll_create1 failed: %s", strerror(errno));
        }
    }
    for (int i = 0; i < connections; i++) {
        int client = connect_to(port);
        int server = accept(listener, NULL, NULL);
        if (server < 0) {
            die("accept failed: %s", strerror(errno));
        }
        prepare_connection(server);
        pairs[i].client = (struct end){&pairs[i], client, true};
        pairs[i].server = (struct end){&pairs[i], server, false};
        add(workers[i % procs].epoll, &pairs[i].server);
        add(workers[i % procs].epoll, &pairs[i].client);
        start_round(&pairs[i], now_nanos());
    }
    for (int i = 0; i < procs; i++) {
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0) {
            die("no thread");
        }
    }
    measure(pairs, connections);
    stopped = true;
    struct samples all = {0};
    for (int i = 0; i < procs; i++) {
        pthread_join(workers[i].thread, NULL);
        samples_merge(&all, &workers[i].latencies);
    }
    samples_report(&all, "", true);
}
