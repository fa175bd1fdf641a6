package dev.pinion.agent;

import dev.pinion.nativelib.StartupClasses;
import dev.pinion.sched.DefaultSched;
import java.lang.instrument.Instrumentation;
import java.util.Map;
import java.util.Set;

/**
 * The first of Pinion's classes that are made for this JDK alone: brings in the others that every start needs, and hands over to
 * {@link Premain}. It names none of them in a way that would load it before.
 */
public final class Start {
    private Start() {}

    /** By {@code dev.pinion.entry.Entry}. */
    public static void premain(String text, Instrumentation instrumentation) {
        if ("off".equals(System.getenv("PINION"))) {
            return;
        }
        if (DefaultSched.get() == null) {
            openJdk(instrumentation);
            StartupClasses.define();
        }
        Premain.premain(text);
    }

    /** Exports to Pinion the packages of {@code java.base} that it uses. */
    static void openJdk(Instrumentation instrumentation) {
        Set<Module> own = Set.of(Start.class.getModule());
        instrumentation.redefineModule(Object.class.getModule(), Set.of(),
                Map.of("jdk.internal.misc", own, "jdk.internal.vm", own, "jdk.internal.access", own, "sun.nio.ch", own), Map.of(), Set.of(), Map.of());
    }
}
