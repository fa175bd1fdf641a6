/* What a thread sleeps in: the kernel's words, the threads that show each of them, and readers against Ms that are born and end. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "calls.h"
#include "check.h"
#include "users.h"

static int blocked_in_text(const char *text) {
    return pinion_blocked_in_text(text, (int64_t)strlen(text));
}

static void the_kernels_words(void) {
    char text[64];
    CHECK(blocked_in_text("running\n") == PINION_ON_CPU);
    CHECK(blocked_in_text("-1 0x7ffc 0x7f31\n") == PINION_IN_NO_CALL);
    CHECK(blocked_in_text("0 0x0 0x7f 0x1 0x0 0x0 0x0 0x7ffc 0x7f\n") == PINION_IN_CALL);
    snprintf(text, sizeof text, "%d 0x0 ", (int)SYS_mmap);
    CHECK(blocked_in_text(text) == PINION_IN_MEMORY_CALL);
    snprintf(text, sizeof text, "%d 0x0 ", (int)SYS_clock_nanosleep);
    CHECK(blocked_in_text(text) == PINION_IN_SLEEP);
    CHECK(blocked_in_text("435 0x0 0x7f 0x1 ") == PINION_IN_CALL + 435);
    snprintf(text, sizeof text, "%d 0x7f 0x80", SYS_futex);
    CHECK(blocked_in_text(text) == PINION_IN_FUTEX);
    static const char *const nonsense[] = {"", "running", "running\n\n", "runnin", "-1", "-1\n", "-2 0x0", "-", " 0 0x0", "12", "12\n", "0x0 0x0",
                                           "1234567890 0x0", "kworker"};
    for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++) {
        CHECK(blocked_in_text(nonsense[i]) == -EBADMSG);
    }
}

static int entries(const char *directory) {
    DIR *dir = opendir(directory);
    CHECK(dir);
    int count = 0;
    while (readdir(dir)) {
        count++;
    }
    closedir(dir);
    return count;
}

static struct pinion_m m;
static int pipes[2];
static _Atomic(uint32_t) futex;
static atomic_bool over;
static char *page;

static void *reads_a_pipe(void *arg) {
    (void)arg;
    char byte;
    CHECK(pinion_bind_self(&m, -1) == 0);
    CHECK(read(pipes[0], &byte, 1) == 1);
    CHECK(pinion_unbind_self() == 0);
    return NULL;
}

static void *waits_for_a_futex(void *arg) {
    (void)arg;
    CHECK(pinion_bind_self(&m, -1) == 0);
    while (!atomic_load(&futex)) {
        pinion_futex_wait(&futex, 0, -1);
    }
    CHECK(pinion_unbind_self() == 0);
    return NULL;
}

static void *computes(void *arg) {
    (void)arg;
    CHECK(pinion_bind_self(&m, -1) == 0);
    while (!atomic_load(&over)) {
    }
    CHECK(pinion_unbind_self() == 0);
    return NULL;
}

static void *touches_a_page(void *arg) {
    (void)arg;
    CHECK(pinion_bind_self(&m, -1) == 0);
    CHECK(*(volatile char *)page == 0);
    CHECK(pinion_unbind_self() == 0);
    return NULL;
}

static pthread_t start(void *(*run)(void *)) {
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, run, NULL) == 0);
    return thread;
}

/* Until it is so. Where it never is, this hangs, and so fails. */
static void wait_until_in(int what) {
    while (pinion_blocked_in(&m) != what) {
        sched_yield();
    }
}

static void ended(pthread_t thread) {
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(pinion_blocked_in(&m) == -ESRCH);
    CHECK(atomic_load(&m.proof) == 0);
}

/* One struct, one thread after the other: a file kept too long would show. */
static void each_kind_of_sleep(void) {
    CHECK(pinion_blocked_in(&m) == -ESRCH);
    for (int i = 0; i < 3; i++) {
        pthread_t thread = start(reads_a_pipe);
        wait_until_in(PINION_IN_CALL + SYS_read);
        CHECK(atomic_load(&m.proof) != 0);
        CHECK(write(pipes[1], "x", 1) == 1);
        ended(thread);

        atomic_store(&futex, 0);
        thread = start(waits_for_a_futex);
        wait_until_in(PINION_IN_FUTEX);
        atomic_store(&futex, 1);
        pinion_futex_wake(&futex, 1);
        ended(thread);

        atomic_store(&over, false);
        thread = start(computes);
        wait_until_in(PINION_ON_CPU);
        for (int look = 0; look < 1000; look++) {
            CHECK(pinion_blocked_in(&m) == PINION_ON_CPU);
        }
        atomic_store(&over, true);
        ended(thread);
    }
}

/* The fault of a thread on a page that nobody supplies. False, with the reason printed: the kernel or the container refuses. */
static bool a_page_fault(void) {
#ifdef UFFD_USER_MODE_ONLY
    int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
#else
    int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
#endif
    if (fd < 0) {
        fprintf(stderr, "page faults are not tried: userfaultfd: %s\n", strerror(errno));
        return false;
    }
    size_t bytes = (size_t)sysconf(_SC_PAGESIZE);
    struct uffdio_api api = {.api = UFFD_API};
    CHECK(ioctl(fd, UFFDIO_API, &api) == 0);
    page = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(page != MAP_FAILED);
    struct uffdio_register range = {.range = {.start = (uintptr_t)page, .len = bytes}, .mode = UFFDIO_REGISTER_MODE_MISSING};
    CHECK(ioctl(fd, UFFDIO_REGISTER, &range) == 0);
    pthread_t thread = start(touches_a_page);
    wait_until_in(PINION_IN_NO_CALL);
    struct uffdio_zeropage zero = {.range = range.range};
    CHECK(ioctl(fd, UFFDIO_ZEROPAGE, &zero) == 0);
    ended(thread);
    close(fd);
    munmap(page, bytes);
    return true;
}

/*
 * The races of blocked.c. Ms of one struct are born and end while readers look; each thread, once it is an M no longer, sleeps in a call that no M
 * is ever in. Nobody sees that, and no descriptor is left.
 */
#define READERS 3
#define LIVES 3000
#define PATIENCE_SECONDS 5

static _Atomic(uint64_t) looks;
static atomic_int unbound;

static void *looks_all_the_time(void *arg) {
    (void)arg;
    while (!atomic_load(&over)) {
        int in = pinion_blocked_in(&m);
        CHECK((in >= 0 || in == -ESRCH) && in != PINION_IN_CALL + SYS_ppoll);
        atomic_fetch_add(&looks, 1);
    }
    return NULL;
}

static void *short_lived(void *arg) {
    reads_a_pipe(arg);
    atomic_fetch_add(&unbound, 1);
    struct timespec a_while = {.tv_nsec = 1000000};
    syscall(SYS_ppoll, NULL, 0, &a_while, NULL, 0);
    return NULL;
}

static void readers_against_births_and_ends(void) {
    int before = entries("/proc/self/fd");
    atomic_store(&over, false);
    pthread_t readers[READERS];
    for (int i = 0; i < READERS; i++) {
        readers[i] = start(looks_all_the_time);
    }
    time_t begin = time(NULL);
    pthread_t last = 0;
    int lives = 0;
    for (; lives < LIVES && time(NULL) - begin <= PATIENCE_SECONDS; lives++) {
        uint64_t seen = atomic_load(&looks);
        pthread_t thread = start(short_lived);
        while (lives % 2 && atomic_load(&looks) < seen + READERS) {
            sched_yield();
        }
        CHECK(write(pipes[1], "x", 1) == 1);
        while (atomic_load(&unbound) <= lives) {
            sched_yield();
        }
        if (lives > 0) {
            CHECK(pthread_join(last, NULL) == 0);
        }
        last = thread;
    }
    CHECK(pthread_join(last, NULL) == 0);
    atomic_store(&over, true);
    for (int i = 0; i < READERS; i++) {
        CHECK(pthread_join(readers[i], NULL) == 0);
    }
    CHECK(pinion_blocked_in(&m) == -ESRCH);
    CHECK(atomic_load(&m.proof) == 0);
    CHECK(entries("/proc/self/fd") == before);
}

/* As whoever calls it; the exit status of main. */
static int everything(void) {
    uint64_t process[PINION_MASK_WORDS];
    int words = pinion_get_affinity(0, process, PINION_MASK_WORDS);
    CHECK(words > 0 && pinion_set_process_mask(process, (unsigned)words) == 0);
    CHECK(pipe2(pipes, O_CLOEXEC) == 0);
    the_kernels_words();
    each_kind_of_sleep();
    a_page_fault();
    readers_against_births_and_ends();
    return 0;
}

int main(void) {
    return as_each_user(everything);
}
