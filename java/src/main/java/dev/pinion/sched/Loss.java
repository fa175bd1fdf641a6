package dev.pinion.sched;

/** Why an M lost its P without its own doing. */
enum Loss {
    /** It sleeps in the kernel. */
    BLOCKED,
    /** Its G computed for too long. */
    SLICE
}
