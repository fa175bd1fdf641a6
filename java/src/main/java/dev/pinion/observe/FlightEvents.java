package dev.pinion.observe;

import jdk.jfr.EventType;

/**
 * Writes JFR events. It and what it uses are loaded when a recording runs for the first time in this JVM, and by no start: {@code Recordings}
 * in the room of the scheduler sees to that.
 */
public final class FlightEvents extends Recorder {
    private final EventType handOff = EventType.getEventType(HandoffEvent.class);
    private final EventType slice = EventType.getEventType(SliceEvent.class);
    private final EventType block = EventType.getEventType(BlockEvent.class);
    private final StackSampler sampler = new StackSampler();

    private FlightEvents() {}

    /**
     * From now on events are written. On a thread of its own, as it loads and changes classes; once in a process.
     *
     * @return what samples stacks: to be run on a thread that may take long
     */
    public static Runnable begin() {
        FlightEvents events = new FlightEvents();
        install(events);
        return events.sampler;
    }

    @Override
    protected Object beginHandOff() {
        if (!handOff.isEnabled()) {
            return null;
        }
        try {
            HandoffEvent event = new HandoffEvent();
            event.begin();
            return event;
        } catch (OutOfMemoryError e) {
            return null; // the program's heap is full, and the event is the least of its troubles
        }
    }

    @Override
    protected Object beginBlock() {
        if (!block.isEnabled()) {
            return null;
        }
        try {
            BlockEvent event = new BlockEvent();
            event.begin();
            return event;
        } catch (OutOfMemoryError e) {
            return null; // likewise
        }
    }

    @Override
    public void handOffEnds(Object begun, String scheduler, int p, Cause cause, long g) {
        HandoffEvent event = (HandoffEvent) begun;
        event.end();
        if (event.shouldCommit()) {
            event.scheduler = scheduler;
            event.p = p;
            event.cause = cause.label();
            event.g = g;
            try {
                event.commit();
            } catch (OutOfMemoryError e) {
                // likewise; the M that holds the P must go on
            }
        }
    }

    @Override
    public void blockEnds(Object begun) {
        ((BlockEvent) begun).end();
    }

    @Override
    public void blockEnded(Object begun, String scheduler, int p, Thread m) {
        try {
            tellBlock((BlockEvent) begun, scheduler, p, m);
        } catch (OutOfMemoryError e) {
            // what the call has done must not be lost for the sake of a record
        }
    }

    private static void tellBlock(BlockEvent event, String scheduler, int p, Thread m) {
        if (event.shouldCommit()) {
            Thread g = Thread.currentThread();
            event.scheduler = scheduler;
            event.p = p;
            event.m = m;
            event.g = g.threadId();
            event.cause = Cause.ANNOUNCED.label();
            event.over = true;
            event.stack(g.getStackTrace());
            event.commit();
        }
    }

    @Override
    public void sliceTaken(String scheduler, int p, Thread m, long g, int waiting) {
        if (slice.isEnabled()) {
            SliceEvent event = new SliceEvent();
            event.scheduler = scheduler;
            event.p = p;
            event.m = m;
            event.g = g;
            event.waiting = waiting;
            event.commit();
        }
    }

    @Override
    public void blockFound(FoundBlock found) {
        BlockEvent event = (BlockEvent) beginBlock();
        if (event != null) {
            event.scheduler = found.scheduler();
            event.p = found.p();
            event.m = found.m();
            event.g = found.g();
            event.cause = found.cause().label();
            sampler.watch(found, event);
        }
    }
}
