/* Root runs a test twice: as an ordinary user first, in a child, and as itself. */
#ifndef PINION_USERS_H
#define PINION_USERS_H

#include <grp.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

/* After #define _GNU_SOURCE. Before there is a thread. Returns what everything() does. */
static inline int as_each_user(int (*everything)(void)) {
    if (geteuid() == 0) {
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0) {
            CHECK(setgroups(0, NULL) == 0 && setgid(65534) == 0 && setuid(65534) == 0);
            /* As in a process that was started as that user. */
            CHECK(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0);
            exit(everything());
        }
        int status;
        CHECK(waitpid(child, &status, 0) == child);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    return everything();
}

#endif
