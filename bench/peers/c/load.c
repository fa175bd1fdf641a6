/*
 * The load on a server in another process:
 *
 *     load echo CONNECTIONS RATE WARM_UP_MILLIS MEASURED_MILLIS PORT       an open loop of RATE requests a second
 *     load http CONNECTIONS RATE WARM_UP_MILLIS MEASURED_MILLIS PORT       a closed loop, then an open one of RATE;
 *                                                                          RATE 0: of half the closed one's
 *
 *     load closed CONNECTIONS PATH WARM_UP_MILLIS MEASURED_MILLIS PORT     a closed loop alone, of GET requests for PATH
 *
 * Open loop: request number n is due at start + n / RATE, whatever became of the others, and belongs to connection n modulo their number.
 * Its latency counts from then, also when its connection was still waiting for an earlier answer and it was sent later: nothing is left
 * out because the server was slow (no "coordinated omission"). A request that is not answered a second after the last was due counts with
 * the time until then, and as missed: a connection that is never served is seen in the tail, in `missed`, in `starved` and in @fair.
 *
 * What is left to do when the warm-up ends, because code was still being compiled, is dropped, and a new loop begins LEAD_IN_NANOS before the
 * window: else the window would show the backlog of the warm-up.
 *
 * The thread never sleeps, so that its own wake-ups are in no figure; it wants a CPU to itself. How late it was itself to send what could
 * be sent is printed as late-p99: a row is worth nothing where that is not small, and there is no figure at all where the thread was once
 * kept off its CPU for OFF_CPU_NANOS.
 *
 * At the borders of the measured window it prints @begin and @end ANSWERED, which the runner hands on to the server's process.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "peer.h"

#define EVENTS 256
#define BUFFER_BYTES 2048
#define DRAIN_NANOS 1000000000ull
#define SPARE_DESCRIPTORS 64
#define LEAD_IN_NANOS 500000000ull
#define OFF_CPU_NANOS 200000000ull

static const char HTTP_REQUEST[] = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";

struct connection {
    int fd;
    bool busy;
    /* Its answer belongs to the phase before: nobody counts it. */
    bool stale;
    uint64_t number;  /* open loop: of the request that is out or comes next */
    uint64_t sent;    /* closed loop: when */
    uint64_t done;    /* answered in the window */
    size_t filled;    /* of the answer so far */
    char *buffer;
};

struct loop {
    bool http;
    bool open;
    const char *request;
    size_t request_bytes;
    struct connection *connections;
    size_t count;
    int epoll;
    double interval; /* nanoseconds between two requests */
    uint64_t start;
    uint64_t begin; /* of the window */
    uint64_t end;
    uint64_t answered; /* within the window, by the clock */
    bool stopping;
    uint64_t turn; /* when the thread last looked at the clock */
    struct samples latencies;
    struct samples late;
};

static uint64_t due(const struct loop *loop, uint64_t number) {
    return loop->start + (uint64_t)((double)number * loop->interval);
}

static uint64_t turn(struct loop *loop) {
    uint64_t now = now_nanos();
    if (now - loop->turn > OFF_CPU_NANOS) {
        die("the load generator itself was kept off its CPU for %llu ms", (unsigned long long)((now - loop->turn) / 1000000));
    }
    loop->turn = now;
    return now;
}

static void request(struct loop *loop, struct connection *connection, uint64_t now) {
    connection->busy = true;
    connection->filled = 0;
    connection->sent = now;
    send_all(connection->fd, loop->request, loop->request_bytes);
}

/* Bytes of the whole answer, or 0 while its head is not complete. */
static size_t answer_bytes(const struct loop *loop, struct connection *connection) {
    if (!loop->http) {
        return MESSAGE_BYTES;
    }
    connection->buffer[connection->filled] = 0;
    char *head_end = strstr(connection->buffer, "\r\n\r\n");
    if (head_end == NULL) {
        return 0;
    }
    if (strncmp(connection->buffer, "HTTP/1.1 200", 12) != 0) {
        die("the server answered %.*s", (int)strcspn(connection->buffer, "\r"), connection->buffer);
    }
    const char *length = strcasestr(connection->buffer, "\r\ncontent-length:");
    if (length == NULL || length > head_end) {
        die("the server's answer has no Content-Length");
    }
    return (size_t)(head_end + 4 - connection->buffer) + strtoul(length + 17, NULL, 10);
}

static void completed(struct loop *loop, struct connection *connection) {
    uint64_t now = now_nanos();
    connection->busy = false;
    if (now >= loop->begin && now < loop->end) {
        loop->answered++;
    }
    if (connection->stale) {
        connection->stale = false;
    } else if (loop->open) {
        uint64_t was_due = due(loop, connection->number);
        if (was_due >= loop->begin && was_due < loop->end) {
            samples_add(&loop->latencies, now - was_due);
            connection->done++;
        }
        connection->number += loop->count;
    } else if (now >= loop->begin && now < loop->end) {
        samples_add(&loop->latencies, now - connection->sent);
        connection->done++;
    }
    if (loop->open ? due(loop, connection->number) <= now && due(loop, connection->number) < loop->end : !loop->stopping) {
        request(loop, connection, now);
    }
}

static void receive(struct loop *loop, struct connection *connection) {
    for (;;) {
        ssize_t got = recv(connection->fd, connection->buffer + connection->filled, BUFFER_BYTES - 1 - connection->filled, 0);
        if (got < 0 && errno == EAGAIN) {
            return;
        }
        if (got <= 0) {
            die("the server ended a connection: %s", got < 0 ? strerror(errno) : "closed");
        }
        connection->filled += (size_t)got;
        size_t wanted = answer_bytes(loop, connection);
        if (!connection->busy || (wanted > 0 && connection->filled > wanted)) {
            die("the server sent more than was asked for");
        }
        if (connection->filled == wanted) {
            completed(loop, connection);
            return; /* nothing else can be there: one request at a time */
        }
        if (connection->filled >= BUFFER_BYTES - 1) {
            die("the server's answer is longer than %d bytes", BUFFER_BYTES);
        }
    }
}

static void poll_once(struct loop *loop) {
    struct epoll_event events[EVENTS];
    int ready = epoll_wait(loop->epoll, events, EVENTS, 0);
    for (int i = 0; i < ready; i++) {
        receive(loop, events[i].data.ptr);
    }
}

static bool any_busy(const struct loop *loop) {
    for (size_t i = 0; i < loop->count; i++) {
        if (loop->connections[i].busy) {
            return true;
        }
    }
    return false;
}

/* A second for what is still out; looks through all connections only now and then, there may be ten thousand. */
static uint64_t drain(struct loop *loop) {
    uint64_t now = now_nanos();
    for (uint64_t until = now + DRAIN_NANOS; now < until && any_busy(loop); now = turn(loop)) {
        for (int i = 0; i < 64; i++) {
            poll_once(loop);
        }
    }
    return now;
}

static void prepare(struct loop *loop, uint64_t start, uint64_t warm_up, uint64_t measured) {
    loop->start = start;
    loop->begin = start + warm_up;
    loop->end = loop->begin + measured;
    loop->answered = 0;
    loop->stopping = false;
    loop->turn = now_nanos();
    loop->latencies = loop->late = (struct samples){0};
    for (size_t i = 0; i < loop->count; i++) {
        struct connection *connection = &loop->connections[i];
        connection->stale = connection->busy;
        connection->number = i;
        connection->done = 0;
    }
}

static void report_begin(bool *begun, const struct loop *loop, uint64_t now, bool announce) {
    if (!*begun && now >= loop->begin) {
        *begun = true;
        if (announce) {
            puts("@begin");
        }
    }
}

static void announce_end(const struct loop *loop) {
    if (loop->answered == 0) {
        die("not one request was answered within the window");
    }
    printf("@end %llu\n", (unsigned long long)loop->answered);
}

/* Sends whatever was due before now and whose connection is free; returns the number of the first that was not yet due. */
static uint64_t send_due(struct loop *loop, uint64_t next, uint64_t now) {
    for (; due(loop, next) <= now && due(loop, next) < loop->end; next++) {
        struct connection *connection = &loop->connections[next % loop->count];
        if (!connection->busy && connection->number == next) {
            uint64_t sending = now_nanos();
            if (due(loop, next) >= loop->begin) {
                samples_add(&loop->late, sending - due(loop, next));
            }
            request(loop, connection, sending);
        }
    }
    return next;
}

static void open_loop(struct loop *loop, double rate, uint64_t warm_up, uint64_t measured, bool announce) {
    loop->open = true;
    loop->interval = 1e9 / rate;
    prepare(loop, now_nanos() + 10000000, warm_up, measured);
    bool begun = false;
    uint64_t next = 0;
    for (uint64_t now = turn(loop); now < loop->end; now = turn(loop)) {
        report_begin(&begun, loop, now, announce);
        next = send_due(loop, next, now);
        poll_once(loop);
    }
    send_due(loop, next, loop->end);
    if (announce) {
        announce_end(loop);
    }
    uint64_t now = drain(loop);
    for (size_t i = 0; i < loop->count; i++) {
        for (uint64_t number = loop->connections[i].number; due(loop, number) < loop->end; number += loop->count) {
            if (due(loop, number) >= loop->begin) {
                samples_give_up(&loop->latencies, now - due(loop, number));
            }
        }
    }
}

static void closed_loop(struct loop *loop, uint64_t warm_up, uint64_t measured) {
    loop->open = false;
    prepare(loop, now_nanos(), warm_up, measured);
    for (size_t i = 0; i < loop->count; i++) {
        request(loop, &loop->connections[i], now_nanos());
    }
    bool begun = false;
    for (uint64_t now = turn(loop); now < loop->end; now = turn(loop)) {
        report_begin(&begun, loop, now, true);
        poll_once(loop);
    }
    loop->stopping = true;
    announce_end(loop);
    for (size_t i = 0; i < loop->count; i++) {
        uint64_t waited = loop->end - loop->connections[i].sent;
        if (loop->connections[i].busy && loop->connections[i].sent < loop->end && waited > MISSED_NANOS) {
            samples_give_up(&loop->latencies, waited);
        }
    }
    drain(loop);
}

static void report_evenness(const struct loop *loop) {
    uint64_t *done = malloc(loop->count * sizeof *done);
    if (done == NULL) {
        die("no memory");
    }
    for (size_t i = 0; i < loop->count; i++) {
        done[i] = loop->connections[i].done;
    }
    evenness_report(done, loop->count);
    free(done);
}

static char *request_for(const char *path) {
    char *request;
    if (asprintf(&request, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", path) < 0) {
        die("no memory");
    }
    return request;
}

static void connect_all(struct loop *loop, int port) {
    want_descriptors(loop->count + SPARE_DESCRIPTORS);
    loop->connections = calloc(loop->count, sizeof *loop->connections);
    char *buffers = malloc(loop->count * BUFFER_BYTES);
    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (loop->connections == NULL || buffers == NULL || loop->epoll < 0) {
        die("no memory or no epoll for %zu connections", loop->count);
    }
    for (size_t i = 0; i < loop->count; i++) {
        struct connection *connection = &loop->connections[i];
        connection->buffer = buffers + i * BUFFER_BYTES;
        connection->fd = connect_to(port);
        /* The end of this process is a reset: ten thousand sockets in TIME_WAIT would be in the next run's way. */
        struct linger reset = {1, 0};
        struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.ptr = connection};
        if (setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset) != 0 ||
            epoll_ctl(loop->epoll, EPOLL_CTL_ADD, connection->fd, &event) != 0) {
            die("connection %zu cannot be prepared: %s", i, strerror(errno));
        }
    }
}

static void closed_loop_alone(char **argv) {
    char *request = request_for(argv[2]);
    struct loop loop = {.http = true, .count = (size_t)atol(argv[1]), .request = request, .request_bytes = strlen(request)};
    uint64_t measured = (uint64_t)atoll(argv[4]) * 1000000u;
    connect_all(&loop, atoi(argv[5]));
    closed_loop(&loop, (uint64_t)atoll(argv[3]) * 1000000u, measured);
    printf("@metric op %g\n", (double)measured / (double)loop.answered);
    samples_report(&loop.latencies, "", false); /* which sorts them */
    printf("@metric p999 %g\n", (double)loop.latencies.values[loop.latencies.count * 999 / 1000]);
    free(request);
}

void load(int argc, char **argv) {
    static const char message[MESSAGE_BYTES];
    if (argc == 6 && strcmp(argv[0], "closed") == 0 && atol(argv[1]) >= 1 && argv[2][0] == '/' && atoll(argv[4]) >= 1) {
        closed_loop_alone(argv);
        return;
    }
    if (argc != 6 || atol(argv[1]) < 1 || atof(argv[2]) < 0 || atoll(argv[4]) < 1) {
        die("load wants echo, http or closed, connections, rate or path, milliseconds of warm-up, of the window, and the port");
    }
    struct loop loop = {.http = strcmp(argv[0], "http") == 0, .count = (size_t)atol(argv[1])};
    loop.request = loop.http ? HTTP_REQUEST : message;
    loop.request_bytes = loop.http ? sizeof HTTP_REQUEST - 1 : sizeof message;
    double rate = atof(argv[2]);
    uint64_t warm_up = (uint64_t)atoll(argv[3]) * 1000000u;
    uint64_t measured = (uint64_t)atoll(argv[4]) * 1000000u;
    if (!loop.http && rate == 0) {
        die("an open loop wants a rate above 0");
    }
    connect_all(&loop, atoi(argv[5]));
    if (loop.http) {
        closed_loop(&loop, warm_up, measured);
        printf("@metric op %g\n", (double)measured / (double)loop.answered);
        samples_report(&loop.latencies, "", false);
        report_evenness(&loop);
        rate = rate > 0 ? rate : 0.5e9 * (double)loop.answered / (double)measured;
        open_loop(&loop, rate, LEAD_IN_NANOS, measured, false);
        samples_report(&loop.latencies, "half-", true);
    } else {
        open_loop(&loop, rate, warm_up, 1, false);
        open_loop(&loop, rate, LEAD_IN_NANOS, measured, true);
        samples_report(&loop.latencies, "", true);
        report_evenness(&loop);
    }
    if (loop.late.count > 0) {
        struct samples late = loop.late;
        samples_report(&late, "late-", false);
    } else {
        printf("@metric late-p50 never\n@metric late-p99 never\n");
    }
}
