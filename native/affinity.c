/* A thread's CPUs, EEVDF slice, timer slack and CPU clock. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "calls.h"

/* The raw calls: glibc's cpu_set_t wrappers zero the tail, and hide how long the kernel's own mask is. */
int pinion_set_affinity(int tid, const uint64_t *mask, unsigned words) {
    return syscall(SYS_sched_setaffinity, tid, words * sizeof *mask, mask) < 0 ? -errno : 0;
}

int pinion_get_affinity(int tid, uint64_t *mask, unsigned words) {
    memset(mask, 0, words * sizeof *mask);
    long bytes = syscall(SYS_sched_getaffinity, tid, words * sizeof *mask, mask);
    return bytes < 0 ? -errno : (int)((bytes + 7) / 8);
}

int pinion_bind_to_cpu(int tid, int cpu) {
    uint64_t mask[PINION_MASK_WORDS] = {0};
    if (cpu < 0 || cpu >= PINION_MASK_WORDS * 64) {
        return -EINVAL;
    }
    unsigned word = (unsigned)cpu / 64;
    mask[word] = UINT64_C(1) << (cpu % 64);
    return pinion_set_affinity(tid, mask, word + 1);
}

/* The kernel's struct sched_attr in its first version, which has all that is needed. Neither glibc nor old kernel headers have it. */
struct attr {
    uint32_t size;
    uint32_t policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime;
    uint64_t deadline;
    uint64_t period;
};

#define RESET_ON_FORK 1u

/* The slice that some thread of this process has been given, and that what it starts would have too; 0: there is none. */
static _Atomic(uint64_t) inherited_slice;

/* How often a thread's slice was set by another one. */
static _Atomic(uint64_t) set_by_others;

static int get_attr(int tid, struct attr *attr) {
    memset(attr, 0, sizeof *attr);
    return syscall(SYS_sched_getattr, tid, attr, sizeof *attr, 0) < 0 ? -errno : 0;
}

/*
 * The slice of an ordinary thread, 0 for the kernel's own; the kernel clamps it to 0.1 to 100 ms. Policy and nice stay. Children
 * must not inherit it, so RESET_ON_FORK is set with it; an unprivileged thread can set that flag and never clear it again,
 * hence it also stays when the slice goes. Kernels before 6.12 ignore the slice without an error: asked for by reading it back.
 *
 * The flag takes a nice value below 0 from children too, and most cannot get it back: under `nice -n -5` an M that another M had started
 * would run beside the first with a third of its weight. Such a thread goes without the flag, and binding.c keeps the slice from what it starts.
 */
int pinion_set_slice(int tid, uint64_t nanos) {
    struct attr attr;
    int error = get_attr(tid, &attr);
    if (error) {
        return error;
    }
    if (attr.policy != SCHED_OTHER && attr.policy != SCHED_BATCH) {
        return -EOPNOTSUPP;
    }
    attr.size = sizeof attr;
    attr.runtime = nanos;
    attr.deadline = 0;
    attr.period = 0;
    attr.flags = attr.nice < 0 ? attr.flags & RESET_ON_FORK : RESET_ON_FORK;
    bool inherited = attr.flags == 0 && nanos != 0;
    if (tid != 0) {
        atomic_fetch_add(&set_by_others, 1);
    }
    if (syscall(SYS_sched_setattr, tid, &attr, 0) < 0) {
        return -errno;
    }
    error = get_attr(tid, &attr);
    if (error) {
        return error;
    }
    if (attr.runtime == 0) {
        return -EOPNOTSUPP;
    }
    if (inherited) {
        atomic_store(&inherited_slice, nanos);
    }
    return 0;
}

int64_t pinion_get_slice(int tid) {
    struct attr attr;
    int error = get_attr(tid, &attr);
    if (error) {
        return error;
    }
    return attr.runtime == 0 ? -EOPNOTSUPP : (int64_t)attr.runtime;
}

/* Before the calling thread starts something. The slice is what pinion_inherit_slice is to put back, or 0. */
struct pinion_slice pinion_disinherit_slice(void) {
    struct pinion_slice kept = {0, atomic_load(&set_by_others)};
    uint64_t inherited = atomic_load(&inherited_slice);
    struct attr attr;
    if (inherited == 0 || get_attr(0, &attr) != 0 || (attr.flags & RESET_ON_FORK) != 0 || attr.runtime != inherited) {
        return kept; /* the kernel's own, which it tells of in the same way */
    }
    kept.nanos = pinion_set_slice(0, 0) == 0 ? inherited : 0;
    return kept;
}

/* Meanwhile sysmon may have taken the P, and the short slice with it: then it stays with the kernel's. Asked after, since sysmon counts before. Where it was
   another M's, this one has the kernel's slice until it next takes a P. */
void pinion_inherit_slice(struct pinion_slice kept) {
    if (kept.nanos != 0) {
        pinion_set_slice(0, kept.nanos);
        if (atomic_load(&set_by_others) != kept.set_by_others) {
            pinion_set_slice(0, 0);
        }
    }
}

/* The calling thread's; 0 puts back what it was born with. */
int pinion_set_timer_slack(uint64_t nanos) {
    return prctl(PR_SET_TIMERSLACK, (unsigned long)nanos, 0UL, 0UL, 0UL) < 0 ? -errno : 0;
}

/* By syscall(): the C library's prctl returns an int, and a slack of 3 s would read as an error. */
int64_t pinion_get_timer_slack(void) {
    long nanos = syscall(SYS_prctl, PR_GET_TIMERSLACK, 0UL, 0UL, 0UL, 0UL);
    return nanos < 0 ? -errno : nanos;
}

/* The kernel has no greater id, and a greater one would not fit above the three bits below. */
#define PID_MAX_LIMIT (4 * 1024 * 1024)

/* The kernel's CPU clock of one thread: CPUCLOCK_PERTHREAD | CPUCLOCK_SCHED below the inverted id, part of its ABI. */
int64_t pinion_thread_cpu_nanos(int tid) {
    if (tid < 0 || tid > PID_MAX_LIMIT) {
        return -EINVAL;
    }
    clockid_t clock = tid == 0 ? CLOCK_THREAD_CPUTIME_ID : (clockid_t)(~(unsigned)tid << 3 | 6);
    struct timespec time;
    if (clock_gettime(clock, &time) < 0) {
        return -errno;
    }
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}
