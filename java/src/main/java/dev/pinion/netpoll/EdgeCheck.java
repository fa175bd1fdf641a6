package dev.pinion.netpoll;

import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.nativelib.SharedMemory;

/**
 * Asks the kernel whether threads wait for what is ready already. An edge comes once: where one was lost its thread would wait for ever, and no
 * later look at the epoll shows it. So a few of those who wait are asked about by {@code poll(2)}, which says what is, not what has changed. A window
 * of {@link #WINDOW} moves over all of them.
 *
 * <p>That one is ready proves nothing yet: its event may lie in the epoll, or be in the hands of a thread that has taken it out and not come
 * to deliver it. To exclude both is the caller's ({@code dev.pinion.sched.LostEdges}). Where the kernel refuses to answer, that is neither "ready" nor
 * "not ready", and the caller hears of it. One thread at a time; allocates nothing.
 */
public final class EdgeCheck {
    /** So many are asked about in one call. */
    static final int WINDOW = SharedLayout.POLL_MAX;

    /** What is told of each wait that is over. */
    public interface Found {
        void lost(int fd, boolean reads, int generation);
    }

    private final long words;
    private final Fd[] fds = new Fd[WINDOW];
    private final Direction.Waiter[] waiters = new Direction.Waiter[WINDOW];
    private int count;
    private int next;

    /** @throws OutOfMemoryError there is no memory to be had */
    public EdgeCheck() {
        words = Natives.mapShared((long) WINDOW * Long.BYTES);
        if (words < 0) {
            throw new OutOfMemoryError("no memory for the check of who waits: errno " + -words);
        }
    }

    /** Moves the window on. @return how many in it wait for what is ready; or {@code -errno}: nothing is known of them */
    public int begin(Epoll epoll) {
        forget();
        int start = next;
        boolean round = false;
        while (count < WINDOW - 1) {
            Fd fd = Fds.from(next);
            if (fd == null || round && fd.number >= start) {
                next = 0;
                if (round || start == 0) {
                    break;
                }
                round = true;
                continue;
            }
            next = fd.number + 1;
            add(fd, fd.read.waiterIn(epoll), SharedLayout.READY_READ);
            add(fd, fd.write.waiterIn(epoll), SharedLayout.READY_WRITE);
        }
        return again();
    }

    private void add(Fd fd, Direction.Waiter waiter, int direction) {
        if (waiter != null) {
            put(count++, fd, waiter, (long) direction << 32 | fd.number);
        }
    }

    private void put(int i, Fd fd, Direction.Waiter waiter, long word) {
        fds[i] = fd;
        waiters[i] = waiter;
        SharedMemory.setLongRelease(words + (long) i * Long.BYTES, word);
    }

    private long word(int i) {
        return SharedMemory.longAcquire(words + (long) i * Long.BYTES);
    }

    private boolean reads(int i) {
        return word(i) >>> 32 == SharedLayout.READY_READ;
    }

    /** Keeps those that wait still, in the same wait for the same file, and are ready. @return how many; or {@code -errno}, and none is kept */
    public int again() {
        if (count == 0) {
            return 0;
        }
        int ready = Natives.netpollReady(words, count);
        if (ready <= 0) {
            forget();
            return ready;
        }
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (word(i) >>> 32 != 0 && isSame(i)) {
                put(kept++, fds[i], waiters[i], word(i));
            }
        }
        cut(kept);
        return kept;
    }

    private boolean isSame(int i) {
        Fd fd = fds[i];
        return fd.direction(reads(i)).isIn(waiters[i]) && fd.isOf(Fds.generation(fd.number)) && isParked(waiters[i].thread());
    }

    /** One that was unparked by something else (a close, which makes the file ready, an interrupt) leaves as soon as it gets a P. */
    private static boolean isParked(Thread thread) {
        Thread.State state = thread.getState();
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }

    /** Ends the waits that are left: their edges are lost. @return how many */
    public int wake(Epoll.Sink sink, Found found) {
        int woken = 0;
        for (int i = 0; i < count; i++) {
            Fd fd = fds[i];
            if (fd.direction(reads(i)).takeOut(waiters[i])) {
                woken++;
                sink.ready(waiters[i].thread());
                found.lost(fd.number, reads(i), Fds.generation(fd.number));
            }
        }
        forget();
        return woken;
    }

    /** Drops what it has found. */
    public void forget() {
        cut(0);
    }

    private void cut(int kept) {
        for (int i = kept; i < count; i++) {
            fds[i] = null;
            waiters[i] = null; // it must not keep a thread alive
        }
        count = kept;
    }
}
