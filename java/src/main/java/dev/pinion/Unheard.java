package dev.pinion;

import java.lang.ref.Cleaner;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An exception out of {@code go(Callable)} that nobody has asked for yet. Whoever calls {@link G#get} hears it; when nobody can any more, because
 * the G is garbage or the JVM ends, the uncaught exception handler does, as of a task without a result. That matters more than it seems: to the
 * compiler {@code go(() -> { throw ...; })} is a Callable, and so is each lambda that is one expression with a value.
 *
 * <p>Made for failed Gs only. It must not refer to its G, which could never be garbage then.
 */
final class Unheard implements Runnable {
    /** What is needed once the first task has failed, and by most programs never. */
    private static final class Holder {
        static final Set<Unheard> ALL = ConcurrentHashMap.newKeySet();
        private static Cleaner cleaner;

        /** @return null: it needs a thread, and there are no more at the moment; then the JVM's end tells what is left */
        static synchronized Cleaner cleaner() {
            if (cleaner == null) {
                try {
                    cleaner = Cleaner.create();
                } catch (OutOfMemoryError e) {
                    return null;
                }
            }
            return cleaner;
        }

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(null, () -> ALL.forEach(Unheard::run), "pinion-unheard", 0, false));
        }
    }

    final Throwable error;
    private final Scheduler scheduler;
    private final String name;
    private Cleaner.Cleanable garbage;

    private Unheard(Throwable error, Scheduler scheduler, String name) {
        this.error = error;
        this.scheduler = scheduler;
        this.name = name;
    }

    /**
     * By the thread of the G at its end.
     *
     * @return what the G keeps: the exception with this around it, or bare, if the handler has heard it at once. That is where nobody can be told
     *     later, because the JVM ends already or there is no memory.
     */
    static Object of(TaskG<?> g, Throwable error, Scheduler scheduler, Thread thread) {
        try {
            Unheard unheard = new Unheard(error, scheduler, g.name());
            Cleaner cleaner = Holder.cleaner();
            if (cleaner != null) {
                unheard.garbage = cleaner.register(g, unheard);
            }
            Holder.ALL.add(unheard);
            return unheard;
        } catch (Throwable e) { // ExceptionInInitializerError around IllegalStateException, then NoClassDefFoundError; OutOfMemoryError
            scheduler.uncaught(thread, error);
            return error;
        }
    }

    /** Somebody gets it. Any thread, any number of times. @return the exception */
    Throwable hear() {
        if (Holder.ALL.remove(this) && garbage != null) {
            garbage.clean();
        }
        return error;
    }

    /** Nobody can get it. To the handler comes a thread that never ran, with the G's name: the G's own runs others by now. */
    @Override
    public void run() {
        if (Holder.ALL.remove(this)) {
            scheduler.uncaught(Thread.ofVirtual().name(name).unstarted(() -> {}), error);
        }
    }
}
