/**
 * Go's G/M/P scheduler for the JVM, every P pinned to a core.
 *
 * <p>The libraries that Pinion uses are no part of the module graph: they lie inside the module and are loaded by
 * {@code dev.pinion.nativelib.IsolatedLibraries}.
 */
module dev.pinion {
    exports dev.pinion;

    // The JVM takes the agent's class from the module path if Pinion is there too, and calls it from java.instrument.
    exports dev.pinion.entry to
            java.instrument;

    requires java.management;
    requires jdk.management;
    requires static java.instrument;
    requires static jdk.attach;
    requires static jdk.jfr;
}
