package dev.pinion.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/**
 * The stack is a field, and not JFR's own: that would be the stack of the thread that writes the event, which for a block that was found is
 * not the one that blocked.
 *
 * <p>An M that has lost its P in a block is not looked at again until its G parks or ends, and only then says that the block is over. So what its G
 * does meanwhile, computing or blocking again, is in the duration of a block that was found, and a second block has no event of its own.
 */
@Name("pinion.Block")
@Label("Block")
@Category("Pinion")
@Description("A G blocked its M. Announced: written by the G. Found: by a thread that samples its stack; then the time runs from when it was found "
        + "until the G parks or ends, with what it computes and further blocks in between")
@StackTrace(false)
@Threshold("10 ms")
final class BlockEvent extends Event {
    private static final int MAX_FRAMES = 64;

    @Label("Scheduler")
    String scheduler;

    @Label("P")
    int p;

    @Label("M")
    Thread m;

    @Label("G")
    @Description("Thread id")
    long g;

    @Label("Cause")
    @Description("announced; or who found it: tripwire or sysmon")
    String cause;

    @Label("Over")
    @Description("False: it lasted when the event was written, a second after it was found")
    boolean over;

    @Label("Frame")
    @Description("The call that blocked")
    String frame;

    @Label("Stack")
    @Description("The stack of the G, innermost frame first; empty if it could not be had")
    String stack;

    /** Sets frame and stack. @param frames innermost first */
    void stack(StackTraceElement[] frames) {
        StringBuilder out = new StringBuilder();
        int from = 0;
        while (from < frames.length - 1 && isOwn(frames[from].getClassName())) {
            from++;
        }
        for (int i = from; i < frames.length && i < from + MAX_FRAMES; i++) {
            out.append(i == from ? "" : "\n").append(frames[i].getClassName()).append('.').append(frames[i].getMethodName());
            int line = frames[i].getLineNumber();
            if (line > 0) { // else it is native
                out.append(':').append(line);
            }
        }
        stack = out.toString();
        frame = stack.lines().findFirst().orElse("");
    }

    /** What brought the call here, and does not tell it from others. */
    private static boolean isOwn(String type) {
        return type.startsWith("java.lang.Thread") || type.startsWith("java.lang.VirtualThread") || type.startsWith("dev.pinion.observe.")
                || type.startsWith("dev.pinion.sched.") || type.startsWith("dev.pinion.vthread.") || type.startsWith("dev.pinion.nativelib.")
                || type.startsWith("jdk.internal.vm.Pinion");
    }
}
