package dev.pinion.vthread;

import static dev.pinion.vthread.Shapes.U;

import java.lang.reflect.Field;
import sun.nio.ch.PinionPoller;

/** Puts {@link PinionPoller} under the JDK's sockets, in the place of its own pollers. */
public final class SocketPollers {
    private SocketPollers() {}

    /**
     * Once in a process.
     *
     * @return null; or why the JDK's own pollers stay, in half a sentence
     */
    public static String replace(PinionPoller.Waits waits) {
        Class<?> poller = Shapes.type("sun.nio.ch.Poller");
        Class<?> provider = Shapes.type("sun.nio.ch.PollerProvider");
        if (!U.shouldBeInitialized(poller)) {
            return "the JDK's own pollers run already";
        }
        has(poller, "implRegister", int.class);
        has(poller, "implDeregister", int.class, boolean.class);
        has(poller, "poll", int.class);
        has(poller, "polled", int.class);
        has(provider, "readPoller", boolean.class);
        has(provider, "writePoller", boolean.class);
        U.ensureClassInitialized(provider);
        try {
            Field instance = provider.getDeclaredField("INSTANCE");
            if (instance.getType() != provider) {
                throw Shapes.missing("PollerProvider.INSTANCE of its own type", null);
            }
            U.putReferenceVolatile(U.staticFieldBase(instance), U.staticFieldOffset(instance), waits.provider());
        } catch (NoSuchFieldException e) {
            throw Shapes.missing("PollerProvider.INSTANCE", e);
        }
        return null;
    }

    private static void has(Class<?> type, String name, Class<?>... parameters) {
        try {
            type.getDeclaredMethod(name, parameters);
        } catch (NoSuchMethodException e) {
            throw Shapes.missing(type.getName() + "." + name, e);
        }
    }
}
