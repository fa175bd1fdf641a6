package dev.pinion.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** On the thread of the M that has got the P. */
@Name("pinion.Handoff")
@Label("Hand-Off")
@Category("Pinion")
@Description("A P went to another M: from the block, or its discovery, to the first instruction of the next G")
@StackTrace(false)
@Threshold("1 ms")
final class HandoffEvent extends Event {
    @Label("Scheduler")
    String scheduler;

    @Label("P")
    int p;

    @Label("Cause")
    @Description("announced, tripwire, sysmon, slice, stalled or request")
    String cause;

    @Label("Next G")
    @Description("Thread id of the G that runs next; -1: it is fresh, and has no thread yet")
    long g;
}
