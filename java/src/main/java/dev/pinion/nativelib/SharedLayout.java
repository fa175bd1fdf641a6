package dev.pinion.nativelib;

import jdk.internal.vm.PinionNative;

/**
 * The memory shared with C: sizes, offsets and numbers of {@code native/pinion.h}, which explains them. Checked against the
 * library when it is loaded. They are compile-time constants, so that the JIT sees plain loads and stores.
 */
public final class SharedLayout {
    /** Bytes of a {@code struct pinion_p}. Ps may lie in an array at an address that is a multiple of it. */
    public static final int P_SIZE = 256;

    /** The P's word, a long: {@code epoch << STATE_BITS | state}. Alone on its lines. */
    public static final int P_WORD = 0;

    /** A long; written by the holder once for each G. */
    public static final int P_SCHED_TICK = 128;

    /** A long, the address of the holder's M, or 0. A hint. */
    public static final int P_HOLDER = 136;

    /** An int, the P's number. */
    public static final int P_ID = 144;

    /** An int, the CPU; -1: unpinned. */
    public static final int P_CPU = 148;

    /** Bytes of a {@code struct pinion_m}. */
    public static final int M_SIZE = 256;

    /** An int, what the M sleeps on. Alone on its lines. */
    public static final int M_FUTEX = 0;

    /** A long, the address of the P given to the M. */
    public static final int M_P = 128;

    /** A long, the epoch to use it with. */
    public static final int M_EPOCH = 136;

    /** An int, the kernel's thread id; written by {@link Natives#bindSelf}. */
    public static final int M_TID = 144;

    /** An int, the CPU it is bound to, -1: none; written by {@link Natives#bindSelf} and {@link Natives#rebind}. */
    public static final int M_CPU = 148;

    /** An int; C's alone. */
    public static final int M_BINDING = 152;

    /** The state is this many low bits of the word. */
    public static final int STATE_BITS = 8;

    public static final int STATE_IDLE = 0;
    public static final int STATE_SCHED = 1;
    public static final int STATE_RUNNING = 2;
    public static final int STATE_SYSCALL = 3;
    public static final int STATE_DEAD = 4;

    /** Bits of {@link Natives#installInheritance}. */
    public static final int INHERIT_START0 = 1;

    public static final int INHERIT_FORK_AND_EXEC = 2;
    public static final int INHERIT_AVAILABLE_PROCESSORS = 4;
    public static final int INHERIT_ALL = 7;

    /** In the order of {@code layout_of} in {@code jni.c}. */
    private static final Object[] NAMED_VALUES = {
        "P_SIZE", P_SIZE,
        "P_WORD", P_WORD,
        "P_SCHED_TICK", P_SCHED_TICK,
        "P_HOLDER", P_HOLDER,
        "P_ID", P_ID,
        "P_CPU", P_CPU,
        "M_SIZE", M_SIZE,
        "M_FUTEX", M_FUTEX,
        "M_P", M_P,
        "M_EPOCH", M_EPOCH,
        "M_TID", M_TID,
        "M_CPU", M_CPU,
        "M_BINDING", M_BINDING,
        "STATE_BITS", STATE_BITS,
        "STATE_IDLE", STATE_IDLE,
        "STATE_SCHED", STATE_SCHED,
        "STATE_RUNNING", STATE_RUNNING,
        "STATE_SYSCALL", STATE_SYSCALL,
        "STATE_DEAD", STATE_DEAD,
        "INHERIT_START0", INHERIT_START0,
        "INHERIT_FORK_AND_EXEC", INHERIT_FORK_AND_EXEC,
        "INHERIT_AVAILABLE_PROCESSORS", INHERIT_AVAILABLE_PROCESSORS,
    };

    private SharedLayout() {}

    /** Asks the loaded library. */
    static void check() {
        long[] library = new long[NAMED_VALUES.length / 2];
        check(library, PinionNative.layout(library));
    }

    /** @throws UnsupportedHost naming the first difference: jar and library are not of one build */
    static void check(long[] library, int libraryCount) {
        int count = NAMED_VALUES.length / 2;
        if (libraryCount != count) {
            throw new UnsupportedHost("Pinion's native library is of another build than its classes: it has "
                    + libraryCount + " layout constants, and " + count + " are wanted.");
        }
        for (int i = 0; i < count; i++) {
            int wanted = (Integer) NAMED_VALUES[2 * i + 1];
            if (library[i] != wanted) {
                throw new UnsupportedHost("Pinion's native library is of another build than its classes: "
                        + NAMED_VALUES[2 * i] + " is " + library[i] + ", and " + wanted + " is wanted.");
            }
        }
    }
}
