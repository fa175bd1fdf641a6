package dev.pinion.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.Scheduler;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A virtual thread runs one task after the other: none may find what an earlier one left. */
@Timeout(60)
class ReuseTest {
    private static final Scheduler SCHEDULER = Scheduler.builder().gomaxprocs(1).unpinned().build();
    private static final int TASKS = 100;

    @AfterAll
    static void close() {
        SCHEDULER.close();
    }

    /** What each task sees before it dirties its thread; the reuse itself is asserted too. */
    private static <T> Set<T> seen(Callable<T> look, Runnable dirty) throws Exception {
        Set<T> seen = new HashSet<>();
        Set<Long> threads = new HashSet<>();
        for (int i = 0; i < TASKS; i++) {
            SCHEDULER.go(() -> {
                threads.add(Thread.currentThread().threadId());
                seen.add(look.call());
                dirty.run();
                return null;
            }).get();
        }
        assertTrue(threads.size() < TASKS, "threads are used again, else this tests nothing");
        return seen;
    }

    @Test
    void threadLocals() throws Exception {
        ThreadLocal<String> local = new ThreadLocal<>();
        Set<String> seen = seen(local::get, () -> local.set("left"));
        assertEquals(1, seen.size());
        assertNull(seen.iterator().next());
    }

    @Test
    void inheritableThreadLocals() throws Exception {
        InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
        local.set("of the starter");
        Set<String> seen = seen(local::get, () -> local.set("left"));
        assertEquals(1, seen.size());
        assertNull(seen.iterator().next(), "neither from an earlier task nor from the starter");
    }

    @Test
    void interruptStatus() throws Exception {
        assertEquals(Set.of(false), seen(() -> Thread.currentThread().isInterrupted(), () -> Thread.currentThread().interrupt()));
    }

    @Test
    void names() throws Exception {
        assertEquals(Set.of(""), seen(() -> Thread.currentThread().getName(), () -> Thread.currentThread().setName("left")));
    }

    @Test
    void uncaughtExceptionHandlers() throws Exception {
        Thread.UncaughtExceptionHandler mine = (thread, e) -> {};
        Set<Boolean> seen = seen(
                () -> Thread.currentThread().getUncaughtExceptionHandler() == mine,
                () -> Thread.currentThread().setUncaughtExceptionHandler(mine));
        assertEquals(Set.of(false), seen);
    }

    @Test
    void contextClassLoaders() throws Exception {
        try (URLClassLoader mine = new URLClassLoader(new URL[0])) {
            Set<ClassLoader> seen = seen(
                    () -> Thread.currentThread().getContextClassLoader(),
                    () -> Thread.currentThread().setContextClassLoader(mine));
            assertEquals(Set.of(ClassLoader.getSystemClassLoader()), seen);
        }
    }

    @Test
    void parkPermits() throws Exception {
        // A permit that a task leaves may only cost the next parker a look, so what is asserted is that tasks still wait properly.
        for (int i = 0; i < TASKS; i++) {
            SCHEDULER.go(() -> java.util.concurrent.locks.LockSupport.unpark(Thread.currentThread())).join();
            assertSame(this, SCHEDULER.go(() -> SCHEDULER.go(() -> this).get()).get());
        }
    }

    @Test
    void theThreadsOfTheFactoryAreTheirOwn() throws Exception {
        Set<Long> ids = new HashSet<>();
        for (int i = 0; i < TASKS; i++) {
            Thread thread = SCHEDULER.newThread(() -> {});
            assertTrue(thread.isVirtual());
            assertFalse(thread.isAlive());
            thread.start();
            thread.join();
            assertTrue(ids.add(thread.threadId()));
        }
    }
}
