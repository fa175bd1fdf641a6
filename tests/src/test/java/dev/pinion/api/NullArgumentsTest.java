package dev.pinion.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.Blocking;
import dev.pinion.BlockingFile;
import dev.pinion.G;
import dev.pinion.Pinion;
import dev.pinion.Scheduler;
import dev.pinion.Syscalls;
import dev.pinion.Ticker;
import dev.pinion.Timer;
import dev.pinion.WaitGroup;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** A null where none may be is refused at once, with a sentence that names what is null. */
@Timeout(60)
class NullArgumentsTest {
    private static final Runnable NO_RUNNABLE = null;
    private static final Callable<Object> NO_CALLABLE = null;
    private static final Duration SOON = Duration.ofMillis(1);

    private final Scheduler scheduler = Scheduler.builder().gomaxprocs(1).unpinned().build();
    private final Map<Executable, String> cases = new LinkedHashMap<>();

    @AfterEach
    void close() {
        scheduler.close();
    }

    private void refused(String what, Executable call) {
        cases.put(call, what);
    }

    private void check() {
        assertTrue(cases.size() > 1);
        cases.forEach((call, what) -> {
            String message = assertThrows(NullPointerException.class, call, what).getMessage();
            assertNotNull(message, what);
            assertEquals("the " + what + " is null", message.split(";")[0]);
        });
    }

    @Test
    void ofSchedulersAndTheirBuilder() {
        refused("task", () -> Pinion.go(NO_RUNNABLE));
        refused("task", () -> Pinion.go(NO_CALLABLE));
        refused("task", () -> scheduler.go(NO_RUNNABLE));
        refused("task", () -> scheduler.go(NO_CALLABLE));
        refused("task", () -> scheduler.execute(null));
        refused("task", () -> scheduler.newThread(null));
        refused("patience", () -> scheduler.close(null));
        refused("unit", () -> scheduler.awaitTermination(1, null));
        refused("name", () -> Scheduler.builder().name(null));
        refused("list of CPUs", () -> Scheduler.builder().cpus(null));
        refused("list of CPUs", () -> Scheduler.builder().housekeeping(null));
        refused("strategy", () -> Scheduler.builder().idle(null));
        refused("strategy", () -> Scheduler.builder().idle(0, null));
        refused("mode", () -> Scheduler.builder().netpoll(null));
        refused("mode", () -> Scheduler.builder().reserve(null));
        refused("mode", () -> Scheduler.builder().retake(null));
        refused("handler", () -> Scheduler.builder().uncaughtExceptionHandler(null));
        refused("prefix", () -> Scheduler.builder().threadNamePrefix(null));
        check();
    }

    @Test
    void ofGsAndWaitGroups() {
        G<Void> g = scheduler.go(() -> {});
        refused("name", () -> g.name(null));
        refused("unit", () -> g.join(1, null));
        refused("unit", () -> g.get(1, null));
        WaitGroup group = new WaitGroup();
        refused("task", () -> group.go(null));
        refused("task", () -> group.go(scheduler, null));
        refused("scheduler", () -> group.go(null, () -> {}));
        refused("unit", () -> group.await(1, null));
        check();
    }

    @Test
    void ofTimers() {
        Timer after = Timer.after(SOON);
        Timer func = Timer.afterFunc(scheduler, SOON, () -> {});
        refused("delay", () -> Timer.after(null));
        refused("delay", () -> Timer.afterFunc(null, () -> {}));
        refused("delay", () -> Timer.afterFunc(scheduler, null, () -> {}));
        refused("task", () -> Timer.afterFunc(SOON, null));
        refused("task", () -> Timer.afterFunc(scheduler, SOON, null));
        refused("scheduler", () -> Timer.afterFunc(null, SOON, () -> {}));
        refused("delay", () -> after.reset(null));
        refused("delay", () -> func.reset(null));
        refused("period", () -> Ticker.every(null));
        refused("period", () -> Ticker.every(SOON).reset(null));
        check();
    }

    @Test
    void ofScheduledExecutors() {
        ScheduledExecutorService executor = scheduler.scheduledExecutor();
        TimeUnit unit = TimeUnit.MILLISECONDS;
        refused("task", () -> executor.schedule(NO_RUNNABLE, 1, unit));
        refused("task", () -> executor.schedule(NO_CALLABLE, 1, unit));
        refused("task", () -> executor.scheduleAtFixedRate(null, 1, 1, unit));
        refused("task", () -> executor.scheduleWithFixedDelay(null, 1, 1, unit));
        refused("task", () -> executor.execute(null));
        refused("task", () -> executor.submit(NO_RUNNABLE));
        refused("task", () -> executor.submit(NO_CALLABLE));
        refused("unit", () -> executor.schedule(() -> {}, 1, null));
        refused("unit", () -> executor.scheduleAtFixedRate(() -> {}, 1, 1, null));
        refused("unit", () -> executor.scheduleWithFixedDelay(() -> {}, 1, 1, null));
        refused("unit", () -> executor.awaitTermination(1, null));
        check();
        executor.shutdown();
        assertTrue(executor.isTerminated(), "what was refused is not counted");
    }

    @Test
    void ofCallsThatBlock() throws Exception {
        refused("task", () -> Blocking.run(null));
        refused("task", () -> Blocking.call(null));
        refused("path", () -> BlockingFile.open(null, 0, 0));
        refused("path", () -> Syscalls.open(null, 0, 0));
        refused("segment", () -> Syscalls.read(0, null));
        refused("segment", () -> Syscalls.writev(1, null));
        refused("segment", () -> Syscalls.recvmsg(0, null, 0));
        refused("segment", () -> Syscalls.poll(null, 0));
        refused("segment", () -> Syscalls.waitpid(1, null, 1));
        refused("segment", () -> Syscalls.accept(0, MemorySegment.NULL, null, 0));
        try (BlockingFile file = BlockingFile.open("/dev/null", 2, 0)) {
            refused("buffer", () -> file.read(null));
            refused("buffer", () -> file.read(null, 0));
            refused("buffer", () -> file.write(null));
            refused("buffer", () -> file.write(null, 0));
            check();
            assertEquals(1, file.write(ByteBuffer.allocate(1)), "it is still open");
        }
    }
}
