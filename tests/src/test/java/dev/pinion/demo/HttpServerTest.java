package dev.pinion.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.demo.ServerRun.Result;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class HttpServerTest {
    private static String answer(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answersUntilItsInputEnds(boolean onPinion) throws Exception {
        Process server = ChildJvm.of(HttpServerProgram.class, onPinion, Output.JAR).start();
        try {
            int port = Integer.parseInt(server.inputReader().readLine());
            String good = "GET /x HTTP/1.1\r\nHost: here\r\n\r\n";
            String once = answer(port, good);
            assertTrue(once.startsWith("HTTP/1.1 200 OK\r\n") && once.endsWith("\r\n\r\nHello from a virtual thread.\n"), once);
            assertEquals(once + once, answer(port, good + good));
            assertTrue(answer(port, "POST / HTTP/1.1\r\n\r\n").startsWith("HTTP/1.1 400 Bad Request\r\n"));
            assertEquals("", answer(port, "GET / HTTP/1.1\r\nHost: he"));
            assertEquals("", answer(port, "x".repeat(10_000)));
            server.getOutputStream().close();
            assertTrue(server.waitFor(30, TimeUnit.SECONDS), "it did not end with its input");
            assertEquals(0, server.exitValue());
        } finally {
            server.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isMeasuredOnTheSideThatWasAskedFor(boolean onPinion) throws Exception {
        Result result = ServerRun.measure(onPinion, Output.JAR, 2, 16, 100_000_000L, 300_000_000L);
        assertTrue(result.requestsPerSecond() > 0, result.toString());
        assertTrue(result.p50Millis() > 0 && result.p50Millis() <= result.p99Millis() && result.p99Millis() <= result.p999Millis(),
                result.toString());
        assertTrue(result.cpuMicrosOfRequest() > 0 && result.switchesOfRequest() > 0 && result.threads() > 2, result.toString());
    }

    @Test
    void aServerThatDoesNotStartIsOneSentence() throws Exception {
        IOException e = assertThrows(IOException.class,
                () -> ServerRun.measure(false, new File("no-such.jar"), 1, 1, 1, 1));
        assertEquals("it ended with code 1 before it had a port", e.getMessage());
    }
}
