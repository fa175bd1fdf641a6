/*
 * The floor: what C on bare epoll and futex takes for the same work, and the load that other processes are put under.
 * Everything is printed as dev.pinion.bench.Sample describes. A failure is one sentence on stderr and exit code 1.
 */
#ifndef PINION_BENCH_PEER_H
#define PINION_BENCH_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

/* As in dev.pinion.bench.program: NetPairs and Crowd. */
#define MESSAGE_BYTES 32
#define MANY_CONNECTIONS 64
#define WARM_UP_NANOS 1500000000ull
#define WINDOW_NANOS 100000000ull
#define WINDOWS 7
/* Later than this is missed: dev.pinion.bench.program.Latencies. */
#define MISSED_NANOS 10000000ull

/* Latencies in nanoseconds. One thread at a time. */
struct samples {
    uint64_t *values;
    size_t count;
    size_t room;
    size_t missed;
    size_t given_up;
};

_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

uint64_t now_nanos(void);
void sleep_nanos(uint64_t nanos);

void samples_add(struct samples *to, uint64_t nanos);
/* One that was still to come after so long, when the wait ended. */
void samples_give_up(struct samples *to, uint64_t nanos);
void samples_merge(struct samples *to, const struct samples *from);
/* Prints prefix p50, p99, and with all also max and missed. */
void samples_report(struct samples *of, const char *prefix, bool all);
double median(double *values, size_t count);

struct rusage usage_now(void);
uint64_t cpu_nanos(const struct rusage *from, const struct rusage *to);
void usage_report(const struct rusage *before, uint64_t operations);
/* Prints @fair, uneven and starved of so many counts of one common window. */
void evenness_report(const uint64_t *done, size_t count);

/* How many CPUs the calling thread may use. */
int allowed_cpus(void);
/* Binds the calling thread to the index-th of the CPUs that it may use, beginning anew behind the last: once a thread, and not
 * before it makes another, which inherits. */
void pin_to(int index);
/* Raises the limit of descriptors to its hard end, and says in one sentence that it is too low for so many more. */
void want_descriptors(size_t count);

/* A listening socket on 127.0.0.1 and its port. */
int listen_on_loopback(int *port);
/* A connection to that port, without Nagle's delay, which does not block. */
int connect_to(int port);
void prepare_connection(int fd);
void send_all(int fd, const void *bytes, size_t count);

void net_pairs(int procs, int connections);
void net_serve(int procs);
void wake_futex(bool waker_sleeps);
void wake_spinning(void);
void sleeps(void);
void load(int argc, char **argv);

#endif
