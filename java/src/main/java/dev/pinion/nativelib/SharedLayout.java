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

    /** A long, the address of the holder's M, or 0. A hint. */
    public static final int P_HOLDER = 128;

    /** An int, the P's number. */
    public static final int P_ID = 136;

    /** An int, the CPU; -1: unpinned. */
    public static final int P_CPU = 140;

    /** A long, the address of an idle M that an alarm may wake, or 0. A hint, written by the scheduler. */
    public static final int P_SPARE = 144;

    /** A long, the word under which the tripwire saw the holder blocked, or 0; the scheduler clears it. */
    public static final int P_ALARM = 152;

    /** Bytes of a {@code struct pinion_m}. */
    public static final int M_SIZE = 1280;

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

    /** A long; C's alone. */
    public static final int M_PROOF = 160;

    /** {@link #READY_MAX} structures of {@link #READY_SIZE} bytes: what the M's last look at the epoll brought. */
    public static final int M_READY = 256;

    /** What an M's futex word says: nothing. */
    public static final int M_ASLEEP = 0;

    /** The M was given a P. */
    public static final int M_GIVEN = 1;

    /** The tripwire saw the holder of the M's P blocked; written over {@link #M_ASLEEP} only. */
    public static final int M_ALARM = 2;

    /** The M sleeps in the epoll, or is about to; written by itself, over {@link #M_ASLEEP} only. */
    public static final int M_POLLING = 3;

    /** Bytes of a {@code struct pinion_ready}. */
    public static final int READY_SIZE = 16;

    /** An int, the file descriptor; -1: the wake event. */
    public static final int READY_FD = 0;

    /** An int, its generation when it was registered. */
    public static final int READY_GENERATION = 4;

    /** An int of {@link #READY_READ} and {@link #READY_WRITE}. */
    public static final int READY_DIRECTIONS = 8;

    public static final int READY_READ = 1;
    public static final int READY_WRITE = 2;

    /** What one look can bring. */
    public static final int READY_MAX = 64;

    /** What {@link Natives#netpollReady} can be asked about at once. */
    public static final int POLL_MAX = 256;

    /** File descriptors that have a generation. */
    public static final int FDS = 1 << 20;

    /** Bits of {@link Natives#installResets}. */
    public static final int RESET_CONFIGURE_BLOCKING = 1;

    public static final int RESET_EPOLL_CREATE = 2;
    public static final int RESET_ALL = 3;

    /** Answers of {@link Natives#blockedIn}. */
    public static final int ON_CPU = 0;

    public static final int IN_NO_CALL = 1;
    public static final int IN_FUTEX = 2;
    public static final int IN_MEMORY_CALL = 3;

    /** From here on it is not the JVM's doing, as far as C can tell. */
    public static final int IN_SLEEP = 4;

    /** Plus the number of the system call. */
    public static final int IN_CALL = 5;

    /** Bytes of a {@code struct pinion_tripwire}. */
    public static final int TRIPWIRE_SIZE = 256;

    /** An int: {@link #TRIPWIRE_ASLEEP} or {@link #TRIPWIRE_RESTING}; else it is awake. */
    public static final int TRIPWIRE_ARMED = 0;

    /** An int: 1 once it was told to end. */
    public static final int TRIPWIRE_STOP = 4;

    /** An int, the kernel's thread id; 0 after its end. */
    public static final int TRIPWIRE_TID = 8;

    /** A long: the turns of its loop. */
    public static final int TRIPWIRE_BEATS = 128;

    /** A long: how often it saw a block. */
    public static final int TRIPWIRE_ALARMS = 136;

    /** A long: how often it saw one right after it had slept or rested. */
    public static final int TRIPWIRE_LATE = 160;

    /** Until {@link Natives#tripwireArm}. */
    public static final int TRIPWIRE_ASLEEP = 0;

    /** For some milliseconds, or until {@link Natives#tripwireArm}. */
    public static final int TRIPWIRE_RESTING = 2;

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

    /** Bytes of a {@code struct pinion_call}. */
    public static final int CALL_SIZE = 64;

    /** An int, one of the four states that follow; {@code native/interrupt.c} has the protocol. */
    public static final int CALL_STATE = 0;

    /** An int: the thread that is in the call, or 0. */
    public static final int CALL_TID = 4;

    public static final int CALL_NONE = 0;
    public static final int CALL_WAITING = 1;
    public static final int CALL_INTERRUPTED = 2;
    public static final int CALL_SIGNALLING = 3;

    /** In place of a call's address: see {@link Natives#blockingCall}. */
    public static final int CALL_TRY = 0;

    public static final int CALL_UNINTERRUPTIBLE = 1;

    /** The call would wait; nothing was done. */
    public static final int WOULD_BLOCK = -4096;

    /** The call cannot be tried, and seldom waits; nothing was done. */
    public static final int MAY_BLOCK = -4097;

    /** As {@link #MAY_BLOCK}, and an interrupt must be able to end the wait. */
    public static final int MAY_WAIT = -4098;

    public static final int OP_READ = 0;
    public static final int OP_PREAD = 1;
    public static final int OP_READV = 2;
    public static final int OP_WRITE = 3;
    public static final int OP_PWRITE = 4;
    public static final int OP_WRITEV = 5;
    public static final int OP_OPEN = 6;
    public static final int OP_FSYNC = 7;
    public static final int OP_FDATASYNC = 8;
    public static final int OP_FLOCK = 9;
    public static final int OP_ACCEPT = 10;
    public static final int OP_CONNECT = 11;
    public static final int OP_RECV = 12;
    public static final int OP_SEND = 13;
    public static final int OP_RECVMSG = 14;
    public static final int OP_SENDMSG = 15;
    public static final int OP_POLL = 16;
    public static final int OP_NANOSLEEP = 17;
    public static final int OP_WAITPID = 18;
    public static final int OP_CLOSE = 19;
    public static final int OP_LSEEK = 20;
    public static final int OP_FTRUNCATE = 21;
    public static final int OP_SIZE = 22;

    /** In the order of {@code layout_of} in {@code jni.c}. */
    private static final Object[] NAMED_VALUES = {
        "P_SIZE", P_SIZE,
        "P_WORD", P_WORD,
        "P_HOLDER", P_HOLDER,
        "P_ID", P_ID,
        "P_CPU", P_CPU,
        "P_SPARE", P_SPARE,
        "P_ALARM", P_ALARM,
        "M_SIZE", M_SIZE,
        "M_FUTEX", M_FUTEX,
        "M_P", M_P,
        "M_EPOCH", M_EPOCH,
        "M_TID", M_TID,
        "M_CPU", M_CPU,
        "M_BINDING", M_BINDING,
        "M_PROOF", M_PROOF,
        "M_READY", M_READY,
        "M_ASLEEP", M_ASLEEP,
        "M_GIVEN", M_GIVEN,
        "M_ALARM", M_ALARM,
        "M_POLLING", M_POLLING,
        "READY_SIZE", READY_SIZE,
        "READY_FD", READY_FD,
        "READY_GENERATION", READY_GENERATION,
        "READY_DIRECTIONS", READY_DIRECTIONS,
        "READY_READ", READY_READ,
        "READY_WRITE", READY_WRITE,
        "READY_MAX", READY_MAX,
        "POLL_MAX", POLL_MAX,
        "FDS", FDS,
        "RESET_CONFIGURE_BLOCKING", RESET_CONFIGURE_BLOCKING,
        "RESET_EPOLL_CREATE", RESET_EPOLL_CREATE,
        "ON_CPU", ON_CPU,
        "IN_NO_CALL", IN_NO_CALL,
        "IN_FUTEX", IN_FUTEX,
        "IN_MEMORY_CALL", IN_MEMORY_CALL,
        "IN_SLEEP", IN_SLEEP,
        "IN_CALL", IN_CALL,
        "TRIPWIRE_SIZE", TRIPWIRE_SIZE,
        "TRIPWIRE_ARMED", TRIPWIRE_ARMED,
        "TRIPWIRE_STOP", TRIPWIRE_STOP,
        "TRIPWIRE_TID", TRIPWIRE_TID,
        "TRIPWIRE_BEATS", TRIPWIRE_BEATS,
        "TRIPWIRE_ALARMS", TRIPWIRE_ALARMS,
        "TRIPWIRE_LATE", TRIPWIRE_LATE,
        "TRIPWIRE_ASLEEP", TRIPWIRE_ASLEEP,
        "TRIPWIRE_RESTING", TRIPWIRE_RESTING,
        "STATE_BITS", STATE_BITS,
        "STATE_IDLE", STATE_IDLE,
        "STATE_SCHED", STATE_SCHED,
        "STATE_RUNNING", STATE_RUNNING,
        "STATE_SYSCALL", STATE_SYSCALL,
        "STATE_DEAD", STATE_DEAD,
        "INHERIT_START0", INHERIT_START0,
        "INHERIT_FORK_AND_EXEC", INHERIT_FORK_AND_EXEC,
        "INHERIT_AVAILABLE_PROCESSORS", INHERIT_AVAILABLE_PROCESSORS,
        "CALL_SIZE", CALL_SIZE,
        "CALL_STATE", CALL_STATE,
        "CALL_TID", CALL_TID,
        "CALL_NONE", CALL_NONE,
        "CALL_WAITING", CALL_WAITING,
        "CALL_INTERRUPTED", CALL_INTERRUPTED,
        "CALL_SIGNALLING", CALL_SIGNALLING,
        "CALL_TRY", CALL_TRY,
        "CALL_UNINTERRUPTIBLE", CALL_UNINTERRUPTIBLE,
        "WOULD_BLOCK", WOULD_BLOCK,
        "MAY_BLOCK", MAY_BLOCK,
        "MAY_WAIT", MAY_WAIT,
        "OP_READ", OP_READ,
        "OP_PREAD", OP_PREAD,
        "OP_READV", OP_READV,
        "OP_WRITE", OP_WRITE,
        "OP_PWRITE", OP_PWRITE,
        "OP_WRITEV", OP_WRITEV,
        "OP_OPEN", OP_OPEN,
        "OP_FSYNC", OP_FSYNC,
        "OP_FDATASYNC", OP_FDATASYNC,
        "OP_FLOCK", OP_FLOCK,
        "OP_ACCEPT", OP_ACCEPT,
        "OP_CONNECT", OP_CONNECT,
        "OP_RECV", OP_RECV,
        "OP_SEND", OP_SEND,
        "OP_RECVMSG", OP_RECVMSG,
        "OP_SENDMSG", OP_SENDMSG,
        "OP_POLL", OP_POLL,
        "OP_NANOSLEEP", OP_NANOSLEEP,
        "OP_WAITPID", OP_WAITPID,
        "OP_CLOSE", OP_CLOSE,
        "OP_LSEEK", OP_LSEEK,
        "OP_FTRUNCATE", OP_FTRUNCATE,
        "OP_SIZE", OP_SIZE,
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
