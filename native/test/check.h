/* One macro is enough of a test framework: the first failure ends the test with its line. */
#ifndef PINION_CHECK_H
#define PINION_CHECK_H

#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition)                                                              \
    do {                                                                              \
        if (!(condition)) {                                                           \
            fprintf(stderr, "%s:%d: false: %s\n", __FILE__, __LINE__, #condition);    \
            exit(1);                                                                  \
        }                                                                             \
    } while (0)

/* The kernel lacks what the test is about: ctest shows a skip. */
#define SKIP(reason)                          \
    do {                                      \
        fprintf(stderr, "skip: %s\n", reason); \
        exit(77);                             \
    } while (0)

#endif
