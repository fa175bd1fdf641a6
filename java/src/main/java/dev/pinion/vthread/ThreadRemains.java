package dev.pinion.vthread;

import static dev.pinion.vthread.Shapes.U;

/** What a finished task may leave behind in its thread, and its removal before the thread runs another task. */
public final class ThreadRemains {
    private static final long THREAD_LOCALS = Shapes.offset(Thread.class, "threadLocals");
    private static final long INHERITABLE_THREAD_LOCALS = Shapes.offset(Thread.class, "inheritableThreadLocals");
    private static final long CONTEXT_CLASS_LOADER = Shapes.offset(Thread.class, "contextClassLoader");
    private static final long HANDLER = Shapes.offset(Thread.class, "uncaughtExceptionHandler");
    private static final long NAME = Shapes.offset(Thread.class, "name");
    private static final long INTERRUPTED = Shapes.offset(Thread.class, "interrupted");
    private static final long SCOPES = Shapes.offset(Thread.class, "headStackableScopes");

    private ThreadRemains() {}

    /** Clears them. By the thread itself. */
    public static void clear(Thread self, ClassLoader loader) {
        if (U.getReference(self, THREAD_LOCALS) != null) {
            U.putReference(self, THREAD_LOCALS, null);
        }
        if (U.getReference(self, INHERITABLE_THREAD_LOCALS) != null) {
            U.putReference(self, INHERITABLE_THREAD_LOCALS, null);
        }
        if (U.getReference(self, CONTEXT_CLASS_LOADER) != loader) {
            U.putReference(self, CONTEXT_CLASS_LOADER, loader);
        }
        if (U.getReference(self, HANDLER) != null) {
            U.putReference(self, HANDLER, null);
        }
        if (!((String) U.getReference(self, NAME)).isEmpty()) {
            self.setName("");
        }
        if (U.getBooleanVolatile(self, INTERRUPTED)) {
            Thread.interrupted();
        }
    }

    /** True when scopes are open that cannot be cleared: such a thread is not used again. By the thread itself. */
    public static boolean beyondRepair(Thread self) {
        return U.getReference(self, SCOPES) != null;
    }

}
