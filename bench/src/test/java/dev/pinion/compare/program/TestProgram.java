package dev.pinion.compare.program;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** What users' programs do, in small. */
public final class TestProgram {
    private static final int ROUNDS = 200;
    private static final byte[] HELLO = "hello\n".getBytes(StandardCharsets.US_ASCII);

    private TestProgram() {}

    /** @param arguments which of them */
    public static void main(String... arguments) throws Exception {
        switch (arguments[0]) {
            case "compute" -> System.out.println(compute());
            case "block" -> block();
            case "serve" -> serve(Integer.parseInt(arguments[1]), HELLO.length);
            case "serve-in-chunks" -> serve(Integer.parseInt(arguments[1]), 0);
            case "fail" -> {
                System.out.println("out of luck");
                System.exit(3);
            }
            case "fail-on-pinion" -> failOnPinion();
            default -> {
                System.out.println("never ends");
                new CountDownLatch(1).await();
            }
        }
    }

    private static long compute() {
        long x = 1;
        for (long i = 0; i < 300_000_000L; i++) {
            x = x * 6364136223846793005L + i;
        }
        return x;
    }

    private static void block() throws Exception {
        Semaphore there = new Semaphore(0);
        Semaphore back = new Semaphore(0);
        Thread other = Thread.ofVirtual().start(() -> {
            for (int i = 0; i < ROUNDS; i++) {
                there.acquireUninterruptibly();
                back.release();
            }
        });
        Thread.ofVirtual().start(() -> {
            for (int i = 0; i < ROUNDS; i++) {
                there.release();
                back.acquireUninterruptibly();
                pause();
            }
        }).join();
        other.join();
    }

    /** So that the program outlives the first lines of a trace. */
    private static void pause() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void failOnPinion() throws InterruptedException {
        Thread.ofVirtual().start(() -> {
            if (Thread.currentThread().toString().contains("pinion")) {
                System.out.println("not on this one");
                System.exit(3);
            }
        }).join();
    }

    private static void serve(int port, int length) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, length);
            exchange.getResponseBody().write(HELLO);
            exchange.close();
        });
        server.start();
        System.out.println("serving");
    }
}
