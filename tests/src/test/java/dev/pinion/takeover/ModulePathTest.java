package dev.pinion.takeover;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code dev.pinion} as a module beside another that requires it. */
@Timeout(120)
class ModulePathTest {
    private static final String PROGRAM = """
            package app;

            import dev.pinion.Pinion;
            import dev.pinion.Scheduler;
            import dev.pinion.WaitGroup;
            import java.util.concurrent.atomic.AtomicInteger;

            public class Main {
                public static void main(String[] arguments) throws Exception {
                    System.out.println(Pinion.class.getModule() + ", " + Main.class.getModule());
                    System.out.println("result " + Pinion.go(() -> 42).get() + " on an M " + Pinion.go(() -> onAnM("pinion-P")).get());
                    AtomicInteger done = new AtomicInteger();
                    WaitGroup group = new WaitGroup();
                    for (int i = 0; i < 100; i++) {
                        group.go(done::incrementAndGet);
                    }
                    group.await();
                    System.out.println("done " + done);
                    try (Scheduler two = Scheduler.builder().threadNamePrefix("two").gomaxprocs(2).build()) {
                        System.out.println("two " + two.gomaxprocs() + " " + two.go(() -> onAnM("two-P")).get());
                    }
                    boolean[] plain = new boolean[1];
                    Thread.startVirtualThread(() -> plain[0] = onAnM("pinion-P")).join();
                    System.out.println("a plain virtual thread on an M " + plain[0]);
                    try {
                        System.out.println(Class.forName("dev.pinion.jctools.util.Pow2").getMethod("isPowerOfTwo", int.class).invoke(null, 2));
                    } catch (IllegalAccessException e) {
                        System.out.println("what is inside stays inside");
                    }
                }

                static boolean onAnM(String prefix) {
                    return Thread.currentThread().toString().contains("@" + prefix);
                }
            }
            """;

    private Path application;

    @BeforeEach
    void compile(@TempDir Path directory) throws Exception {
        application = CompiledPrograms.compileModule(Files.createDirectory(directory.resolve("app")), Jvm.jar(),
                Map.of("module-info", "module app { requires dev.pinion; }", "app.Main", PROGRAM));
    }

    @Test
    void aModularApplicationUsesTheLibrary() throws Exception {
        modular().options("--enable-native-access=dev.pinion").run().assertPrinted(expected(false));
    }

    @Test
    void theSameUnderTheAgent() throws Exception {
        modular().agent(Jvm.jar(), "").run().assertPrinted(expected(true));
    }

    private Jvm modular() {
        return Jvm.module("app/app.Main", Jvm.jar(), application);
    }

    private static String[] expected(boolean takenOver) {
        return new String[] {
            "module dev.pinion, module app", "result 42 on an M true", "done 100", "two 2 true",
            "a plain virtual thread on an M " + takenOver, "what is inside stays inside"
        };
    }
}
