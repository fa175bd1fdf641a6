package dev.pinion.takeover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pinion.stress.NetSoak;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/**
 * {@link NetSoak} in forked JVMs. The soak runs beside the others, whose load it has to live with.
 *
 * <p>By hand, longer and with more: {@code -Dpinion.load.seconds=} (of the tests beside the soak), {@code -Dpinion.load.connections=}, {@code
 * -Dpinion.soak.seconds=}. Ten thousand connections in one process take more than 20,000 file descriptors; where the limit is lower it is as many as it
 * allows, and how many is printed.
 */
@Timeout(7200)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SocketLoadTest {
    private static final int SECONDS = Integer.getInteger("pinion.load.seconds", 3);
    private static final int CONNECTIONS = Integer.getInteger("pinion.load.connections", 10_000);
    private static final int SOAK_SECONDS = Integer.getInteger("pinion.soak.seconds", 60);
    private static final long PATIENCE_SECONDS = 600;

    private static final CompletableFuture<Jvm.Outcome> SOAK = new CompletableFuture<>();

    @BeforeAll
    static void startTheSoak() {
        Thread.ofPlatform().start(() -> {
            try {
                SOAK.complete(Jvm.pinion(NetSoak.class).patience(SOAK_SECONDS + PATIENCE_SECONDS).arguments("seconds=" + SOAK_SECONDS, "connections=300").run());
            } catch (Throwable e) {
                SOAK.completeExceptionally(e);
            }
        });
    }

    @Test
    @Order(1)
    void tenThousandConnectionsOfAProgramThatWasTakenOver() throws Exception {
        adds(Jvm.pinion(NetSoak.class).arguments("connections=" + CONNECTIONS, "mixed=no"), SECONDS);
    }

    @Test
    @Order(1)
    void tenThousandConnectionsOfASchedulerBesideTheJdks() throws Exception {
        adds(Jvm.jdk(NetSoak.class).classPath(Jvm.classesOf(NetSoak.class), Jvm.jar()).options("--enable-native-access=ALL-UNNAMED")
                .arguments("connections=" + CONNECTIONS, "gs=scheduler", "mixed=no"), SECONDS);
    }

    @Test
    @Order(1)
    void asNobodyWithFewDescriptors() throws Exception {
        assumeRoot();
        String out = adds(Jvm.pinion(NetSoak.class)
                .under("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "bash", "-c", "ulimit -n 1500; exec \"$0\" \"$@\"")
                .arguments("connections=" + CONNECTIONS), SECONDS);
        assertTrue(out.startsWith("500 connections, not "), out);
    }

    @Test
    @Order(1)
    void overASlowNetworkThatLosesPackets() throws Exception {
        assumeRoot();
        String network = "ip link set lo up && tc qdisc add dev lo root netem delay 2ms 1ms loss 1%";
        Process tried = new ProcessBuilder("unshare", "-n", "bash", "-c", network).redirectErrorStream(true).start();
        String says = new String(tried.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (tried.waitFor() != 0) {
            System.out.println("no network to slow down here: " + says.strip());
            assumeTrue(false, "no network to slow down here: " + says.strip());
        }
        adds(Jvm.pinion(NetSoak.class).under("unshare", "-n", "bash", "-c", network + " && exec \"$0\" \"$@\"")
                .arguments("connections=200", "resets=no", "mixed=no"), SECONDS);
    }

    @Test
    @Order(2)
    void everythingAtOnceForAMinute() throws Exception {
        assertAddsUp(SOAK.get());
    }

    private static void assumeRoot() {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can become another, or make a network of its own");
    }

    private static String adds(Jvm jvm, int seconds) throws Exception {
        return assertAddsUp(jvm.patience(seconds + PATIENCE_SECONDS).arguments("seconds=" + seconds).run());
    }

    private static String assertAddsUp(Jvm.Outcome outcome) {
        List<String> lines = outcome.out().lines().toList();
        assertEquals("", outcome.err(), outcome.out());
        assertTrue(!lines.isEmpty() && lines.getLast().equals("all adds up"), outcome.out());
        assertEquals(0, outcome.exit(), outcome.out());
        lines.forEach(System.out::println); // how many, on this machine
        return outcome.out();
    }
}
