package dev.pinion.netpoll;

import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.nativelib.SharedMemory;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The file descriptors of this process that a G has waited for, by number. One table for all schedulers, as the kernel has one. */
final class Fds {
    private static final int CHUNK = 256;

    private static final AtomicReferenceArray<AtomicReferenceArray<Fd>> CHUNKS = new AtomicReferenceArray<>(SharedLayout.FDS / CHUNK);

    private static long generations;

    private Fds() {}

    /** Once, before the first wait. @return 0 or {@code -errno} */
    static int prepare() {
        long address = Natives.generations();
        if (address < 0) {
            return (int) address;
        }
        generations = address;
        return 0;
    }

    static int generation(int fd) {
        return SharedMemory.intAcquire(generations + 4L * fd);
    }

    /** False for a number beyond what any usual limit allows. */
    static boolean has(int fd) {
        return fd >= 0 && fd < SharedLayout.FDS;
    }

    /** On a thread that may allocate. */
    static Fd get(int fd) {
        AtomicReferenceArray<Fd> chunk = CHUNKS.get(fd / CHUNK);
        if (chunk == null) {
            CHUNKS.compareAndSet(fd / CHUNK, null, new AtomicReferenceArray<>(CHUNK));
            chunk = CHUNKS.get(fd / CHUNK);
        }
        Fd known = chunk.get(fd % CHUNK);
        if (known == null) {
            chunk.compareAndSet(fd % CHUNK, null, new Fd(fd));
            known = chunk.get(fd % CHUNK);
        }
        return known;
    }

    /** Null: nobody has ever waited for it. Allocates nothing. */
    static Fd known(int fd) {
        AtomicReferenceArray<Fd> chunk = has(fd) ? CHUNKS.get(fd / CHUNK) : null;
        return chunk == null ? null : chunk.get(fd % CHUNK);
    }

    /** The next one from that number on, that one included, that somebody has ever waited for; null: there is none. Allocates nothing. */
    static Fd from(int number) {
        for (int i = number / CHUNK, j = number % CHUNK; i < CHUNKS.length(); i++, j = 0) {
            AtomicReferenceArray<Fd> chunk = CHUNKS.get(i);
            for (; chunk != null && j < CHUNK; j++) {
                Fd fd = chunk.get(j);
                if (fd != null) {
                    return fd;
                }
            }
        }
        return null;
    }

    /** Registers again all that somebody waits for there. */
    static void renewIn(Epoll epoll, Epoll.Pair pair) {
        for (Fd fd = from(0); fd != null; fd = from(fd.number + 1)) {
            fd.renewIn(epoll, pair);
        }
    }

    /** Nobody looks at that epoll any more, and what waits there never runs again. */
    static void clear(Epoll epoll) {
        for (Fd fd = from(0); fd != null; fd = from(fd.number + 1)) {
            fd.clear(epoll);
        }
    }
}
