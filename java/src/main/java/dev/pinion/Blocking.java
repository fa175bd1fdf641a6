package dev.pinion;

import dev.pinion.sched.BlockingCalls;
import java.util.Objects;
import java.util.concurrent.Callable;

/**
 * Announces that code will block its thread in a way that neither the JDK nor Pinion can see coming: a native library, a driver, a file
 * system that hangs. The P of the calling G runs other Gs meanwhile, from the first moment on, under another thread of the same core.
 *
 * <p>It costs a wake-up if other Gs wait and some hundred nanoseconds if none do. Afterwards the G waits its turn for a P. Where nothing
 * blocks, leave it out; where the code parks its G, that G goes on with a P and the announcement is over; for the calls of the operating system, {@link Syscalls} asks first whether they would block.
 *
 * <p>On threads that are no Gs the code is just run. An interrupt reaches it as it would without: the code must look for it itself.
 */
public final class Blocking {
    private Blocking() {}

    /** Runs it here, on this G, with its P given away. What it throws is thrown. */
    public static void run(Runnable task) {
        Objects.requireNonNull(task, "the task is null");
        boolean announced = BlockingCalls.begin();
        try {
            task.run();
        } finally {
            BlockingCalls.end(announced);
        }
    }

    /** As {@link #run}, with a result. */
    public static <T> T call(Callable<T> task) throws Exception {
        Objects.requireNonNull(task, "the task is null");
        boolean announced = BlockingCalls.begin();
        try {
            return task.call();
        } finally {
            BlockingCalls.end(announced);
        }
    }
}
