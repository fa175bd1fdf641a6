package dev.pinion.compare;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The first good answer of a server that has just been started.
 *
 * @param nanoTime when it was complete
 * @param plain    whether it has code 200 and its length in the header, so that the simplest client understands it
 * @param bytes    of the body
 */
record FirstAnswer(long nanoTime, boolean plain, long bytes) {
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int CONNECT_MILLIS = 1000;
    private static final int READ_MILLIS = 10_000;

    /**
     * Asks every 2 ms until there is an answer with a code below 400. One thread.
     *
     * @param deadline a value of {@link System#nanoTime}
     * @throws RunFailed when there is none by then, or the server ends
     */
    static FirstAnswer await(URI url, Process server, long deadline) throws RunFailed {
        String last = "refused the connection";
        while (System.nanoTime() - deadline < 0) {
            if (!server.isAlive()) {
                throw new RunFailed("ended with code " + server.exitValue() + " before " + url + " answered");
            }
            if (listens(url)) {
                try {
                    HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
                    connection.setConnectTimeout(CONNECT_MILLIS);
                    connection.setReadTimeout(Math.clamp((deadline - System.nanoTime()) / 1_000_000, 1, READ_MILLIS));
                    connection.setInstanceFollowRedirects(false);
                    int code = connection.getResponseCode();
                    if (code < 400) {
                        long bytes;
                        try (InputStream body = connection.getInputStream()) {
                            bytes = body.transferTo(java.io.OutputStream.nullOutputStream());
                        }
                        long now = System.nanoTime();
                        connection.disconnect();
                        return new FirstAnswer(now, code == 200 && connection.getContentLengthLong() == bytes, bytes);
                    }
                    last = "answered with code " + code;
                } catch (IOException e) {
                    last = "gave no answer (" + e.getMessage() + ")";
                }
            }
            LockSupport.parkNanos(EVERY_NANOS);
        }
        throw new RunFailed("did not answer in time: " + url + " " + last);
    }

    /** Cheaper than a request that is refused. */
    private static boolean listens(URI url) {
        int port = url.getPort() >= 0 ? url.getPort() : url.getScheme().equals("https") ? 443 : 80;
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(url.getHost(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether something answers there already, before the program was started. */
    static boolean isTaken(URI url) {
        return listens(url);
    }
}
