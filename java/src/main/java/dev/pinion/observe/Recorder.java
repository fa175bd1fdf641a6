package dev.pinion.observe;

/**
 * Who hears of single events, with their times: a flight recording ({@code FlightEvents}). What it writes is written where the JDK writes its
 * own events too: by a G that runs, by an M between two Gs, by sysmon; never by scheduler code on the stack of a G, where
 * to allocate, to wait for a buffer or to load a class is forbidden.
 *
 * <p>Two-part events are begun before the P leaves RUNNING, because an event is an object, and the heap may be full.
 */
public abstract class Recorder {
    private static volatile Recorder current;

    /** Null while nobody has recorded in this JVM. Any thread. */
    public static Recorder current() {
        return current;
    }

    static void install(Recorder recorder) {
        current = recorder;
    }

    /** A P is to change its M. On a G that runs, or on a thread that holds no P. @return null: nobody wants to know */
    public static Object handOffBegins() {
        Recorder recorder = current;
        return recorder == null ? null : recorder.beginHandOff();
    }

    /** A G will block. On that G. @return null: nobody wants to know */
    public static Object blockBegins() {
        Recorder recorder = current;
        return recorder == null ? null : recorder.beginBlock();
    }

    protected abstract Object beginHandOff();

    protected abstract Object beginBlock();

    /** The next G is about to run. On the M that has got the P. */
    public abstract void handOffEnds(Object begun, String scheduler, int p, Cause cause, long g);

    /** The call is over; the time it took is fixed. On the G. */
    public abstract void blockEnds(Object begun);

    /** After {@link #blockEnds}. On the G, which runs; with a P, if it could get one. */
    public abstract void blockEnded(Object begun, String scheduler, int p, Thread m);

    /** A P was taken because its G had run for a slice. By the taker, who holds it no longer. @param g the G's thread id; 0: not known */
    public abstract void sliceTaken(String scheduler, int p, Thread m, long g, int waiting);

    /** A P was taken because its M is blocked. By the taker, who holds it no longer. */
    public abstract void blockFound(FoundBlock block);
}
