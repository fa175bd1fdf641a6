package dev.pinion.entry;

import dev.pinion.agent.Agentmain;
import dev.pinion.agent.Start;
import dev.pinion.cli.Main;
import java.lang.instrument.Instrumentation;

/**
 * The class that the jar's manifest names, for {@code -javaagent}, for attaching and for {@code -jar}. On a java too old for Pinion's classes,
 * which would print a stack trace and abort, it says so in a sentence. The others are loaded when they are first called, and not before.
 */
public final class Entry {
    /** What the other classes are compiled for. */
    private static final int OLDEST = 25;

    private static final int FAILED = 1;

    private Entry() {}

    /** {@code java -jar}. */
    public static void main(String[] arguments) {
        if (isTooOld()) {
            end(" Use the java of such a JDK.");
        } else {
            Main.main(arguments);
        }
    }

    /** {@code -javaagent}. */
    public static void premain(String text, Instrumentation instrumentation) {
        if (!isTooOld()) {
            Start.premain(text, instrumentation);
        } else if ("off".equals(System.getenv("PINION"))) {
            return;
        } else if (saysOrJdk(text) || saysOrJdk(System.getenv("PINION_OPTS"))) {
            say(" The program runs without it, as or-jdk says.");
        } else {
            end(" Start the program with the java of such a JDK, or without -javaagent.");
        }
    }

    /** Attached to a running JVM. */
    public static void agentmain(String text, Instrumentation instrumentation) {
        if (isTooOld()) {
            say(" The JVM goes on as it was.");
        } else {
            Agentmain.agentmain(text, instrumentation);
        }
    }

    private static boolean isTooOld() {
        String version = System.getProperty("java.specification.version");
        return version.startsWith("1.") || Integer.parseInt(version) < OLDEST;
    }

    /** As {@code AgentOptions}, which cannot be loaded here, reads it. */
    private static boolean saysOrJdk(String options) {
        boolean says = false;
        for (String option : options == null ? new String[0] : options.split(",")) {
            String flag = option.trim().replace(" ", "");
            if (flag.equals("or-jdk") || flag.startsWith("or-jdk=")) {
                says = !flag.equals("or-jdk=false") && !flag.equals("or-jdk=no");
            }
        }
        return says;
    }

    private static void say(String consequence) {
        System.err.println("pinion: " + System.getProperty("java.home") + " is Java " + System.getProperty("java.version")
                + ", and Pinion needs JDK " + OLDEST + " or newer." + consequence);
    }

    private static void end(String consequence) {
        say(consequence);
        System.err.flush();
        Runtime.getRuntime().halt(FAILED);
    }
}
