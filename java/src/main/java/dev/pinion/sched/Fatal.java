package dev.pinion.sched;

import dev.pinion.nativelib.Natives;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/** An error in the scheduler itself: a report and the end, because a scheduler that lost an M would only hang. */
final class Fatal {
    /** The exit code: sysexits' EX_SOFTWARE. */
    static final int EXIT_CODE = 70;

    private Fatal() {}

    static void schedulerError(Sched sched, Throwable error) {
        StringWriter report = new StringWriter();
        try (PrintWriter out = new PrintWriter(report)) {
            out.println("pinion: an error in the scheduler itself; please report it with these lines. The process ends with code 70.");
            error.printStackTrace(out);
            out.println(SchedTrace.detail(sched));
        } catch (Throwable secondary) {
            report.write("(and while reporting: " + secondary + ")\n");
        }
        Natives.writeStderr(report.toString().getBytes(StandardCharsets.UTF_8));
        Runtime.getRuntime().halt(EXIT_CODE);
    }
}
