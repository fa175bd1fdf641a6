package dev.pinion.takeover;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A preview in JDK 25, so the program is compiled here. */
@Timeout(120)
class StructuredConcurrencyTest {
    private static final String PROGRAM = """
            import java.time.Duration;
            import java.util.concurrent.*;
            import java.util.concurrent.StructuredTaskScope.*;

            public class Structured {
                static final ScopedValue<String> NAME = ScopedValue.newInstance();

                public static void main(String[] arguments) throws Exception {
                    Thread.startVirtualThread(() -> ScopedValue.where(NAME, "bound").run(Structured::inScope)).join();
                    ScopedValue.where(NAME, "by main").run(Structured::inScope);
                }

                static void inScope() {
                    try {
                        try (var scope = StructuredTaskScope.open()) {
                            Subtask<String> one = scope.fork(() -> { Thread.sleep(5); return NAME.get(); });
                            Subtask<Integer> two = scope.fork(() -> { Thread.yield(); return 2; });
                            scope.join();
                            System.out.println(one.get() + " " + two.get());
                        }
                        try (var scope = StructuredTaskScope.open()) {
                            Subtask<Object> waits = scope.fork(() -> { new CountDownLatch(1).await(); return 1; });
                            scope.fork(() -> { throw new IllegalStateException("one fails"); });
                            try {
                                scope.join();
                            } catch (FailedException e) {
                                System.out.println(e.getCause() + " " + waits.state());
                            }
                        }
                        try (var scope = StructuredTaskScope.open(Joiner.<String>anySuccessfulResultOrThrow())) {
                            scope.fork(() -> { Thread.sleep(100_000); return "slow"; });
                            scope.fork(() -> "fast");
                            System.out.println(scope.join());
                        }
                        try (var scope = StructuredTaskScope.open(Joiner.<String>awaitAll(),
                                c -> c.withName("scope").withTimeout(Duration.ofMillis(30)))) {
                            scope.fork(() -> { Thread.sleep(100_000); return "slow"; });
                            try {
                                scope.join();
                            } catch (StructuredTaskScope.TimeoutException e) {
                                System.out.println("timed out");
                            }
                        }
                        try (var outer = StructuredTaskScope.open(Joiner.<Integer>allSuccessfulOrThrow())) {
                            for (int i = 0; i < 100; i++) {
                                int k = i;
                                outer.fork(() -> {
                                    try (var inner = StructuredTaskScope.open()) {
                                        var child = inner.fork(() -> k + NAME.get().length());
                                        inner.join();
                                        return child.get();
                                    }
                                });
                            }
                            System.out.println(outer.join().mapToInt(Subtask::get).sum());
                        }
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
            }
            """;

    @Test
    void scopesForkJoinFailAndTimeOut(@TempDir Path directory) throws Exception {
        CompiledPrograms.compile(directory, "Structured", PROGRAM, "--enable-preview", "--release", "25");
        Jvm.Outcome jdk = Jvm.jdk("Structured", directory).options("--enable-preview").run();
        assertEquals("", jdk.err());
        assertEquals(jdk, Jvm.jdk("Structured", directory).agent(Jvm.jar(), "").options("--enable-preview").run());
    }
}
