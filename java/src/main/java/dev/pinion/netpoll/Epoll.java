package dev.pinion.netpoll;

import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.nativelib.SharedMemory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** One epoll of the kernel's with its wake event, and how many wait in it. Any thread may call any method. */
public final class Epoll {
    /** What is done with a thread that can go on. */
    public interface Sink {
        /** @throws OutOfMemoryError before anything was done with it: it waits on, and is brought again at a later look */
        void ready(Thread waiter);
    }

    private static final VarHandle WAITING;
    private static final VarHandle SLEEPER;

    static {
        try {
            MethodHandles.Lookup here = MethodHandles.lookup();
            WAITING = here.findVarHandle(Epoll.class, "waiting", int.class);
            SLEEPER = here.findVarHandle(Epoll.class, "sleeper", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Of {@link Natives#netpollAdd}: the epoll is none any more. */
    static final int EBADFD = 77;

    /** The descriptors of the epoll and of its wake event, and their generations when they were made: a stranger may have closed them since. */
    record Pair(int epoll, int event, int epollGeneration, int eventGeneration) {
        boolean isTouched() {
            return isTouched(epoll, epollGeneration) || isTouched(event, eventGeneration);
        }

        private static boolean isTouched(int fd, int generation) {
            return Fds.has(fd) && Fds.generation(fd) != generation;
        }

        /** Closes what is still ours of the two: of that generation, and with the mark that netpoll.c gave it. */
        void close() {
            if (!isTouched(event, eventGeneration)) {
                Natives.netpollClose(event);
            }
            if (!isTouched(epoll, epollGeneration)) {
                Natives.netpollClose(epoll);
            }
        }

        /** @return 0 or {@code -errno} */
        int add(int fd, int generation) {
            return isTouched() ? -EBADFD : Natives.netpollAdd(epoll, fd, generation);
        }
    }

    private volatile Pair pair;

    /** A call has failed as it only can when somebody else closed one of the two. */
    private volatile boolean broken;

    @SuppressWarnings("unused")
    private volatile int waiting;

    @SuppressWarnings("unused")
    private volatile Thread sleeper;

    /** Of which {@link #tellsBroken} has told; null: of none. */
    private volatile Pair told;

    private volatile int repairs;

    /** Tests lose so many batches of {@link #deliver}, to see that it is noticed. */
    volatile int batchesToLose;

    Epoll(Pair pair) {
        this.pair = pair;
    }

    /** @return null, and the reason in {@code error[0]} as {@code -errno} */
    static Epoll create(int[] error) {
        Pair made = newPair(error);
        return made == null ? null : new Epoll(made);
    }

    private static Pair newPair(int[] error) {
        long both = Natives.netpollCreate();
        if (both < 0) {
            error[0] = (int) both;
            return null;
        }
        int epoll = (int) both;
        int event = (int) (both >>> 32);
        return new Pair(epoll, event, Fds.has(epoll) ? Fds.generation(epoll) : 0, Fds.has(event) ? Fds.generation(event) : 0);
    }

    /** Goes once through what an M does in scheduler code: a first call of a {@code VarHandle} allocates. On a G, before it is used. */
    void rehearse() {
        Thread self = Thread.currentThread();
        Direction direction = new Direction();
        direction.signal();
        direction.begin(self, this); // it is ready
        direction.begin(self, this);
        direction.signal();
        direction.begin(self, this);
        direction.end(self);
        if (claimSleep(self)) {
            endSleep();
        }
    }

    void addWaiting(int change) {
        WAITING.getAndAdd(this, change);
    }

    /** Whether a thread waits for a file descriptor. Exact for who looks after a fence. */
    public boolean anyWaits() {
        return waiting != 0;
    }

    public int waiting() {
        return waiting;
    }

    /**
     * Looks, or sleeps in it, and takes out what is ready; the caller is to {@link #deliver} it.
     *
     * @param memory {@link SharedLayout#READY_MAX} structures of the caller's
     * @return how many events there were, the wake event included; or {@code -errno}
     */
    public int await(long memory, long timeoutNanos) {
        Pair now = pair;
        int count = now.isTouched() ? -EBADFD : Natives.netpollWait(now.epoll, memory, timeoutNanos);
        if (count < 0) {
            broken = true;
        }
        return count;
    }

    /**
     * Whether events lie in it that nobody has taken out, without taking them out; false also while its sleeper is being woken.
     *
     * @param words address of two longs of the caller's
     */
    public boolean holdsEvents(long words) {
        Pair now = pair;
        if (now.isTouched()) {
            return false;
        }
        SharedMemory.setLongRelease(words, (long) SharedLayout.READY_READ << 32 | now.epoll);
        SharedMemory.setLongRelease(words + Long.BYTES, (long) SharedLayout.READY_READ << 32 | now.event);
        return Natives.netpollReady(words, 2) > 0 && SharedMemory.longAcquire(words) >>> 32 != 0 && SharedMemory.longAcquire(words + Long.BYTES) >>> 32 == 0;
    }

    /**
     * Passes on what the last {@link #await} brought. Where that takes memory which is not to be had, the thread goes on waiting, and its file
     * descriptor is registered once more: the kernel then reports again what is ready, and nothing is lost.
     *
     * @return how many threads
     */
    public int deliver(long memory, int count, Sink sink) {
        int woken = 0;
        for (int i = edgesToLose(count); i < count; i++) {
            long ready = memory + (long) i * SharedLayout.READY_SIZE;
            Fd fd = Fds.known(SharedMemory.intPlain(ready + SharedLayout.READY_FD));
            if (fd == null || !fd.isOf(SharedMemory.intPlain(ready + SharedLayout.READY_GENERATION))) {
                continue; // the wake event; or of a file whose number has passed to another
            }
            int directions = SharedMemory.intPlain(ready + SharedLayout.READY_DIRECTIONS);
            if ((directions & SharedLayout.READY_READ) != 0) {
                woken += pass(fd, fd.read, sink);
            }
            if ((directions & SharedLayout.READY_WRITE) != 0) {
                woken += pass(fd, fd.write, sink);
            }
        }
        return woken;
    }

    private int edgesToLose(int count) {
        if (batchesToLose == 0) {
            return 0;
        }
        batchesToLose--;
        return count;
    }

    private int pass(Fd fd, Direction direction, Sink sink) {
        Direction.Waiter waiter = direction.signal();
        if (waiter == null) {
            return 0;
        }
        try {
            sink.ready(waiter.thread());
        } catch (OutOfMemoryError e) {
            direction.putBack(waiter);
            fd.reportAgain(pair);
            return 0;
        }
        return 1;
    }

    /** Whether the wake event is among what the last {@link #await} brought. */
    public boolean isWoken(long memory, int count) {
        for (int i = 0; i < count; i++) {
            if (SharedMemory.intPlain(memory + (long) i * SharedLayout.READY_SIZE + SharedLayout.READY_FD) == -1) {
                return true;
            }
        }
        return false;
    }

    /** Makes the caller the one that sleeps here. */
    public boolean claimSleep(Thread self) {
        return sleeper == null && SLEEPER.compareAndSet(this, null, self);
    }

    /** By the sleeper, at the end. */
    public void endSleep() {
        sleeper = null;
    }

    public boolean hasSleeper() {
        return sleeper != null;
    }

    /** Who sleeps here, or is about to, or has just been woken; null: nobody. */
    public Thread sleeper() {
        return sleeper;
    }

    /** Ends the sleep of the sleeper, now or as soon as it begins. */
    public void wake() {
        Pair now = pair;
        if (now.isTouched() || Natives.netpollWake(now.event) < 0) {
            broken = true;
        }
    }

    /** By the sleeper that was woken. */
    public void drain() {
        Natives.netpollDrain(pair.event);
    }

    public boolean isBroken() {
        return broken;
    }

    /** Whether somebody must be told that it is broken: true once. */
    public boolean tellsBroken() {
        Pair now = pair;
        if (!broken || told == now) {
            return false;
        }
        told = now;
        return true;
    }

    /** After a stranger has closed one of the two: makes new ones and registers what is waited for. Not in scheduler code. @return 0 or {@code -errno} */
    public int repair() {
        return repair(pair);
    }

    /** The present one: {@link #repair} makes another, in which nothing is registered but what was waited for then. */
    Pair pair() {
        return pair;
    }

    synchronized int repair(Pair old) {
        if (pair != old) {
            return 0;
        }
        int[] error = new int[1];
        Pair made = newPair(error);
        if (made == null) {
            return error[0];
        }
        pair = made;
        broken = false;
        repairs++;
        Fds.renewIn(this, made);
        old.close(); // one of the two, or neither, if a stranger closed it
        return 0;
    }

    /** How often that was. */
    public int repairs() {
        return repairs;
    }

    /** Nobody uses it any more, and who waits in it never runs again. */
    public void close() {
        Fds.clear(this);
        pair.close();
    }
}
