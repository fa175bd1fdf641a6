package dev.pinion.sched;

import dev.pinion.observe.FlightEvents;
import dev.pinion.observe.Recorder;

/**
 * Notices that the JVM records ({@code -XX:StartFlightRecording}, {@code jcmd JFR.start}, {@code jdk.jfr.Recording}) without loading anything of
 * {@code jdk.jfr} itself, which would cost every start some ten classes, and is not possible where the JVM has no such module: when JFR starts it
 * makes {@code java.base} read its module, so that the events in there can be written, and else nobody does.
 */
final class Recordings {
    private static final String MODULE = "jdk.jfr";

    private static Module jfr;
    private static volatile boolean begun;

    private Recordings() {}

    /** Now and then, by any thread that is no G's and no M's. */
    static void look() {
        if (Recorder.current() == null && !begun && isRecording()) {
            begin();
        }
    }

    private static boolean isRecording() {
        if (jfr == null) {
            jfr = ModuleLayer.boot().findModule(MODULE).orElse(null);
        }
        return jfr != null && Object.class.getModule().canRead(jfr);
    }

    private static synchronized void begin() {
        if (!begun) {
            Sysmon.helper("pinion-recorder", Recordings::record).start();
            begun = true;
        }
    }

    private static void record() {
        try {
            FlightEvents.begin().run();
        } catch (Exception | Error e) {
            Warnings.say("flight recordings are without Pinion's events: " + e);
        }
    }
}
