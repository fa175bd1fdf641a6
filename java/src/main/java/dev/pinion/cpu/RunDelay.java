package dev.pinion.cpu;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How long threads waited for a CPU though they could have run, from {@code /proc/self/task/TID/schedstat}: the kernel's own answer to
 * "do others keep this P off its core?".
 *
 * <p>One for each P, with the thread ids of its Ms. The files stay open: a read at offset 0 makes new figures. For one thread at a time.
 */
public final class RunDelay implements AutoCloseable {
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
     * @return false if the kernel tells nothing of it: it has ended, or there are no schedstats
     */
    public boolean add(int tid) {
        for (int i = 0; i < count; i++) {
            if (threads[i].tid == tid) {
                return true;
            }
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

    /** @param tid a thread that is no longer the P's; nothing happens if it was not watched */
    public void remove(int tid) {
        for (int i = 0; i < count; i++) {
            if (threads[i].tid == tid) {
                drop(i);
                return;
            }
        }
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
            if (length <= 0) {
                return false;
            }
            String text = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
            long ran = Numbers.word(text, 0, length, 0);
            long waited = Numbers.word(text, 0, length, 1);
            if (ran < 0 || waited < 0) {
                return false;
            }
            thread.ran = ran;
            thread.waited = waited;
            return true;
        } catch (IOException e) {
            return false; // ESRCH: the thread has ended
        }
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
