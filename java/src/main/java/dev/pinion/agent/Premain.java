package dev.pinion.agent;

import dev.pinion.cpu.CoreTaken;
import dev.pinion.nativelib.Boot;
import dev.pinion.nativelib.StartupClasses;
import dev.pinion.nativelib.UnsupportedHost;
import dev.pinion.sched.DefaultSched;
import dev.pinion.sched.Sched;
import dev.pinion.vthread.HostContainer;
import dev.pinion.vthread.VThreads;

/**
 * The takeover. Before {@code main}: options, the JDK's internals, the library, the Ps and Ms, and then one store into
 * {@code VirtualThread.DEFAULT_SCHEDULER}. Nothing may leave {@code premain} as an exception: the JVM would print a stack trace and abort.
 *
 * <p>All of it is time that every program pays at its start, mostly for classes: some 0.2 ms for one of Pinion's, more for one made at run
 * time. So nothing on this path is a lambda, a stream, a format or a method handle without need, and {@code +} on strings is compiled without
 * {@code invokedynamic} (java/pom.xml).
 */
public final class Premain {
    static final int BAD_INPUT = 2;
    static final int FAILED = 1;

    private Premain() {}

    /** By {@link Start}. */
    static void premain(String text) {
        if (DefaultSched.get() != null) {
            say("the agent is named twice, on the command line or in JAVA_TOOL_OPTIONS; the first one's options hold.");
        } else {
            takeOverOrEnd(text, true);
        }
    }

    /**
     * Takes over. If it cannot, it says so in a sentence and the process ends; unless {@code or-jdk} was said.
     *
     * @param asAgent as in {@link #takeOver}
     */
    static void takeOverOrEnd(String text, boolean asAgent) {
        AgentOptions options;
        try {
            options = AgentOptions.parse(withEnvironment(text));
        } catch (IllegalArgumentException e) {
            end(BAD_INPUT, e.getMessage());
            return;
        }
        try {
            takeOver(options, asAgent);
        } catch (Throwable e) { // one for all: the JVM loads the class of each handler when it verifies this one
            refuse(options, e);
        }
    }

    private static void refuse(AgentOptions options, Throwable thrown) {
        // A JDK without a shape is found out by a static initialiser.
        Throwable reason = thrown instanceof ExceptionInInitializerError && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (reason instanceof IllegalArgumentException || reason instanceof CoreTaken) {
            end(BAD_INPUT, reason.getMessage());
        } else if (!(reason instanceof UnsupportedHost)) {
            end(FAILED, "Pinion could not start: " + reason);
        } else if (options.orJdk) {
            say(reason.getMessage() + " The program runs on the JDK's scheduler, as or-jdk says.");
        } else {
            end(FAILED, reason.getMessage());
        }
    }

    /** @param asAgent {@link Start#openJdk} has been called; else native access is granted */
    static void takeOver(AgentOptions options, boolean asAgent) {
        if (asAgent) {
            Boot.asAgent();
        } else {
            Boot.withLibrary();
            StartupClasses.define();
        }
        HostContainer.listThreadsHere();
        Sched sched = options.setup.start();
        if (!options.setup.polls()) {
            keepPollersOffThePs();
        }
        VThreads.setDefaultScheduler(sched.pool());
        DefaultSched.set(sched);
        sched.traceEvery(options.traceMillis, options.traceDetail);
    }

    /** PINION_OPTS add to what the command line says and do not override it: the later of two wins. */
    private static String withEnvironment(String text) {
        String environment = System.getenv("PINION_OPTS");
        if (environment == null || environment.isBlank()) {
            return text;
        }
        return text == null || text.isBlank() ? environment : environment + "," + text;
    }

    /**
     * Where the Ps do not poll sockets. By default the JDK's pollers are virtual threads, which yield between polls and so take turns with the
     * program's Gs. Platform threads ({@code jdk.pollerMode=1}) poll beside the Ps. Read once, when the first socket blocks.
     */
    private static void keepPollersOffThePs() {
        if (System.getProperty("jdk.pollerMode") == null) {
            System.setProperty("jdk.pollerMode", "1");
        }
    }

    static void say(String sentence) {
        System.err.println("pinion: " + sentence);
    }

    private static void end(int code, String sentence) {
        say(sentence);
        System.err.flush();
        Runtime.getRuntime().halt(code);
    }
}
