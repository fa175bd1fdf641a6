/* Memory for struct pinion_p and pinion_m, and the way out when nothing else works any more. */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "calls.h"

/* Zeroed, page aligned. "Shared" is between Java and C; a forked child gets a copy, and nobody waits on a copy's futex. */
int64_t pinion_map_shared(uint64_t bytes) {
    void *address = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return address == MAP_FAILED ? -errno : (int64_t)(uintptr_t)address;
}

int pinion_unmap_shared(uint64_t address, uint64_t bytes) {
    return munmap((void *)(uintptr_t)address, bytes) < 0 ? -errno : 0;
}

int pinion_write_stderr(const void *bytes, unsigned length) {
    const char *next = bytes;
    while (length > 0) {
        ssize_t written = write(STDERR_FILENO, next, length);
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            return -errno;
        }
        next += written;
        length -= (unsigned)written;
    }
    return 0;
}
