package dev.pinion.nativelib;

import jdk.internal.vm.PinionNative;

/**
 * Every native of Pinion. {@link Boot} must have succeeded before the first call. Any thread may call any
 * of them, unless a method says otherwise.
 *
 * <p>Results are not negative, or {@code -errno}; {@link NativeCallException#check} makes an exception of the
 * latter. Addresses are raw: a wrong one ends the process. A thread id is the kernel's ({@link #gettid}); 0 is the
 * calling thread. A CPU mask has bit {@code n % 64} of element {@code n / 64} for CPU {@code n}, 128 elements at most.
 */
public final class Natives {
    private Natives() {}

    /** This process's id; {@code ProcessHandle} would start a thread pool to tell it. */
    public static int getpid() {
        return PinionNative.getpid();
    }

    /**
     * Sends a signal to another process, as kill(2) does; 0 only asks whether it could.
     *
     * @return 0, or {@code -ESRCH} (no such process), {@code -EPERM} (another user's), {@code -EINVAL} (no such signal, or a pid below 1)
     */
    public static int sendSignal(int pid, int signal) {
        return PinionNative.sendSignal(pid, signal);
    }

    /** The kernel's id of the calling thread: of the carrier, in a virtual thread. */
    public static int gettid() {
        return PinionNative.gettid();
    }

    /**
     * Sleeps while the int at {@code address} is {@code expected}. The thread counts as "in native" meanwhile, and holds
     * up no safepoint.
     *
     * @param timeoutNanos how long at most; negative: no limit
     * @return 0 when woken (perhaps for nothing), or {@code -EAGAIN} (another value), {@code -ETIMEDOUT}: look at the int again after any of
     *     these. Signals change nothing
     */
    public static int futexWait(long address, int expected, long timeoutNanos) {
        return PinionNative.futexWait(address, expected, timeoutNanos);
    }

    /** Wakes at most {@code count} threads asleep in {@link #futexWait} on {@code address}; returns how many. */
    public static int futexWake(long address, int count) {
        return PinionNative.futexWake(address, count);
    }

    /** Sets a thread's CPUs. Pinned Ms use {@link #bindSelf} and {@link #rebind}, which remember the CPU. */
    public static int setAffinity(int tid, long[] mask) {
        return PinionNative.setAffinity(tid, mask);
    }

    /**
     * Reads a thread's CPUs into {@code mask}, whose rest is zeroed.
     *
     * @return how many elements the kernel's mask has; {@code -EINVAL} if the array is too short for it
     */
    public static int getAffinity(int tid, long[] mask) {
        return PinionNative.getAffinity(tid, mask);
    }

    /**
     * Sets the EEVDF slice of a thread of normal policy; policy and nice value stay. Not inherited by what the thread starts.
     *
     * @param nanos clamped by the kernel to 0.1 to 100 ms; 0: the kernel's own
     * @return 0, or {@code -EOPNOTSUPP} before Linux 6.12 and for other policies
     */
    public static int setSlice(int tid, long nanos) {
        return PinionNative.setSlice(tid, nanos);
    }

    /** The slice in force, in nanoseconds; {@code -EOPNOTSUPP} before Linux 6.12. */
    public static long getSlice(int tid) {
        return PinionNative.getSlice(tid);
    }

    /** By how much the kernel may delay the calling thread's timed waits; 0: what the thread was born with. */
    public static int setTimerSlack(long nanos) {
        return PinionNative.setTimerSlack(nanos);
    }

    /** The calling thread's timer slack in nanoseconds. */
    public static long getTimerSlack() {
        return PinionNative.getTimerSlack();
    }

    public static int schedYield() {
        return PinionNative.schedYield();
    }

    /** The CPU the calling thread is on; out of date at once unless it is bound. */
    public static int schedGetcpu() {
        return PinionNative.schedGetcpu();
    }

    /** CPU time a thread of this process has used, in nanoseconds; {@code -EINVAL} if there is no such thread. */
    public static long threadCpuNanos(int tid) {
        return PinionNative.threadCpuNanos(tid);
    }

    /** Zeroed, page-aligned memory outside the heap for {@link SharedLayout}'s structures; its address. */
    public static long mapShared(long bytes) {
        return PinionNative.mapShared(bytes);
    }

    /** Gives back what {@link #mapShared} returned. No thread may touch it any more. */
    public static int unmapShared(long address, long bytes) {
        return PinionNative.unmapShared(address, bytes);
    }

    /** Writes to file descriptor 2 by itself: no locks, no {@code System.err}, no encoder. For bug reports of the scheduler. */
    public static int writeStderr(byte[] bytes) {
        return PinionNative.writeStderr(bytes);
    }

    /**
     * Tells which CPUs threads and child processes started by a bound M get, and {@code availableProcessors()} counts there.
     * Before the first {@link #bindSelf}, and again when the cpuset changes.
     */
    public static int setProcessMask(long[] mask) {
        return PinionNative.setProcessMask(mask);
    }

    /**
     * Makes the calling thread a bound M: fills tid and cpu of its structure, binds it to the CPU, and from now on what it starts
     * inherits neither CPU nor timer slack ({@link #installInheritance}). Only on a platform thread, or by its M.
     *
     * @param m address of its {@code struct pinion_m}; must stay mapped until {@link #unbindSelf} or the thread's end
     * @param cpu -1: not pinned
     * @return 0, or {@code -EINVAL} without {@link #setProcessMask} or for a CPU that cannot be had; others as the kernel says
     */
    public static int bindSelf(long m, int cpu) {
        return PinionNative.bindSelf(m, cpu);
    }

    /** Undoes {@link #bindSelf} on the same thread: process CPUs, own slack. Does nothing on other threads. */
    public static int unbindSelf() {
        return PinionNative.unbindSelf();
    }

    /**
     * Moves a bound M to another CPU; also while it is starting a thread or a process. One caller at a time per M.
     *
     * @param cpu -1: the process's CPUs
     * @return 0, or {@code -errno} and the M stays where it was; {@code -ESRCH}: it is not bound
     */
    public static int rebind(long m, int cpu) {
        return PinionNative.rebind(m, cpu);
    }

    /**
     * Wraps {@code Thread.start0}, {@code ProcessImpl.forkAndExec} and {@code Runtime.availableProcessors}, once, before the first M.
     *
     * @return the bits of {@link SharedLayout#INHERIT_ALL} that could be installed; a missing one is a shape this JDK lacks
     */
    public static int installInheritance() {
        try {
            return PinionNative.installInheritance();
        } catch (ClassNotFoundException e) {
            throw new UnsupportedHost("This JDK has no class java.lang.ProcessImpl, which Pinion binds to.", e);
        }
    }

    /**
     * One of the calls that may block ({@code native/syscalls.c}). The thread counts as "in native", and holds up no safepoint.
     *
     * @param op a {@code OP_} number of {@link SharedLayout}; {@code a} to {@code d} are the arguments of the call of that name
     * @param call {@link SharedLayout#CALL_TRY}: do it only if it does not wait; {@link SharedLayout#CALL_UNINTERRUPTIBLE}; or the address
     *     of a {@code struct pinion_call} that says WAITING
     * @return the call's result, or {@code -errno} ({@code -EINTR}: it was interrupted through {@code call}); to CALL_TRY also
     *     {@link SharedLayout#WOULD_BLOCK}, {@link SharedLayout#MAY_BLOCK} and {@link SharedLayout#MAY_WAIT}
     */
    public static long blockingCall(int op, long call, long a, long b, long c, long d) {
        return PinionNative.blockingCall(op, call, a, b, c, d);
    }

    /** Installs the signal by which calls are interrupted, once in a process. @return its number, or {@code -EBUSY}: all are taken */
    public static int interruptPrepare() {
        return PinionNative.interruptPrepare();
    }

    /** Sends that signal to the thread in an INTERRUPTED call. @return 1: it is still in it, send another in a while; 0: the call is over */
    public static int callSignal(long call) {
        return PinionNative.callSignal(call);
    }

    /**
     * Is an M's thread off the CPU, and in what? About 1 us; the thread is not disturbed. Out of date at once: read the P's word before,
     * and take it by a CAS from that.
     *
     * @param m address of its {@code struct pinion_m}
     * @return {@link SharedLayout#ON_CPU} (or waiting for the CPU), {@link SharedLayout#IN_NO_CALL} (a page fault), {@link
     *     SharedLayout#IN_FUTEX}, {@link SharedLayout#IN_MEMORY_CALL} (mmap and its like), {@link SharedLayout#IN_SLEEP} (nanosleep and its like),
     *     {@link SharedLayout#IN_CALL} plus the number of another system call; or not known: {@code -ESRCH} (no such
     *     thread), {@code -EBADMSG} (the kernel's words are not understood), {@code -errno} of opening and reading its file in {@code /proc}
     */
    public static int blockedIn(long m) {
        return PinionNative.blockedIn(m);
    }

    /**
     * Starts the tripwire of a P ({@code native/tripwire.c}): a thread that the JVM does not know, bound to the CPU, under
     * {@code SCHED_IDLE}, asleep until {@link #tripwireArm}.
     *
     * @param tripwire address of a zeroed {@code struct pinion_tripwire}, never unmapped
     * @param p address of its {@code struct pinion_p}, never unmapped either
     * @param sysmon address of the int that is set to 1 and woken at an alarm when the P has no spare M, never unmapped either
     * @return 0, or {@code -errno} and there is no thread: {@code -EAGAIN} (no more threads), {@code -EINVAL} (a CPU that cannot be had),
     *     {@code -EPERM} (its policy is refused), {@code -EBUSY} (it was started before)
     */
    public static int tripwireStart(long tripwire, long p, long sysmon, int cpu) {
        return PinionNative.tripwireStart(tripwire, p, sysmon, cpu);
    }

    /** Wakes a tripwire that sleeps or rests. After a full fence since the P was seen busy. @return 1: it did, 0: it was awake */
    public static int tripwireArm(long tripwire) {
        return PinionNative.tripwireArm(tripwire);
    }

    /** Ends a tripwire as soon as it gets the CPU, which under a real-time thread is never: wait for it with a limit ({@link #threadExists}). */
    public static int tripwireStop(long tripwire) {
        return PinionNative.tripwireStop(tripwire);
    }

    /** Whether the CPU says that it is a virtual machine's; on processors that do not tell, false. */
    public static boolean isVirtualMachine() {
        return PinionNative.isVirtualMachine() != 0;
    }

    /** Whether the process has a thread with this id, perhaps one that is about to be gone. */
    public static boolean threadExists(int tid) {
        return PinionNative.threadExists(tid) != 0;
    }

    /**
     * Makes an epoll, and an event that wakes who sleeps in it. Both are closed on exec.
     *
     * @return the event's file descriptor in the upper half, the epoll's in the lower; or {@code -errno}
     */
    public static long netpollCreate() {
        return PinionNative.netpollCreate();
    }

    /** Closes one of the two. @return 0, or {@code -EBADF}: it is closed already, and the number perhaps somebody else's */
    public static int netpollClose(int fd) {
        return PinionNative.netpollClose(fd);
    }

    /**
     * Registers a file descriptor for both directions, edge-triggered; again where it is registered already, and then what is ready is
     * reported once more.
     *
     * @return 0, or {@code -EPERM} (a file that cannot be waited for), {@code -EBADF}, {@code -ENOSPC}, {@code -ENOMEM}; {@code -EBADFD}: it is
     *     the epoll that is none (any more)
     */
    public static int netpollAdd(int epoll, int fd, int generation) {
        return PinionNative.netpollAdd(epoll, fd, generation);
    }

    /**
     * Waits until something is ready. The thread counts as "in native", and holds up no safepoint.
     *
     * @param ready address of {@link SharedLayout#READY_MAX} structures that are filled
     * @param timeoutNanos 0: only looks; negative: no limit
     * @return how many are filled, 0 after the timeout; or {@code -errno}. Signals change nothing
     */
    public static int netpollWait(int epoll, long ready, long timeoutNanos) {
        return PinionNative.netpollWait(epoll, ready, timeoutNanos);
    }

    /**
     * Asks the kernel which file descriptors are ready, whatever any epoll has reported of them. Waits for nothing.
     *
     * @param words address of longs: a number in the lower half, {@link SharedLayout#READY_READ} or {@link SharedLayout#READY_WRITE} in the
     *     upper; on return the upper half of those that are not ready is 0
     * @param count {@link SharedLayout#POLL_MAX} at most
     * @return how many are ready or not open, or {@code -errno}
     */
    public static int netpollReady(long words, int count) {
        return PinionNative.netpollReady(words, count);
    }

    /** Sets the event: from now on every wait returns it. */
    public static int netpollWake(int event) {
        return PinionNative.netpollWake(event);
    }

    /** Clears the event. By who sleeps in the epoll, and was told of it. */
    public static int netpollDrain(int event) {
        return PinionNative.netpollDrain(event);
    }

    /** Address of {@link SharedLayout#FDS} ints, the generations of file descriptors; or {@code -ENOMEM}. Not by two threads at a time. */
    public static long generations() {
        return PinionNative.generations();
    }

    /**
     * Wraps {@code IOUtil.configureBlocking} and {@code EPoll.create}, once: each call of them begins a new generation.
     *
     * @return the bits of {@link SharedLayout#RESET_ALL} that could be installed; a missing one is a shape this JDK lacks
     */
    public static int installResets() {
        try {
            return PinionNative.installResets();
        } catch (ClassNotFoundException e) {
            return 0;
        }
    }
}
