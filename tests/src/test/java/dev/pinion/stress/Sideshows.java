package dev.pinion.stress;

import dev.pinion.Scheduler;
import dev.pinion.Ticker;
import dev.pinion.Timer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;

/** What goes on beside the connections of a {@link NetSoak}: pipes, datagrams, timers and sleepers, and Ps that come, go and are taken. */
final class Sideshows {
    private static final int PIPES = 4;
    private static final int DATAGRAMS = 4;
    private static final int TIMERS_AT_ONCE = 20;
    private static final int MAX_PAUSE_MILLIS = 20;
    private static final int MAX_PROCS = 4;

    private final SocketLoad load;
    private final Scheduler scheduler;
    private final boolean on;
    private final Random random = new Random(7);
    private final List<Thread> all = new ArrayList<>();
    private final int procs;
    private volatile boolean over;

    private final LongAdder throughPipes = new LongAdder();
    private final LongAdder wrong = new LongAdder();
    private final LongAdder datagrams = new LongAdder();
    private final LongAdder timers = new LongAdder();
    private final LongAdder fired = new LongAdder();
    private final LongAdder stopped = new LongAdder();
    private final LongAdder ticks = new LongAdder();
    private long resizes;

    /** @param scheduler the one on which timers fire and which is disturbed; null: none of all this */
    Sideshows(SocketLoad load, Scheduler scheduler) {
        this.load = load;
        this.scheduler = scheduler;
        on = scheduler != null;
        procs = on ? scheduler.gomaxprocs() : 0;
    }

    void begin() throws IOException {
        if (!on) {
            return;
        }
        for (int i = 0; i < PIPES; i++) {
            Pipe there = Pipe.open();
            Pipe back = Pipe.open();
            all.add(load.start(() -> echo(there.source(), back.sink())));
            all.add(load.start(() -> longs(there.sink(), back.source())));
        }
        for (int i = 0; i < DATAGRAMS; i++) {
            DatagramSocket echo = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            DatagramSocket asks = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            all.add(load.start(() -> echo(echo)));
            all.add(load.start(() -> ask(asks, echo)));
        }
        all.add(load.start(this::tick));
    }

    /** Changes something, and pauses. */
    void disturb() throws InterruptedException {
        if (on) {
            int n = 1 + random.nextInt(MAX_PROCS);
            scheduler.gomaxprocs(n);
            scheduler.takeP(random.nextInt(n));
            resizes++;
            setTimers();
        }
        Thread.sleep(1 + random.nextInt(MAX_PAUSE_MILLIS));
    }

    private void setTimers() {
        for (int i = 0; i < TIMERS_AT_ONCE; i++) {
            timers.increment();
            Timer timer = Timer.afterFunc(scheduler, Duration.ofNanos(random.nextInt(MAX_PAUSE_MILLIS * 1_000_000)), fired::increment);
            if (random.nextInt(3) == 0 && timer.stop()) {
                stopped.increment();
            }
        }
    }

    void end() throws InterruptedException {
        over = true;
        if (!on) {
            return;
        }
        RunningTime time = new RunningTime();
        while ((fired.sum() + stopped.sum() != timers.sum() || all.stream().anyMatch(Thread::isAlive)) && time.seconds() < SocketLoad.PATIENCE_SECONDS) {
            Thread.sleep(1);
        }
        scheduler.gomaxprocs(procs);
    }

    private void longs(Pipe.SinkChannel to, Pipe.SourceChannel from) throws IOException {
        try (to; from) {
            ByteBuffer buffer = ByteBuffer.allocate(8);
            for (long i = 0; !over; i++) {
                to.write(buffer.clear().putLong(i).flip());
                buffer.clear();
                while (buffer.hasRemaining() && from.read(buffer) >= 0) {
                    continue;
                }
                wrong.add(buffer.flip().getLong() == i ? 0 : 1);
                throughPipes.increment();
            }
        }
    }

    private static void echo(Pipe.SourceChannel from, Pipe.SinkChannel to) throws IOException {
        try (from; to) {
            ByteBuffer buffer = ByteBuffer.allocate(64);
            while (from.read(buffer) >= 0) {
                to.write(buffer.flip());
                buffer.clear();
            }
        }
    }

    private void ask(DatagramSocket socket, DatagramSocket peer) throws IOException {
        try (socket; peer) {
            DatagramPacket packet = new DatagramPacket(new byte[8], 8);
            for (long i = 0; !over; i++) {
                ByteBuffer.wrap(packet.getData()).putLong(i);
                packet.setSocketAddress(peer.getLocalSocketAddress());
                socket.send(packet);
                socket.receive(packet);
                wrong.add(ByteBuffer.wrap(packet.getData()).getLong() == i ? 0 : 1);
                datagrams.increment();
            }
        }
    }

    /** Until the one who asks closes it. */
    private static void echo(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[8], 8);
        try {
            while (true) {
                socket.receive(packet);
                socket.send(packet);
            }
        } catch (SocketException e) {
            if (!socket.isClosed()) {
                throw e;
            }
        }
    }

    private void tick() throws InterruptedException {
        Random pauses = new Random(8);
        try (Ticker ticker = Ticker.every(Duration.ofMillis(1))) {
            while (!over && ticker.next()) {
                ticks.increment();
                Thread.sleep(0, pauses.nextInt(500_000));
            }
        }
    }

    String figures() {
        return !on ? "" : "; " + throughPipes + " through pipes, " + datagrams + " datagrams, " + timers + " timers, " + ticks + " ticks, GOMAXPROCS changed "
                + resizes + " times";
    }

    List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        if (fired.sum() + stopped.sum() != timers.sum()) {
            complaints.add("timers: " + timers + " set, " + fired + " fired, " + stopped + " stopped");
        }
        if (wrong.sum() != 0) {
            complaints.add(wrong + " wrong answers of pipes or datagrams");
        }
        if (on && (throughPipes.sum() == 0 || datagrams.sum() == 0 || ticks.sum() == 0)) {
            complaints.add("not everything has been:" + figures());
        }
        return complaints;
    }
}
