package dev.pinion.takeover;

import static dev.pinion.takeover.Jvm.assertTwins;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What belongs to a thread stays with it under Pinion as on the JDK. */
@Timeout(150)
class ThreadLocalsTest {
    @Test
    void threadLocalsStayWithTheirThread() throws Exception {
        assertTwins(Locals.class);
    }

    public static final class Locals {
        private static final ThreadLocal<String> PLAIN = ThreadLocal.withInitial(() -> "initial");
        private static final InheritableThreadLocal<String> INHERITED = new InheritableThreadLocal<>();
        private static final ScopedValue<String> SCOPED = ScopedValue.newInstance();

        public static void main(String[] arguments) throws Exception {
            PLAIN.set("main's");
            INHERITED.set("from main");
            ClassLoader own = new ClassLoader("own", Locals.class.getClassLoader()) {};
            Thread.currentThread().setContextClassLoader(own);
            List<String> seen = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                int k = i;
                Thread t = Thread.startVirtualThread(() -> {
                    String before = PLAIN.get();
                    PLAIN.set("mine " + k);
                    Thread.yield();
                    LockSupport.parkNanos(1000);
                    seen.add(before + ", " + PLAIN.get() + ", " + INHERITED.get() + ", "
                            + Thread.currentThread().getContextClassLoader().getName());
                    INHERITED.set("changed");
                    Thread child = Thread.startVirtualThread(() -> seen.add("child " + INHERITED.get() + " " + PLAIN.get()));
                    try {
                        child.join();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
                t.join();
            }
            Thread without = Thread.ofVirtual().inheritInheritableThreadLocals(false).start(() -> seen.add("without " + INHERITED.get()
                    + " " + Thread.currentThread().getContextClassLoader().getName()));
            without.join();
            Thread.startVirtualThread(() -> ScopedValue.where(SCOPED, "outer").run(() -> {
                Thread.yield();
                seen.add(SCOPED.get() + " " + ScopedValue.where(SCOPED, "inner").call(() -> {
                    LockSupport.parkNanos(1000);
                    return SCOPED.get();
                }) + " " + SCOPED.get());
            })).join();
            seen.add("bound afterwards: " + SCOPED.isBound() + ", main " + PLAIN.get() + " " + INHERITED.get());
            seen.forEach(System.out::println);
        }
    }
}
