package dev.pinion.bench;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What must not stay when this process is ended by a signal. A shutdown hook ends all processes started from here, and then closes what is held, the
 * latest first: a group or a directory can be removed once nobody is in it. Meanwhile nobody starts, holds or closes anything: he waits for the
 * process's end. Any thread.
 */
final class AtExit {
    private static final int PATIENCE_SECONDS = 5;

    /** What is killed may have started something at that moment. */
    private static final int LOOKS = 3;

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Deque<Held> HELD = new ArrayDeque<>();
    private static boolean isOver;

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(AtExit::end, "bench-at-exit"));
    }

    /** Something that is closed once, by its owner or at the process's end. */
    interface Closing {
        void close() throws IOException;
    }

    /** A thing held. */
    static final class Held implements AutoCloseable {
        private final Closing what;

        private Held(Closing what) {
            this.what = what;
        }

        /** Closes it. */
        @Override
        public void close() throws IOException {
            lock();
            try {
                if (HELD.remove(this)) {
                    what.close();
                }
            } finally {
                LOCK.unlock();
            }
        }
    }

    private AtExit() {
    }

    static Held hold(Closing what) {
        lock();
        try {
            Held held = new Held(what);
            HELD.push(held);
            return held;
        } finally {
            LOCK.unlock();
        }
    }

    /** Returns, unless the process is ending: then never. Before a process is started, and where one ended that may have been killed. */
    static void goOn() {
        lock();
        LOCK.unlock();
    }

    private static void lock() {
        LOCK.lock();
        while (isOver) {
            LOCK.unlock();
            waitForTheEnd();
            LOCK.lock();
        }
    }

    private static void waitForTheEnd() {
        try {
            TimeUnit.DAYS.sleep(1);
        } catch (InterruptedException e) {
            // nobody is waited for any more: the process ends
        }
    }

    private static void end() {
        LOCK.lock();
        isOver = true;
        try {
            endProcesses();
            while (!HELD.isEmpty()) {
                try {
                    HELD.pop().what.close();
                } catch (IOException e) {
                    System.err.println("pinion bench: something stays behind: " + e.getMessage());
                }
            }
        } finally {
            LOCK.unlock();
        }
    }

    private static void endProcesses() {
        for (int look = 0; look < LOOKS; look++) {
            List<ProcessHandle> alive = ProcessHandle.current().descendants().toList();
            alive.forEach(ProcessHandle::destroyForcibly);
            for (ProcessHandle process : alive) {
                try {
                    process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                } catch (InterruptedException | ExecutionException | TimeoutException e) {
                    // what uses it cannot be removed, and that is said
                }
            }
        }
    }
}
