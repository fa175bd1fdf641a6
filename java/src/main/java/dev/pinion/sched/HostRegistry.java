package dev.pinion.sched;

import dev.pinion.queue.SpinLock;
import java.util.stream.Stream;

/**
 * All hosts of a scheduler, for thread dumps: arrays of chunks with a lock each, one for some Ps. Eight bytes a host, where the JDK's
 * tracking set takes a hash node. Any thread.
 */
final class HostRegistry {
    private static final int SHARDS = 16;
    private static final int CHUNK = 1024;

    private static final class Shard {
        final SpinLock lock = new SpinLock(Sched.RELAX);
        Host[][] chunks = new Host[4][];
        int size;
    }

    private final Shard[] shards = new Shard[SHARDS];

    HostRegistry() {
        for (int i = 0; i < SHARDS; i++) {
            shards[i] = new Shard();
        }
    }

    /** @throws OutOfMemoryError before anything changed */
    void add(Host host, int hint) {
        Shard shard = shards[hint % SHARDS];
        shard.lock.lock();
        try {
            int chunk = shard.size / CHUNK;
            if (chunk == shard.chunks.length) {
                Host[][] larger = new Host[chunk * 2][];
                System.arraycopy(shard.chunks, 0, larger, 0, chunk);
                shard.chunks = larger;
            }
            if (shard.chunks[chunk] == null) {
                shard.chunks[chunk] = new Host[CHUNK];
            }
            host.shard = hint % SHARDS;
            host.index = shard.size;
            shard.chunks[chunk][shard.size % CHUNK] = host;
            shard.size++;
        } finally {
            shard.lock.unlock();
        }
    }

    void remove(Host host) {
        Shard shard = shards[host.shard];
        shard.lock.lock();
        try {
            int last = --shard.size;
            Host moved = shard.chunks[last / CHUNK][last % CHUNK];
            shard.chunks[host.index / CHUNK][host.index % CHUNK] = moved;
            moved.index = host.index;
            shard.chunks[last / CHUNK][last % CHUNK] = null;
            if (last % CHUNK == 0 && last / CHUNK + 1 < shard.chunks.length) {
                shard.chunks[last / CHUNK + 1] = null; // one empty chunk is kept against going to and fro
            }
        } finally {
            shard.lock.unlock();
        }
    }

    /** The threads that run a task now, as they were at some moment. */
    Stream<Thread> busy() {
        Stream.Builder<Thread> threads = Stream.builder();
        for (Shard shard : shards) {
            Host[] copy;
            int n = 0;
            shard.lock.lock();
            try {
                copy = new Host[shard.size];
                for (int i = 0; i < shard.size; i++) {
                    Host host = shard.chunks[i / CHUNK][i % CHUNK];
                    if (host.isBusy()) {
                        copy[n++] = host;
                    }
                }
            } finally {
                shard.lock.unlock();
            }
            for (int i = 0; i < n; i++) {
                threads.add(copy[i].thread);
            }
        }
        return threads.build();
    }
}
