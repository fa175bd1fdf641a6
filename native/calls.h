/* What the C files offer to each other. Every function returns 0, or something it names, or -errno. */
#ifndef PINION_CALLS_H
#define PINION_CALLS_H

#include <pthread.h>
#include <stdint.h>

#include "pinion.h"

/* The kernel's largest CPU mask: NR_CPUS can be 8192. */
#define PINION_MASK_WORDS 128

/* affinity.c: a thread's CPUs, slice and clock; tid 0 is the calling thread. */
int pinion_set_affinity(int tid, const uint64_t *mask, unsigned words);
int pinion_get_affinity(int tid, uint64_t *mask, unsigned words); /* returns how many words the kernel knows */
int pinion_bind_to_cpu(int tid, int cpu);
int pinion_set_slice(int tid, uint64_t nanos);
struct pinion_slice {
    uint64_t nanos;
    uint64_t set_by_others;
};
struct pinion_slice pinion_disinherit_slice(void);
void pinion_inherit_slice(struct pinion_slice kept);
int64_t pinion_get_slice(int tid);
int pinion_set_timer_slack(uint64_t nanos);
int64_t pinion_get_timer_slack(void);
int64_t pinion_thread_cpu_nanos(int tid);

/* futex.c: timeout_nanos < 0 is none. */
int64_t pinion_now_nanos(void); /* CLOCK_MONOTONIC */
int pinion_futex_wait(_Atomic(uint32_t) *word, uint32_t expected, int64_t timeout_nanos);
int pinion_futex_wake(_Atomic(uint32_t) *word, int count); /* returns how many it woke */

/* memory.c */
int64_t pinion_map_shared(uint64_t bytes); /* returns the address */
int pinion_unmap_shared(uint64_t address, uint64_t bytes);
int pinion_write_stderr(const void *bytes, unsigned length);

/* binding.c: who is a bound M, and widening it for the time of a call. */
int pinion_set_process_mask(const uint64_t *mask, unsigned words);
int pinion_bind_self(struct pinion_m *m, int cpu);
int pinion_unbind_self(void);
int pinion_rebind(struct pinion_m *m, int cpu);
struct pinion_narrowness {
    int64_t slack;
    struct pinion_slice slice;
};
bool pinion_widen(struct pinion_narrowness *kept);
void pinion_narrow(const struct pinion_narrowness *kept);

/* blocked.c: is an M's thread off the CPU, and in what? An enum pinion_blocked. Any thread. */
int pinion_blocked_in(struct pinion_m *m);
int pinion_blocked_in_text(const char *text, int64_t length);
void pinion_close_proof(struct pinion_m *m);

/* host.c */
bool pinion_is_virtual_machine(void);

/* thread.c: a thread that the JVM does not know. The one who started it joins it, or detaches it, once. */
int pinion_thread_start(pthread_t *thread, void *(*run)(void *), void *arg);
void pinion_thread_join(pthread_t thread);
void pinion_thread_detach(pthread_t thread);
bool pinion_thread_exists(int tid); /* of this process */

/* tripwire.c */
int pinion_tripwire_start(struct pinion_tripwire *t, struct pinion_p *p, uint64_t sysmon, int cpu);
bool pinion_tripwire_arm(struct pinion_tripwire *t); /* returns whether it was asleep */
void pinion_tripwire_stop(struct pinion_tripwire *t);

/* syscalls.c: call is PINION_CALL_TRY, PINION_CALL_UNINTERRUPTIBLE or the address of a struct pinion_call. */
int64_t pinion_blocking_call(int op, uint64_t call, int64_t a, int64_t b, int64_t c, int64_t d);

/* netpoll.c: an epoll for sockets; its essay is in dev.pinion.netpoll.Netpoll. */
int64_t pinion_netpoll_create(void); /* returns wake event << 32 | epoll */
int pinion_netpoll_close(int fd);
int pinion_netpoll_add(int epoll, int fd, uint32_t generation); /* edge-triggered, both directions; again is no error */
int pinion_netpoll_wait(int epoll, struct pinion_ready *ready, int64_t timeout_nanos); /* returns how many; timeout < 0 is none */
#define PINION_POLL_MAX 256
/* Which are ready: each word is directions << 32 | fd, and keeps the directions if one of them is. At most PINION_POLL_MAX; returns how many. */
int pinion_netpoll_ready(uint64_t *words, int count);
int pinion_netpoll_wake(int event);
int pinion_netpoll_drain(int event);
int64_t pinion_generations(void); /* returns the address of PINION_FDS of them, 32 bits each */
void pinion_next_generation(int fd);

/* interrupt.c */
int pinion_interrupt_prepare(void); /* returns the signal's number */
bool pinion_call_begin(struct pinion_call *call);
bool pinion_call_interrupted(struct pinion_call *call);
void pinion_call_over(struct pinion_call *call);
int pinion_call_signal(struct pinion_call *call); /* returns 1: the call is not over, 0: it is */

#endif
