/*
 * Binding an M to its CPU, and widening it for the time of a call.
 *
 * A thread inherits CPUs and timer slack from the thread that starts it, and so does a child process. What a G starts
 * would therefore live on the G's core for ever. So a bound M widens itself to the process's CPUs and the process's slack, and where its
 * slice would be inherited (affinity.c) to the kernel's, right before it starts something, and narrows back after it (about 1 us each way).
 *
 * Rejected: putting the new thread right after its birth. Its first instructions then run on the M's core, it may have
 * read availableProcessors() by then (a static initialiser keeps the 1 for ever), and an exec'd child cannot be reached at all.
 *
 * The race: sysmon moves the P to another CPU (rebind) while the M is widened. If the re-binder acted at once, the M would
 * start its child narrow; if the M narrowed to what it read before, it would go back to the old CPU. m.binding decides:
 *
 *   M                                                re-binder (one at a time, under the scheduler's lock)
 *   1 CAS BOUND -> WIDENED; REBINDING: wait for it   1 store cpu
 *   2 setaffinity(self, process), the call           2 CAS BOUND -> REBINDING; WIDENED: done, the M will do it
 *   3 read cpu, setaffinity(self, cpu)               3 store cpu again, setaffinity(tid, cpu)
 *   4 store BOUND                                    4 store BOUND
 *   5 read cpu: another than in 3: CAS as in 1,
 *     and on to 3
 *
 * Everything is seq_cst. If the re-binder's 2 saw WIDENED, its 1 came before the M's 4, so the M's 5 sees the new cpu.
 * The CPU between M's 2 and 3 may be any of the process's; a P may so run elsewhere for as long as a clone() or a fork takes.
 *
 * Birth and end count as widened. Birth: the new M may overwrite the cpu of the re-binder's 1, so the M reads once more
 * where its P is, after bind_self, and re-binds itself until that is where it is (M.bind; the P's cpu is stored before 1). It may so
 * meet a re-binder with the same wish: each stores cpu under its own REBINDING, and the later one wins whole. End: the M clears its tid
 * only while nobody is between 2 and 4, so a re-binder never names a thread that has ended, and whose id is somebody else's by now.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls.h"

/* The process's CPUs. Written rarely (start, cpuset changed), read word by word: a mask read half old, half new is
   accepted, since the kernel cuts it down to the cpuset, and the next widening reads it whole. */
static _Atomic(uint64_t) process_mask[PINION_MASK_WORDS];
static _Atomic(unsigned) process_words;

/* The timer slack of who started the first scheduler. Not the default of the M (PR_SET_TIMERSLACK 0): that is what its starter had, and most
   Ms are started by a thread that gave itself a short one. */
static _Atomic(int64_t) process_slack;

/* The M that this thread is, NULL on any other thread. */
static _Thread_local struct pinion_m *self;

int pinion_set_process_mask(const uint64_t *mask, unsigned words) {
    if (words == 0 || words > PINION_MASK_WORDS) {
        return -EINVAL;
    }
    for (unsigned i = 0; i < PINION_MASK_WORDS; i++) {
        atomic_store_explicit(&process_mask[i], i < words ? mask[i] : 0, memory_order_relaxed);
    }
    if (atomic_exchange(&process_words, words) == 0) {
        int64_t slack = pinion_get_timer_slack();
        atomic_store(&process_slack, slack < 0 ? 0 : slack);
    }
    return 0;
}

/* cpu -1: the process's CPUs. */
static int set_to(int tid, int cpu) {
    if (cpu >= 0) {
        return pinion_bind_to_cpu(tid, cpu);
    }
    uint64_t mask[PINION_MASK_WORDS];
    unsigned words = atomic_load(&process_words);
    for (unsigned i = 0; i < words; i++) {
        mask[i] = atomic_load_explicit(&process_mask[i], memory_order_relaxed);
    }
    return words == 0 ? -EINVAL : pinion_set_affinity(tid, mask, words);
}

static bool claim(struct pinion_m *m, enum pinion_binding to) {
    uint32_t from = PINION_BOUND;
    while (!atomic_compare_exchange_strong(&m->binding, &from, to)) {
        if (from == PINION_WIDENED) {
            return false;
        }
        /* The re-binder is inside one system call: let it run. */
        sched_yield();
        from = PINION_BOUND;
    }
    return true;
}

/* On the M's own thread, once in its life. cpu -1 leaves it unpinned: only its slack is then kept from what it starts. */
int pinion_bind_self(struct pinion_m *m, int cpu) {
    if (atomic_load(&process_words) == 0) {
        return -EINVAL;
    }
    int error = cpu < 0 ? 0 : pinion_bind_to_cpu(0, cpu);
    if (error) {
        return error;
    }
    claim(m, PINION_WIDENED);
    atomic_store(&m->cpu, cpu);
    atomic_store(&m->tid, (int)syscall(SYS_gettid));
    self = m;
    atomic_store(&m->binding, PINION_BOUND);
    return 0;
}

/* On the M's own thread, before its struct goes: it is an ordinary thread again. */
int pinion_unbind_self(void) {
    struct pinion_m *m = self;
    if (!m) {
        return 0;
    }
    self = NULL;
    claim(m, PINION_WIDENED);
    atomic_store(&m->tid, 0);
    pinion_close_proof(m);
    atomic_store(&m->binding, PINION_BOUND);
    pinion_set_timer_slack((uint64_t)atomic_load(&process_slack));
    return atomic_load(&m->cpu) < 0 ? 0 : set_to(0, -1);
}

int pinion_rebind(struct pinion_m *m, int cpu) {
    int old = atomic_load(&m->cpu);
    atomic_store(&m->cpu, cpu);
    if (!claim(m, PINION_REBINDING)) {
        return 0;
    }
    atomic_store(&m->cpu, cpu);
    int tid = atomic_load(&m->tid);
    int error = tid == 0 ? -ESRCH : set_to(tid, cpu);
    if (error) {
        atomic_store(&m->cpu, old);
    }
    atomic_store(&m->binding, PINION_BOUND);
    return error;
}

/* True when the calling thread is a bound M; then pinion_narrow() must follow. A refusal of the kernel changes nothing:
   the call that follows is worth more than its CPUs. */
bool pinion_widen(struct pinion_narrowness *kept) {
    struct pinion_m *m = self;
    if (!m) {
        return false;
    }
    claim(m, PINION_WIDENED);
    kept->slice = pinion_disinherit_slice();
    kept->slack = pinion_get_timer_slack();
    pinion_set_timer_slack((uint64_t)atomic_load(&process_slack));
    if (atomic_load(&m->cpu) >= 0) {
        set_to(0, -1);
    }
    return true;
}

void pinion_narrow(const struct pinion_narrowness *kept) {
    struct pinion_m *m = self;
    if (kept->slack > 0) {
        pinion_set_timer_slack((uint64_t)kept->slack);
    }
    pinion_inherit_slice(kept->slice);
    int cpu;
    do {
        cpu = atomic_load(&m->cpu);
        if (cpu >= 0) {
            set_to(0, cpu);
        }
        atomic_store(&m->binding, PINION_BOUND);
    } while (atomic_load(&m->cpu) != cpu && claim(m, PINION_WIDENED));
}
