/*
 * A thread that the JVM does not know: small, and deaf to signals, whose handlers belong to the JVM's own threads.
 *
 * By pthread_create and not by clone(2): it has to have its own thread-local storage (errno), and setuid(2) of the C library must find it.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls.h"

/* glibc 2.34 moved these from libpthread.so to libc.so and gave them its version, with which the library would not load on an older one. Their
   first version is in both, and is the same function. */
#if defined(__GLIBC__) && defined(__x86_64__)
#define FIRST_VERSION "GLIBC_2.2.5"
#elif defined(__GLIBC__) && defined(__aarch64__)
#define FIRST_VERSION "GLIBC_2.17"
#else
#error "which version had pthread_create in the first glibc of this processor?"
#endif
__asm__(".symver pthread_create,pthread_create@" FIRST_VERSION);
__asm__(".symver pthread_join,pthread_join@" FIRST_VERSION);
__asm__(".symver pthread_detach,pthread_detach@" FIRST_VERSION);
__asm__(".symver pthread_attr_setstacksize,pthread_attr_setstacksize@" FIRST_VERSION);

/* glibc cuts the thread-local storage of all loaded libraries out of it, and a sanitizer wants more. Pages never touched cost nothing. */
#define STACK_BYTES (256 * 1024)

/* The new thread has the caller's CPUs, policy and slack, and every signal blocked. Errors are those of pthread_create, negative. */
int pinion_thread_start(pthread_t *thread, void *(*run)(void *), void *arg) {
    pthread_attr_t attr;
    int error = pthread_attr_init(&attr);
    if (error) {
        return -error;
    }
    error = pthread_attr_setstacksize(&attr, STACK_BYTES);
    if (!error) {
        /* Before its birth, so that there is no instruction at which it could be hit. */
        sigset_t all;
        sigset_t before;
        sigfillset(&all);
        sigprocmask(SIG_BLOCK, &all, &before); /* of the calling thread alone, on Linux */
        error = pthread_create(thread, &attr, run, arg);
        sigprocmask(SIG_SETMASK, &before, NULL);
    }
    pthread_attr_destroy(&attr);
    return -error;
}

void pinion_thread_join(pthread_t thread) {
    pthread_join(thread, NULL);
}

void pinion_thread_detach(pthread_t thread) {
    pthread_detach(thread);
}

/* Until the kernel has let go of all it had, the process's memory too. */
bool pinion_thread_exists(int tid) {
    return syscall(SYS_tgkill, getpid(), tid, 0) == 0;
}
