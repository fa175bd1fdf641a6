package dev.pinion.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HttpLoadTest {
    private static int total(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return HttpLoad.totalLength(bytes, bytes.length);
    }

    @Test
    void theEndOfAnAnswerIsKnownOnceItsHeadIsComplete() throws IOException {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 12\r\n\r\n";
        assertEquals(head.length() + 12, total(head));
        assertEquals(head.length() + 12, total(head + "hello"));
        for (int length = 0; length < head.length(); length++) {
            assertEquals(-1, total(head.substring(0, length)), "after " + length + " bytes");
        }
        assertThrows(IOException.class, () -> total("HTTP/1.1 200 OK\r\n\r\n"));
    }

    @Test
    void percentilesAreOfTheNearestRank() {
        long[] millis = new long[1000];
        for (int i = 0; i < millis.length; i++) {
            millis[i] = (i + 1) * 1_000_000L;
        }
        assertEquals(500, HttpLoad.percentileMillis(millis, 0.50));
        assertEquals(990, HttpLoad.percentileMillis(millis, 0.99));
        assertEquals(999, HttpLoad.percentileMillis(millis, 0.999));
        assertEquals(7, HttpLoad.percentileMillis(new long[] {7_000_000}, 0.999));
    }

    /** What the client says of a server that gives this answer to a request and closes the connection. */
    private static String complaint(String answer) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
                HttpLoad load = new HttpLoad(server.getLocalPort(), 1)) {
            executor.submit(() -> {
                try (Socket socket = server.accept()) {
                    socket.getInputStream().read(new byte[1000]);
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                    return socket;
                }
            });
            return assertThrows(IOException.class, () -> load.run(0, 60_000_000_000L)).getMessage();
        }
    }

    @Test
    void aServerThatClosesIsNotMeasured() throws Exception {
        assertEquals("the server closed a connection", complaint(""));
    }

    @Test
    void anAnswerThatIsNoSuccessIsNotMeasured() throws Exception {
        assertEquals("the server's answer is not what was asked for", complaint("HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno"));
    }

    @Test
    void anAnswerWithMoreBytesThanItSaysIsNotMeasured() throws Exception {
        assertEquals("the server's answer is not what was asked for", complaint("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nyes"));
    }
}
