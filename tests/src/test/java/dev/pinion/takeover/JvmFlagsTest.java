package dev.pinion.takeover;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One program of a bit of everything, on collectors, compilers, CPUs and users of all kinds. */
@Timeout(120)
class JvmFlagsTest {
    private static final String[] MIXED = {"pipeline 499500", "locks 40000", "sockets 2000", "sleeps 500", "streams 333334"};

    @ParameterizedTest
    @ValueSource(strings = {
        "-XX:+UseG1GC", "-XX:+UseSerialGC", "-XX:+UseParallelGC", "-XX:+UseZGC", "-XX:+UseShenandoahGC", "-Xint",
        "-XX:TieredStopAtLevel=1", "-XX:-TieredCompilation", "-Xcheck:jni", "-XX:+UseCompactObjectHeaders", "-XX:-UseCompressedOops",
        "-Xshare:off", "-ea -esa", "-Xcomp -XX:TieredStopAtLevel=1", "-XX:MaxJavaStackTraceDepth=5", "-XX:-UsePerfData"
    })
    void mixed(String flags) throws Exception {
        Jvm.pinion(Mixed.class).options("-Xmx128m").options(flags.split(" ")).run().assertPrinted(MIXED);
    }

    @Test
    void theProgramIsRightOnTheJdk() throws Exception {
        Jvm.jdk(Mixed.class).run().assertPrinted(MIXED);
    }

    public static final class Mixed {
        public static void main(String[] arguments) throws Exception {
            try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
                BlockingQueue<Integer> first = new ArrayBlockingQueue<>(3);
                BlockingQueue<int[]> second = new ArrayBlockingQueue<>(3);
                executor.submit(() -> {
                    for (int i = 0; i < 1000; i++) {
                        first.put(i);
                    }
                    return null;
                });
                executor.submit(() -> {
                    for (int i = 0; i < 1000; i++) {
                        int[] garbage = new int[10_000];
                        garbage[9999] = first.take();
                        second.put(garbage);
                    }
                    return null;
                });
                Future<Long> end = executor.submit(() -> {
                    long sum = 0;
                    for (int i = 0; i < 1000; i++) {
                        sum += second.take()[9999];
                    }
                    return sum;
                });
                System.out.println("pipeline " + end.get());

                Object lock = new Object();
                int[] count = new int[1];
                List<Future<?>> lockers = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    lockers.add(executor.submit(() -> {
                        for (int n = 0; n < 1000; n++) {
                            synchronized (lock) {
                                count[0]++;
                            }
                            if (n % 100 == 0) {
                                Thread.yield();
                            }
                        }
                    }));
                }
                for (Future<?> locker : lockers) {
                    locker.get();
                }
                System.out.println("locks " + count[0]);
                System.out.println("sockets " + sockets(executor));

                List<Future<Integer>> sleepers = new ArrayList<>();
                for (int i = 0; i < 500; i++) {
                    int millis = i % 50;
                    sleepers.add(executor.submit(() -> {
                        byte[] live = new byte[20_000];
                        Arrays.fill(live, (byte) 1);
                        Thread.sleep(millis);
                        return (int) live[millis];
                    }));
                }
                int slept = 0;
                for (Future<Integer> sleeper : sleepers) {
                    slept += sleeper.get();
                }
                System.out.println("sleeps " + slept);
                System.out.println("streams "
                        + executor.submit(() -> IntStream.range(0, 1_000_000).parallel().filter(i -> i % 3 == 0).count()).get());
            }
        }

        private static int sockets(java.util.concurrent.ExecutorService executor) throws Exception {
            int roundTrips = 0;
            try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
                List<Future<Integer>> clients = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    clients.add(executor.submit(() -> {
                        int n = 0;
                        try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
                            for (; n < 100; n++) {
                                socket.getOutputStream().write(n);
                                if (socket.getInputStream().read() != n) {
                                    break;
                                }
                            }
                        }
                        return n;
                    }));
                    Socket accepted = server.accept();
                    executor.submit(() -> {
                        try (accepted) {
                            accepted.getInputStream().transferTo(accepted.getOutputStream());
                        }
                        return null;
                    });
                }
                for (Future<Integer> client : clients) {
                    roundTrips += client.get();
                }
            }
            return roundTrips;
        }
    }

    @Test
    void aSmallHeapIsNoReasonToStop() throws Exception {
        Jvm.pinion(Mixed.class).options("-Xmx32m", "-XX:+UseSerialGC").run().assertPrinted(MIXED);
    }

    @Test
    void oneCpu() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/taskset")), "no taskset here");
        String last = Integer.toString(Cpus.ofThisProcess().getLast());
        Jvm.pinion(Mixed.class).under("taskset", "-c", last).run().assertPrinted(MIXED);
        Jvm.pinion(AgentOptionsTest.Procs.class).under("taskset", "-c", last).run().assertPrinted("true 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gomaxprocs=1", "gomaxprocs=7", "unpinned", "idle=spin", "unpinned,gomaxprocs=64"})
    void psOfAnyNumber(String options) throws Exception {
        Jvm.pinion(Mixed.class, options).run().assertPrinted(MIXED);
    }

    /** Nobody's user, who may read the jar and nothing of root's. */
    @Test
    void anOrdinaryUser() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can become another user");
        assumeTrue(Files.exists(Path.of("/usr/bin/setpriv")), "no setpriv here");
        for (Path above = Jvm.tool("java").toRealPath().getParent(); above != null; above = above.getParent()) {
            assumeTrue(Files.getPosixFilePermissions(above).contains(PosixFilePermission.OTHERS_EXECUTE), "this JDK is root's alone");
        }
        Path directory = Files.createTempDirectory("pinion-test");
        try {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            Path jar = Files.copy(Jvm.jar(), directory.resolve("pinion.jar"));
            Path classes = directory.resolve("classes");
            copyProgram(classes);
            Jvm.pinion(Mixed.class).agent(jar, "").classPath(classes)
                    .under("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups").run().assertPrinted(MIXED);
        } finally {
            Jvm.delete(directory);
        }
    }

    private static void copyProgram(Path classes) throws Exception {
        Path place = Path.of(Mixed.class.getPackageName().replace('.', '/'));
        Path target = Files.createDirectories(classes.resolve(place));
        for (Path made = target; !made.equals(classes.getParent()); made = made.getParent()) {
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        try (var files = Files.newDirectoryStream(Jvm.classesOf(Mixed.class).resolve(place), "JvmFlagsTest*.class")) {
            for (Path file : files) {
                Path copy = Files.copy(file, target.resolve(file.getFileName()));
                Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
            }
        }
    }
}
