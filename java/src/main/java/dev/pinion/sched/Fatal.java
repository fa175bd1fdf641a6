package dev.pinion.sched;

import dev.pinion.nativelib.Natives;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/** An error in the scheduler itself: a report and the end, because a scheduler that lost an M would only hang. */
final class Fatal {
    /** The exit code: sysexits' EX_SOFTWARE. */
    static final int EXIT_CODE = 70;

    private static final byte[] NO_MEMORY =
            "pinion: an error in the scheduler itself, and no memory to say which. The process ends with code 70.\n"
                    .getBytes(StandardCharsets.UTF_8);

    private Fatal() {}

    /** Loads this class while there is memory. */
    static void prepare() {}

    static void schedulerError(Sched sched, Throwable error) {
        byte[] text = NO_MEMORY;
        try {
            StringWriter report = new StringWriter();
            PrintWriter out = new PrintWriter(report);
            out.println("pinion: an error in the scheduler itself; please report it with these lines. The process ends with code 70.");
            error.printStackTrace(out);
            out.println(SchedTrace.detail(sched));
            out.flush();
            text = report.toString().getBytes(StandardCharsets.UTF_8);
        } catch (Throwable secondary) {
            // the prepared text says enough
        } finally {
            Natives.writeStderr(text);
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }
}
