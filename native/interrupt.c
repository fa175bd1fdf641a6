/*
 * Ending a blocking call of another thread.
 *
 * The thread sleeps in the kernel, and a signal makes its call return EINTR. But a signal that comes when the thread has looked at
 * call.state and is not in the kernel yet wakes nobody. So it is sent again, every millisecond, until the call is over; and it must not
 * be sent after that, when it would break some other call of that thread. call.state decides:
 *
 *   the thread in the call                           interrupter, and who repeats
 *   1 store WAITING                                  1 CAS WAITING -> INTERRUPTED, once
 *   2 store tid; INTERRUPTED: -EINTR                 2 CAS INTERRUPTED -> SIGNALLING; fails: the call is over
 *   3 the call; EINTR and INTERRUPTED: -EINTR,       3 tgkill(tid), unless it is 0
 *     EINTR for another reason: 2                    4 store INTERRUPTED; 1 ms; 2
 *   4 store tid 0
 *   5 wait until it is not SIGNALLING; CAS -> NONE
 *
 * 4, because the struct is used again: an interrupt between 1 and 2 of another thread's call must not meet the thread that was in it before.
 *
 * Rejected: ppoll with a signal mask, which has no such gap, because it knows only what can be polled and costs a call more; blocking the
 * signal in every thread, because the JVM's threads are not ours to mask; moving the thread's instruction pointer in the handler out of
 * the gap (musl's cancellation points), for it needs an assembler text for each processor.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls.h"

static pthread_mutex_t preparing = PTHREAD_MUTEX_INITIALIZER;
static _Atomic(int) signal_number;
static _Thread_local int thread_id;

/* Not SA_RESTART, so that the call returns. */
static void do_nothing(int number) {
    (void)number;
}

/* A real-time signal that nobody has a handler for, from above; SIGRTMAX-2 is NIO's. -EBUSY: all are taken. */
int pinion_interrupt_prepare(void) {
    int number = atomic_load(&signal_number);
    if (number) {
        return number;
    }
    pthread_mutex_lock(&preparing);
    number = atomic_load(&signal_number);
    for (int i = SIGRTMAX - 3; !number && i > SIGRTMIN; i--) {
        struct sigaction old;
        struct sigaction mine;
        memset(&mine, 0, sizeof mine);
        mine.sa_handler = do_nothing;
        sigemptyset(&mine.sa_mask);
        if (sigaction(i, NULL, &old) == 0 && !(old.sa_flags & SA_SIGINFO) && old.sa_handler == SIG_DFL && sigaction(i, &mine, NULL) == 0) {
            number = i;
        }
    }
    atomic_store(&signal_number, number);
    pthread_mutex_unlock(&preparing);
    return number ? number : -EBUSY;
}

bool pinion_call_interrupted(struct pinion_call *call) {
    return call && atomic_load(&call->state) != PINION_CALL_WAITING;
}

/* On the thread that is about to block. False: it has been interrupted already. */
bool pinion_call_begin(struct pinion_call *call) {
    if (!call) {
        return true;
    }
    if (!thread_id) {
        thread_id = (int)syscall(SYS_gettid);
    }
    atomic_store(&call->tid, thread_id);
    return !pinion_call_interrupted(call);
}

/* On the thread that was in it: no signal is begun any more. */
void pinion_call_over(struct pinion_call *call) {
    if (call) {
        atomic_store(&call->tid, 0);
    }
}

int pinion_call_signal(struct pinion_call *call) {
    uint32_t from = PINION_CALL_INTERRUPTED;
    if (!atomic_compare_exchange_strong(&call->state, &from, PINION_CALL_SIGNALLING)) {
        return from == PINION_CALL_SIGNALLING; /* two of us */
    }
    int tid = atomic_load(&call->tid);
    if (tid) {
        syscall(SYS_tgkill, getpid(), tid, atomic_load(&signal_number));
    }
    atomic_store(&call->state, PINION_CALL_INTERRUPTED);
    return 1;
}
