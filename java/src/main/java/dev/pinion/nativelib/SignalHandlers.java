package dev.pinion.nativelib;

import java.util.function.IntConsumer;
import jdk.internal.misc.Signal;

/** Handlers of signals that come to this JVM, for programs that pass them on. After {@link Boot}. Any thread. */
public final class SignalHandlers {
    private SignalHandlers() {}

    /**
     * From now on a thread of the JVM calls the handler with the signal's number. A signal that was ignored when the JVM started stays so, and
     * then a child process ignores it as well.
     *
     * @param name without SIG: {@code TERM}
     * @throws IllegalArgumentException if the JVM keeps the signal for itself
     */
    public static void handle(String name, IntConsumer handler) {
        Signal.handle(new Signal(name), new Signal.Handler() {
            @Override
            public void handle(Signal signal) {
                handler.accept(signal.getNumber());
            }
        });
    }
}
