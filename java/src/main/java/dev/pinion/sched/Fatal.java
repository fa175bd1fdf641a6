package dev.pinion.sched;

import dev.pinion.nativelib.Natives;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/** An error in the scheduler itself: a report and the end, because a scheduler that lost an M would only hang. */
final class Fatal {
    /** The exit code: sysexits' EX_SOFTWARE. */
    static final int EXIT_CODE = 70;

    /**
     * Given up for the report, because the error may be that the heap is full. 64 KiB were enough for the stack, and in one of forty reports not for
     * the state of the scheduler, which the JDK links lambdas for.
     */
    private static final int RESERVE_BYTES = 256 * 1024;

    private static final byte[] OUT_OF_MEMORY = noMemory("an OutOfMemoryError");
    private static final byte[] LINKAGE = noMemory("a LinkageError");
    private static final byte[] OTHER = noMemory("neither an OutOfMemoryError nor a LinkageError");

    @SuppressWarnings("unused")
    private static volatile byte[] reserve = new byte[RESERVE_BYTES];

    private Fatal() {}

    /** Loads this class while there is memory. */
    static void prepare() {}

    private static byte[] noMemory(String error) {
        return "pinion: an error in the scheduler itself, ".concat(error)
                .concat(", and no memory to say more. The process ends with code 70.\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    static void schedulerError(Sched sched, Throwable error) {
        byte[] text = error instanceof OutOfMemoryError ? OUT_OF_MEMORY : error instanceof LinkageError ? LINKAGE : OTHER;
        try {
            reserve = null;
            text = report(error, "");
            text = report(error, SchedTrace.detail(sched));
        } catch (Throwable secondary) {
            // what there is says enough
        } finally {
            Natives.writeStderr(text);
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    private static byte[] report(Throwable error, String state) {
        StringWriter report = new StringWriter();
        PrintWriter out = new PrintWriter(report);
        out.println("pinion: an error in the scheduler itself; please report it with these lines. The process ends with code 70.");
        error.printStackTrace(out);
        out.println(state);
        out.flush();
        return report.toString().getBytes(StandardCharsets.UTF_8);
    }
}
