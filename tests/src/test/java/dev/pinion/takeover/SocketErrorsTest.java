package dev.pinion.takeover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.blocking.Seccomp;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel has no more descriptors or memory for sockets: the program is told in the JDK's words, and goes on when there are some again. */
@Timeout(240)
class SocketErrorsTest {
    private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

    @Test
    void noMoreDescriptors() throws Exception {
        // Retaking and pinning open files when they like.
        assertEquals(few(Jvm.jdk(NoDescriptors.class)), few(Jvm.pinion(NoDescriptors.class, "retake=off,unpinned")));
    }

    private static Jvm.Outcome few(Jvm jvm) throws Exception {
        Jvm.Outcome outcome = jvm.under("bash", "-c", "ulimit -n 200; exec \"$0\" \"$@\"").run();
        assertEquals("", outcome.err());
        return outcome;
    }

    private interface Accept {
        AutoCloseable run() throws IOException;
    }

    /** Of these, some wait in accept when the last descriptor goes, and some come later. */
    public static final class NoDescriptors {
        public static void main(String[] arguments) throws Exception {
            InetAddress loopback = InetAddress.getLoopbackAddress();
            try (ServerSocket server = new ServerSocket(0, 50, loopback);
                    ServerSocketChannel channel = ServerSocketChannel.open().bind(new InetSocketAddress(loopback, 0))) {
                warm(server, channel);
                List<AutoCloseable> files = new ArrayList<>();
                Thread socketWaits = accepts("waiting socket", server::accept);
                Thread channelWaits = accepts("waiting channel", channel::accept);
                untilItWaits(socketWaits);
                untilItWaits(channelWaits);
                fill(files);
                for (Thread thread : List.of(socketWaits, channelWaits)) {
                    files.removeLast().close();
                    files.add(new Socket(loopback, thread == socketWaits ? server.getLocalPort() : channel.socket().getLocalPort()));
                    thread.join();
                }
                accepts("another socket", server::accept).join();
                accepts("another channel", channel::accept).join();
                accepts("a client", () -> new Socket(loopback, server.getLocalPort())).join();
                for (AutoCloseable file : files) {
                    if (file instanceof FileInputStream) {
                        file.close();
                    }
                }
                accepts("socket afterwards", server::accept).join(); // those that were refused are in the backlog yet
                accepts("channel afterwards", channel::accept).join();
                Thread last = accepts("socket at last", server::accept);
                untilItWaits(last);
                new Socket(loopback, server.getLocalPort()).close();
                last.join();
            }
        }

        private static void warm(ServerSocket server, ServerSocketChannel channel) throws Exception {
            Thread one = accepts("socket before", server::accept);
            untilItWaits(one);
            new Socket(server.getInetAddress(), server.getLocalPort()).close();
            one.join();
            Thread two = accepts("channel before", channel::accept);
            untilItWaits(two);
            SocketChannel.open(channel.getLocalAddress()).close();
            two.join();
            Thread refused = accepts("refused", () -> SocketChannel.open(new InetSocketAddress(server.getInetAddress(), 1)));
            refused.join(); // loads what exceptions take
        }

        private static void fill(List<AutoCloseable> files) {
            try {
                while (true) {
                    files.add(new FileInputStream("/dev/null"));
                }
            } catch (IOException e) {
                System.out.println("full: " + e.getMessage());
            }
        }

        private static Thread accepts(String name, Accept accept) {
            return Thread.startVirtualThread(() -> {
                try {
                    accept.run().close();
                    System.out.println(name + ": accepted");
                } catch (Exception e) {
                    System.out.println(name + ": " + e);
                }
            });
        }
    }

    private static void untilItWaits(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    /** ENOMEM; ENOSPC, which is fs.epoll.max_user_watches. */
    @ParameterizedTest
    @ValueSource(ints = {12, 28})
    void noMoreRegistrations(int errno) throws Exception {
        // The JDK's pollers as threads: as virtual ones they register themselves, and end with a stack trace.
        Jvm.Outcome outcome = Jvm.jdk(NoRegistrations.class).options(NATIVE_ACCESS, "-Djdk.pollerMode=1").arguments(errno).run();
        assertEquals("", outcome.err());
        assertTrue(outcome.out().contains("epoll_ctl"), outcome.out());
        assertEquals(outcome, Jvm.pinion(NoRegistrations.class).options(NATIVE_ACCESS).arguments(errno).run());
    }

    /** Whoever waited before still gets what comes; whoever would wait now is told; what needs no wait works. */
    public static final class NoRegistrations {
        public static void main(String[] arguments) throws Throwable {
            InetAddress loopback = InetAddress.getLoopbackAddress();
            Seccomp.prepare();
            try (ServerSocket server = new ServerSocket(0, 50, loopback);
                    Socket before = new Socket(loopback, server.getLocalPort());
                    Socket peer = server.accept();
                    Socket later = new Socket(loopback, server.getLocalPort());
                    Socket latersPeer = server.accept()) {
                CountDownLatch got = new CountDownLatch(1);
                Thread waits = Thread.startVirtualThread(() -> {
                    read("before", before);
                    got.countDown();
                });
                untilItWaits(waits);
                Seccomp.failEverywhere(Integer.parseInt(arguments[0]), Seccomp.Call.EPOLL_CTL);
                for (int i = 0; i < 2; i++) {
                    Thread.startVirtualThread(() -> read("later", later)).join();
                }
                Thread.startVirtualThread(() -> accept(server)).join();
                peer.getOutputStream().write(1);
                got.await();
                latersPeer.getOutputStream().write(2);
                Thread.startVirtualThread(() -> read("without a wait", later)).join();
                new Socket(loopback, server.getLocalPort()).close();
                Thread.startVirtualThread(() -> accept(server)).join();
                later.setSoTimeout(20);
                Thread.startVirtualThread(() -> read("timed", later)).join();
            }
        }

        private static void read(String name, Socket socket) {
            try {
                System.out.println(name + ": " + socket.getInputStream().read());
            } catch (IOException e) {
                System.out.println(name + ": " + e);
            }
        }

        private static void accept(ServerSocket server) {
            try {
                server.accept().close();
                System.out.println("accepted");
            } catch (IOException e) {
                System.out.println("accept: " + e);
            }
        }
    }

    /** Linux before 5.11 has only milliseconds. */
    @Test
    void anOldKernel() throws Exception {
        Jvm.pinion(OldKernel.class, "gomaxprocs=2").options(NATIVE_ACCESS).run().assertPrinted("500 round trips, 50 sleeps, 20 time-outs");
    }

    public static final class OldKernel {
        public static void main(String[] arguments) throws Throwable {
            Seccomp.prepare();
            Seccomp.failEverywhere(Seccomp.ENOSYS, Seccomp.Call.EPOLL_PWAIT2);
            int[] counts = new int[3];
            InetAddress loopback = InetAddress.getLoopbackAddress();
            try (ServerSocket server = new ServerSocket(0, 50, loopback);
                    Socket client = new Socket(loopback, server.getLocalPort());
                    Socket peer = server.accept()) {
                Thread echo = Thread.startVirtualThread(() -> {
                    try {
                        peer.getInputStream().transferTo(peer.getOutputStream());
                    } catch (IOException e) {
                        e.printStackTrace();
                    }
                });
                Thread asks = Thread.startVirtualThread(() -> {
                    try {
                        for (int i = 0; i < 500; i++) {
                            client.getOutputStream().write(i);
                            counts[0] += client.getInputStream().read() == (i & 0xff) ? 1 : 0;
                        }
                        for (int i = 0; i < 50; i++) {
                            long start = System.nanoTime();
                            Thread.sleep(0, 20_000 * i);
                            counts[1] += System.nanoTime() - start >= 20_000L * i ? 1 : 0;
                        }
                        client.setSoTimeout(2);
                        for (int i = 0; i < 20; i++) {
                            counts[2] += timesOut(client) ? 1 : 0;
                        }
                        client.shutdownOutput();
                    } catch (IOException | InterruptedException e) {
                        e.printStackTrace();
                    }
                });
                asks.join();
                echo.join();
            }
            System.out.println(counts[0] + " round trips, " + counts[1] + " sleeps, " + counts[2] + " time-outs");
        }

        private static boolean timesOut(Socket client) throws IOException {
            try {
                client.getInputStream().read();
                return false;
            } catch (SocketTimeoutException e) {
                return true;
            }
        }
    }
}
