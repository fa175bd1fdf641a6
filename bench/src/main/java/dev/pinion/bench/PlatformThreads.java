package dev.pinion.bench;

import dev.pinion.bench.Workload.Shape;
import java.util.Map;

/** Which rows say nothing about {@link Side#PLATFORM}, and why. */
final class PlatformThreads {

    private static final String TOO_MANY = "so many OS threads at once are more than hosts allow";
    private static final String THE_JDKS = "the JDK's figure is that of platform threads already";

    /** By program. */
    private static final Map<String, String> OBSTACLES = Map.of(
            "million", TOO_MANY,
            "parked-bytes", TOO_MANY,
            "skynet", TOO_MANY,
            "timers-million", THE_JDKS,
            "tasks-million", THE_JDKS,
            "fsync-many", THE_JDKS,
            "lone-reader", THE_JDKS,
            "hog-beside", "its threads are bound to as many CPUs as Ps, and cannot go to another",
            "net-http-jetty", "Jetty without virtual threads has a pool of its own",
            "net-http-helidon", "Helidon has virtual threads only");

    private PlatformThreads() {
    }

    /** Why a workload does not run on platform threads, or null. */
    static String obstacle(Workload workload) {
        if (workload.shape() == Shape.EMPTY_AGENT || workload.shape() == Shape.WALL_TIME) {
            return "it is about the JVM, not about threads";
        }
        return OBSTACLES.get(workload.program());
    }
}
