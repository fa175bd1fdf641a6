package dev.pinion.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** On the thread that took the P. */
@Name("pinion.Slice")
@Label("Slice")
@Category("Pinion")
@Description("A G lost its P because it had run for a slice while others waited; it runs on beside the P's next M")
@StackTrace(false)
final class SliceEvent extends Event {
    @Label("Scheduler")
    String scheduler;

    @Label("P")
    int p;

    @Label("M")
    Thread m;

    @Label("G")
    @Description("Thread id of the G that ran; 0: its M was not found")
    long g;

    @Label("Waiting")
    @Description("Gs in the queue of the P")
    int waiting;
}
