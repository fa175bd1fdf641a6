package dev.pinion.demo;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * An HTTP/1.1 server as one writes it for virtual threads: blocking sockets, a thread for each connection. It knows nothing of Pinion.
 * Prints the port it listens on, and ends when its standard input does.
 */
final class HttpServerProgram {
    private static final int LONGEST_LINE = 8192;
    private static final byte[] BODY = "Hello from a virtual thread.\n".getBytes(StandardCharsets.US_ASCII);

    private HttpServerProgram() {}

    public static void main(String[] arguments) throws IOException {
        // All its connections come at once, so the usual backlog of 50 would be short.
        try (ServerSocket server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(HttpServerProgram::endWithInput);
            System.out.println(server.getLocalPort());
            while (true) {
                Socket socket = server.accept();
                Thread.startVirtualThread(() -> serve(socket));
            }
        }
    }

    private static void endWithInput() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // as good as its end
        }
        System.exit(0);
    }

    private static void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            byte[] line = new byte[LONGEST_LINE];
            while (true) {
                int length = readLine(in, line);
                if (length < 0) {
                    return;
                }
                String request = new String(line, 0, length, StandardCharsets.US_ASCII);
                int header = readLine(in, line);
                while (header > 0) {
                    header = readLine(in, line);
                }
                if (header < 0) {
                    return;
                }
                boolean understood = request.startsWith("GET /") && request.endsWith(" HTTP/1.1");
                out.write(answer(understood));
                if (!understood) {
                    return;
                }
            }
        } catch (IOException e) {
            // the client is gone; there is nobody to tell
        }
    }

    /** @return the length of the line, without its end; -1 at the end of the stream, or if it is too long */
    private static int readLine(InputStream in, byte[] line) throws IOException {
        int length = 0;
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                return length > 0 && line[length - 1] == '\r' ? length - 1 : length;
            }
            if (length == line.length) {
                return -1;
            }
            line[length++] = (byte) c;
        }
        return -1;
    }

    private static byte[] answer(boolean understood) {
        byte[] body = understood ? BODY : new byte[0];
        byte[] head = ("HTTP/1.1 " + (understood ? "200 OK" : "400 Bad Request") + "\r\nContent-Type: text/plain\r\nContent-Length: "
                + body.length + (understood ? "" : "\r\nConnection: close") + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[head.length + body.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }
}
