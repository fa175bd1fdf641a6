package dev.pinion.bench.program;

/** An agent that does nothing, packed into a jar by the runner. */
public final class EmptyAgent {

    private EmptyAgent() {
    }

    /** Called by the JVM; does nothing. */
    public static void premain(String options) {
    }
}
