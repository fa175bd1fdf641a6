package dev.pinion.cpu;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.Arrays;

/**
 * How long threads waited for a CPU though they could have run, from {@code /proc/self/task/TID/schedstat}: the kernel's own answer to
 * "do others keep this P off its core?".
 *
 * <p>One for each P, with the thread ids of its Ms. The files stay open: a read at offset 0 makes new figures, and allocates nothing. At
 * most {@link #MOST} threads are watched, so that a P with hundreds of blocked Ms does not eat up the program's file descriptors. For one
 * thread at a time.
 */
public final class RunDelay implements AutoCloseable {
    /** Threads that are watched at once. */
    public static final int MOST = 32;

    private final HostFiles host;
    private final byte[] buffer = new byte[128];
    private Watched[] threads = {};
    private int count;
    private long takenNanos;
    private int delayPermille;
    private int runPermille;

    private static final class Watched {
        final int tid;
        final RandomAccessFile file;
        long ran;
        long waited;

        Watched(int tid, RandomAccessFile file) {
            this.tid = tid;
            this.file = file;
        }
    }

    /**
     * @param host     the files
     * @param nowNanos {@code System.nanoTime()}, from when on is measured
     */
    public RunDelay(HostFiles host, long nowNanos) {
        this.host = host;
        this.takenNanos = nowNanos;
    }

    /**
     * Watches a thread of this process from now on.
     *
     * @param tid the kernel's thread id
     * @return false if it cannot be watched: the kernel tells nothing of it, because it has ended or because there are no schedstats, or
     *         too many are watched already
     */
    public boolean add(int tid) {
        for (int i = 0; i < count; i++) {
            if (threads[i].tid == tid) {
                return true;
            }
        }
        if (count == MOST) {
            return false;
        }
        RandomAccessFile file;
        try {
            file = new RandomAccessFile(host.proc("self/task/" + tid + "/schedstat"), "r");
        } catch (IOException e) {
            return false;
        }
        Watched thread = new Watched(tid, file);
        if (!read(thread)) {
            close(thread);
            return false;
        }
        if (count == threads.length) {
            threads = Arrays.copyOf(threads, count * 2 + 2);
        }
        threads[count++] = thread;
        return true;
    }

    /** @return the number of watched threads; those that ended leave with the next {@link #sample} */
    public int size() {
        return count;
    }

    /**
     * Measures the time since the last call. Threads that ended are watched no longer.
     *
     * @param nowNanos {@code System.nanoTime()}
     * @return the permille of that time which the threads together waited for the CPU, at most 1000
     */
    public int sample(long nowNanos) {
        long interval = Math.max(1, nowNanos - takenNanos);
        long ran = 0;
        long waited = 0;
        for (int i = count - 1; i >= 0; i--) {
            Watched thread = threads[i];
            long ranBefore = thread.ran;
            long waitedBefore = thread.waited;
            if (read(thread)) {
                ran += thread.ran - ranBefore;
                waited += thread.waited - waitedBefore;
            } else {
                drop(i);
            }
        }
        takenNanos = nowNanos;
        delayPermille = permille(waited, interval);
        runPermille = permille(ran, interval);
        return delayPermille;
    }

    /** @return what the last {@link #sample} returned */
    public int delayPermille() {
        return delayPermille;
    }

    /** @return the permille of the last interval that the threads together ran, at most 1000 */
    public int runPermille() {
        return runPermille;
    }

    private static int permille(long nanos, long interval) {
        return (int) Math.min(1000, nanos * 1000 / interval);
    }

    /** The file is {@code RAN WAITED SLICES}, nanoseconds. */
    private boolean read(Watched thread) {
        try {
            thread.file.seek(0);
            int length = thread.file.read(buffer);
            int blank = endOfNumber(0, length);
            int end = endOfNumber(blank + 1, length);
            if (blank <= 0 || end <= blank + 1) {
                return false;
            }
            thread.ran = number(0, blank);
            thread.waited = number(blank + 1, end);
            return true;
        } catch (IOException e) {
            return false; // ESRCH: the thread has ended
        }
    }

    private int endOfNumber(int from, int length) {
        int at = from;
        while (at < length && buffer[at] >= '0' && buffer[at] <= '9') {
            at++;
        }
        return at;
    }

    private long number(int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            value = value * 10 + buffer[i] - '0';
        }
        return value;
    }

    private void drop(int index) {
        close(threads[index]);
        threads[index] = threads[--count];
        threads[count] = null;
    }

    private static void close(Watched thread) {
        try {
            thread.file.close();
        } catch (IOException e) {
            throw new IllegalStateException("a file that was only read cannot be closed", e);
        }
    }

    @Override
    public void close() {
        while (count > 0) {
            drop(count - 1);
        }
    }
}
