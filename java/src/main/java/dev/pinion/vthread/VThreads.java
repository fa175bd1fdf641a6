package dev.pinion.vthread;

import static dev.pinion.vthread.Shapes.U;

import dev.pinion.nativelib.UnsupportedHost;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;
import jdk.internal.vm.ContinuationSupport;

/**
 * Operations on {@code java.lang.VirtualThread}. The handles are static and final, so the JIT inlines through them. Any thread, unless
 * said. The state numbers are those of JDK 25's {@code VirtualThread}.
 */
public final class VThreads {
    /** Characteristics bit: no inheritable thread-locals, the system class loader as context class loader. */
    private static final int NO_INHERIT_THREAD_LOCALS = 1 << 2;

    private static final int NEW = 0;
    private static final int STARTED = 1;
    private static final int PARKED = 4;
    private static final int TIMED_PARKING = 6;
    private static final int TIMED_PARKED = 7;
    private static final int UNPARKED = 9;
    private static final int YIELDED = 11;
    private static final int UNBLOCKED = 14;
    private static final int TIMED_WAITING = 17;
    private static final int TERMINATED = 99;

    private static final Class<?> VIRTUAL_THREAD = Shapes.type("java.lang.VirtualThread");
    private static final long STATE = Shapes.offset(VIRTUAL_THREAD, "state");
    private static final long SCHEDULER = Shapes.offset(VIRTUAL_THREAD, "scheduler");
    private static final long RUN_CONTINUATION = Shapes.offset(VIRTUAL_THREAD, "runContinuation");
    private static final MethodHandle CONSTRUCTOR = Shapes.constructor(
                    VIRTUAL_THREAD, Executor.class, String.class, int.class, Runnable.class)
            .asType(MethodType.methodType(Thread.class, Executor.class, String.class, int.class, Runnable.class));
    private static final JavaLangAccess ACCESS = SharedSecrets.getJavaLangAccess();

    /** The class of {@code this::runContinuation}, and where it keeps {@code this}: one hidden class for all virtual threads. */
    private static final Class<?> CONTINUATION_TASK;

    private static final long CONTINUATION_TASK_THREAD;

    private static final Class<?> ADAPTED = Shapes.type("java.util.concurrent.ForkJoinTask$AdaptedRunnableAction");
    private static final long ADAPTED_RUNNABLE = Shapes.offset(ADAPTED, "runnable");

    static {
        if (!ContinuationSupport.isSupported()) {
            throw new UnsupportedHost("This JVM has no continuations (-XX:-VMContinuations, or a CPU it has none for), and Gs are made of them.");
        }
        Probe probe = new Probe();
        CONTINUATION_TASK = continuationOf(newThread(probe, null, false, probe)).getClass();
        CONTINUATION_TASK_THREAD = capturedThreadOffset();
    }

    private VThreads() {}

    /** Does what loading this class does, and can fail with: once, at the first call. @throws UnsupportedHost in an ExceptionInInitializerError */
    public static void bind() {
        // the static initialiser has done it
    }

    /** What a virtual thread is made with that is looked at and never started. */
    private static final class Probe implements Executor, Runnable {
        @Override
        public void execute(Runnable task) {
            throw new IllegalStateException("the probe is never started");
        }

        @Override
        public void run() {
            // never started
        }
    }

    private static long capturedThreadOffset() {
        for (var field : CONTINUATION_TASK.getDeclaredFields()) {
            if (field.getType() == VIRTUAL_THREAD) {
                return U.objectFieldOffset(field);
            }
        }
        throw Shapes.missing("VirtualThread.runContinuation as a method reference", null);
    }

    /**
     * Makes an unstarted virtual thread.
     *
     * @param name null for none
     * @param inherit whether it inherits inheritable thread-locals and the context class loader from the calling thread
     */
    public static Thread newThread(Executor scheduler, String name, boolean inherit, Runnable task) {
        try {
            return (Thread) CONSTRUCTOR.invokeExact(scheduler, name, inherit ? 0 : NO_INHERIT_THREAD_LOCALS, task);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** The platform thread under the current thread: itself, or the M a virtual thread is mounted on. */
    public static Thread currentCarrier() {
        return ACCESS.currentCarrierThread();
    }

    /** What the JDK hands to the scheduler for this virtual thread; running it on a platform thread mounts it there. */
    public static Runnable continuationOf(Thread virtualThread) {
        return (Runnable) U.getReference(virtualThread, RUN_CONTINUATION);
    }

    /** The virtual thread behind a task that the JDK handed to the scheduler; null for any other Runnable. */
    public static Thread threadOf(Runnable task) {
        return task.getClass() == CONTINUATION_TASK ? (Thread) U.getReference(task, CONTINUATION_TASK_THREAD) : null;
    }

    /**
     * Takes off the wrapper in which {@code externalSubmit} and {@code lazySubmit} bring a continuation. Any other task stays what it is, for
     * somebody may wait for it.
     */
    public static Runnable unwrap(ForkJoinTask<?> task) {
        if (task.getClass() == ADAPTED) {
            Runnable wrapped = (Runnable) U.getReference(task, ADAPTED_RUNNABLE);
            if (threadOf(wrapped) != null) {
                return wrapped;
            }
        }
        return task::quietlyInvoke;
    }

    /** True for a task whose thread has just called {@code Thread.yield}. */
    public static boolean hasYielded(Thread virtualThread) {
        return U.getInt(virtualThread, STATE) == YIELDED;
    }

    /** True for a thread that was started and has never run. */
    public static boolean isFresh(Thread virtualThread) {
        return U.getInt(virtualThread, STATE) == STARTED;
    }

    public static boolean isTerminated(Thread virtualThread) {
        return U.getInt(virtualThread, STATE) == TERMINATED;
    }

    /** The JDK's state number, for the detailed trace. */
    public static int stateOf(Thread virtualThread) {
        return U.getIntVolatile(virtualThread, STATE);
    }

    /**
     * Does what {@code Thread.start} does but for the submission: the caller runs {@link #continuationOf} itself. By the maker of the
     * thread only.
     */
    public static void startWithoutSubmit(Thread virtualThread, HostContainer container) {
        U.putReferenceVolatile(virtualThread, HostContainer.CONTAINER, container);
        if (!U.compareAndSetInt(virtualThread, STATE, NEW, STARTED)) {
            throw new IllegalThreadStateException("already started");
        }
    }

    /**
     * Makes a parked thread runnable without submitting it: on true the caller runs {@link #continuationOf} itself. False when it is not
     * parked (any more): somebody else has submitted it or will.
     */
    public static boolean unparkWithoutSubmit(Thread virtualThread) {
        return U.compareAndSetInt(virtualThread, STATE, PARKED, UNPARKED) || U.compareAndSetInt(virtualThread, STATE, TIMED_PARKED, UNPARKED);
    }

    /** What a virtual thread goes to when it becomes runnable; null for one of the JDK's that has no such field. */
    public static Executor schedulerOf(Thread thread) {
        return thread.getClass() == VIRTUAL_THREAD ? (Executor) U.getReference(thread, SCHEDULER) : null;
    }

    /**
     * Changes what the calling thread goes to when it becomes runnable. The field is final, but no compiler folds it: a thread is no constant,
     * and HotSpot trusts final fields of few classes, of which this is none. Seen by whoever makes the thread runnable after it has unmounted.
     */
    public static void setScheduler(Thread self, Executor scheduler) {
        U.putReference(self, SCHEDULER, scheduler);
    }

    /**
     * Makes a thread runnable that was about to wait with a deadline, and had unmounted, when there was no memory for what the JDK schedules to
     * wake it: nobody would. To the thread it is a wake-up without a reason, for which it must be prepared. By who ran the continuation, after
     * that has thrown; on true he submits it.
     */
    public static boolean endFailedWait(Thread virtualThread) {
        return U.compareAndSetInt(virtualThread, STATE, TIMED_PARKING, UNPARKED)
                || U.compareAndSetInt(virtualThread, STATE, TIMED_WAITING, UNBLOCKED);
    }

    /**
     * Puts a scheduler in the place of the JDK's default one. Only before the first virtual thread is made: the JIT folds the field.
     */
    public static void setDefaultScheduler(ForkJoinPool scheduler) {
        U.ensureClassInitialized(VIRTUAL_THREAD);
        try {
            var field = VIRTUAL_THREAD.getDeclaredField("DEFAULT_SCHEDULER");
            if (field.getType() != ForkJoinPool.class) {
                throw Shapes.missing("VirtualThread.DEFAULT_SCHEDULER of type ForkJoinPool", null);
            }
            U.putReferenceVolatile(U.staticFieldBase(field), U.staticFieldOffset(field), scheduler);
        } catch (NoSuchFieldException e) {
            throw Shapes.missing("VirtualThread.DEFAULT_SCHEDULER", e);
        }
    }
}
