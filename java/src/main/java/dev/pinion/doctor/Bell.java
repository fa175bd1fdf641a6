package dev.pinion.doctor;

import dev.pinion.nativelib.NativeCallException;
import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.nativelib.SharedMemory;

/** One way to wake a sleeping thread, as Pinion does it. One thread waits, another rings. */
interface Bell extends AutoCloseable {
    /** At most so long a waiter sleeps, so that a lost wake is an error and no hang. */
    long LIMIT_NANOS = 1_000_000_000;

    /** Wakes who waits. */
    void ring();

    /** Sleeps until it is rung, or for {@link #LIMIT_NANOS}. */
    void await();

    @Override
    void close();

    /** As an idle M that looks after sockets sleeps: in an epoll, woken through its event. */
    static Bell eventfd() {
        long pair = NativeCallException.check("epoll_create1", Natives.netpollCreate());
        int epoll = (int) pair;
        int event = (int) (pair >>> 32);
        long bytes = (long) SharedLayout.READY_MAX * SharedLayout.READY_SIZE;
        long ready = NativeCallException.check("mmap", Natives.mapShared(bytes));
        return new Bell() {
            @Override
            public void ring() {
                Natives.netpollWake(event);
            }

            @Override
            public void await() {
                Natives.netpollWait(epoll, ready, LIMIT_NANOS);
                Natives.netpollDrain(event);
            }

            @Override
            public void close() {
                Natives.unmapShared(ready, bytes);
                Natives.netpollClose(epoll);
                Natives.netpollClose(event);
            }
        };
    }

    /** As all other idle Ms sleep: on a word. */
    static Bell futex() {
        long bytes = SharedLayout.M_SIZE;
        long word = NativeCallException.check("mmap", Natives.mapShared(bytes));
        return new Bell() {
            @Override
            public void ring() {
                SharedMemory.getAndSetInt(word, 1);
                Natives.futexWake(word, 1);
            }

            @Override
            public void await() {
                if (SharedMemory.intAcquire(word) == 0) {
                    Natives.futexWait(word, 0, LIMIT_NANOS);
                }
                SharedMemory.getAndSetInt(word, 0);
            }

            @Override
            public void close() {
                Natives.unmapShared(word, bytes);
            }
        };
    }
}
