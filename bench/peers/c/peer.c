/* Which program runs, and what all of them print. */
#define _GNU_SOURCE
#include "peer.h"

#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void die(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

uint64_t now_nanos(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void sleep_nanos(uint64_t nanos) {
    struct timespec time = {(time_t)(nanos / 1000000000u), (long)(nanos % 1000000000u)};
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &time, &time) == EINTR) {
    }
}

void samples_add(struct samples *to, uint64_t nanos) {
    if (to->count == to->room) {
        to->room = to->room == 0 ? 1 << 16 : 2 * to->room;
        to->values = realloc(to->values, to->room * sizeof *to->values);
        if (to->values == NULL) {
            die("no memory for %zu samples", to->room);
        }
    }
    to->values[to->count++] = nanos;
    if (nanos > MISSED_NANOS) {
        to->missed++;
    }
}

void samples_give_up(struct samples *to, uint64_t nanos) {
    samples_add(to, nanos);
    if (nanos <= MISSED_NANOS) {
        to->missed++;
    }
    to->given_up++;
}

void samples_merge(struct samples *to, const struct samples *from) {
    size_t missed = to->missed + from->missed;
    for (size_t i = 0; i < from->count; i++) {
        samples_add(to, from->values[i]);
    }
    to->missed = missed;
    to->given_up += from->given_up;
}

static int by_size(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static void figure(const char *prefix, const char *name, uint64_t value, bool never) {
    if (never) {
        printf("@metric %s%s never\n", prefix, name);
    } else {
        printf("@metric %s%s %llu\n", prefix, name, (unsigned long long)value);
    }
}

void samples_report(struct samples *of, const char *prefix, bool all) {
    if (of->count == 0) {
        die("there is not one sample of %s", prefix[0] == 0 ? "the latency" : prefix);
    }
    qsort(of->values, of->count, sizeof *of->values, by_size);
    bool never = of->given_up == of->count;
    figure(prefix, "p50", of->values[of->count * 50 / 100], never);
    figure(prefix, "p99", of->values[of->count * 99 / 100], never);
    if (all) {
        figure(prefix, "max", of->values[of->count - 1], never);
        printf("@metric %smissed %g\n", prefix, 100.0 * (double)of->missed / (double)of->count);
    }
}

static int doubles_by_size(const void *a, const void *b) {
    double x = *(const double *)a;
    double y = *(const double *)b;
    return x < y ? -1 : x > y;
}

double median(double *values, size_t count) {
    qsort(values, count, sizeof *values, doubles_by_size);
    return values[count / 2];
}

struct rusage usage_now(void) {
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) != 0) {
        die("getrusage failed: %s", strerror(errno));
    }
    return usage;
}

static uint64_t nanos_of(const struct timeval *time) {
    return (uint64_t)time->tv_sec * 1000000000u + (uint64_t)time->tv_usec * 1000u;
}

uint64_t cpu_nanos(const struct rusage *from, const struct rusage *to) {
    return nanos_of(&to->ru_utime) + nanos_of(&to->ru_stime) - nanos_of(&from->ru_utime) - nanos_of(&from->ru_stime);
}

void usage_report(const struct rusage *before, uint64_t operations) {
    struct rusage now = usage_now();
    printf("@usage %llu %ld %ld %llu\n", (unsigned long long)cpu_nanos(before, &now), now.ru_nvcsw - before->ru_nvcsw,
           now.ru_nivcsw - before->ru_nivcsw, (unsigned long long)operations);
}

void evenness_report(const uint64_t *done, size_t count) {
    uint64_t slowest = UINT64_MAX;
    uint64_t fastest = 0;
    size_t starved = 0;
    for (size_t i = 0; i < count; i++) {
        slowest = done[i] < slowest ? done[i] : slowest;
        fastest = done[i] > fastest ? done[i] : fastest;
        starved += done[i] == 0;
    }
    if (fastest == 0) {
        die("no connection made any progress");
    }
    printf("@fair %llu %llu\n", (unsigned long long)slowest, (unsigned long long)fastest);
    if (slowest == 0) {
        printf("@metric uneven never\n");
    } else {
        printf("@metric uneven %g\n", (double)fastest / (double)slowest);
    }
    printf("@metric starved %zu\n", starved);
}

static cpu_set_t allowed_set(void) {
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) {
        die("sched_getaffinity failed: %s", strerror(errno));
    }
    return allowed;
}

int allowed_cpus(void) {
    cpu_set_t allowed = allowed_set();
    return CPU_COUNT(&allowed);
}

void pin_to(int index) {
    cpu_set_t allowed = allowed_set();
    int left = index % CPU_COUNT(&allowed);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (CPU_ISSET(cpu, &allowed) && left-- == 0) {
            cpu_set_t one;
            CPU_ZERO(&one);
            CPU_SET(cpu, &one);
            if (sched_setaffinity(0, sizeof one, &one) != 0) {
                die("a thread cannot be bound to CPU %d: %s", cpu, strerror(errno));
            }
            return;
        }
    }
}

void want_descriptors(size_t count) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        die("getrlimit failed: %s", strerror(errno));
    }
    if (limit.rlim_max < count) {
        die("%zu file descriptors are needed, and the hard limit is %llu (ulimit -Hn)", count,
            (unsigned long long)limit.rlim_max);
    }
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
        die("setrlimit failed: %s", strerror(errno));
    }
}

int main(int argc, char **argv) {
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    if (argc > 2 && strcmp(argv[1], "load") == 0) {
        load(argc - 2, argv + 2);
        return 0;
    }
    int procs = argc == 3 ? atoi(argv[2]) : 0;
    if (procs < 1) {
        fprintf(stderr, "name one program, and the number of threads\n");
        return 2;
    }
    printf("@carrier epoll\n");
    const char *program = argv[1];
    if (strcmp(program, "net-pingpong") == 0) {
        net_pairs(procs, 1);
    } else if (strcmp(program, "net-64") == 0) {
        net_pairs(procs, MANY_CONNECTIONS);
    } else if (strcmp(program, "net-serve") == 0) {
        net_serve(procs);
    } else if (strcmp(program, "wake") == 0) {
        wake_futex(true);
    } else if (strcmp(program, "wake-parked") == 0) {
        wake_futex(false);
    } else if (strcmp(program, "wake-spinning") == 0) {
        wake_spinning();
    } else if (strcmp(program, "sleep") == 0) {
        sleeps();
    } else {
        die("there is no program %s", program);
    }
    return 0;
}
