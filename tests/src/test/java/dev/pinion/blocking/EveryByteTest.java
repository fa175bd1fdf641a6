package dev.pinion.blocking;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pinion.G;
import dev.pinion.Scheduler;
import dev.pinion.Syscalls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Gs that block in both directions all the time, while Ps come and go or are taken: each byte arrives, in order, and each G ends. */
@Timeout(120)
class EveryByteTest {
    private static final int PIPES = 32;
    private static final int BYTES = 200_000;

    @TempDir
    Path directory;

    @Test
    void arrivesWhileGomaxprocsChanges() throws Exception {
        arrives((scheduler, n) -> scheduler.gomaxprocs(1 + n % 4));
    }

    @Test
    void arrivesWhilePsAreTakenFromTheirMs() throws Exception {
        arrives((scheduler, n) -> scheduler.takeP(n % 4));
    }

    private void arrives(ObjIntConsumer<Scheduler> disturb) throws Exception {
        try (Scheduler scheduler = Scheduler.builder().gomaxprocs(4).unpinned().build()) {
            List<G<Long>> readers = new ArrayList<>();
            for (int i = 0; i < PIPES; i++) {
                String path = Fifo.make(directory, "fifo" + i);
                long seed = i;
                scheduler.go(() -> {
                    write(Syscalls.open(path, Fifo.O_WRONLY, 0), new Random(seed));
                    return null;
                });
                readers.add(scheduler.go(() -> read(Syscalls.open(path, Fifo.O_RDONLY, 0), new Random(seed))));
            }
            AtomicBoolean over = new AtomicBoolean();
            Thread disturber = Thread.ofPlatform().start(() -> {
                for (int n = 0; !over.get(); n++) {
                    disturb.accept(scheduler, n);
                    Thread.yield();
                }
            });
            for (G<Long> reader : readers) {
                assertEquals(BYTES, reader.get());
            }
            over.set(true);
            disturber.join();
        }
    }

    private static void write(int fd, Random random) throws Exception {
        Random sizes = new Random();
        for (int done = 0; done < BYTES; ) {
            byte[] some = new byte[Math.min(BYTES - done, 1 + sizes.nextInt(2000))];
            for (int i = 0; i < some.length; i++) {
                some[i] = (byte) random.nextInt();
            }
            Fifo.write(fd, some);
            done += some.length;
            if (sizes.nextInt(4) == 0) {
                Thread.sleep(0, 100_000); // the reader blocks
            }
        }
        Syscalls.close(fd);
    }

    private static long read(int fd, Random random) throws Exception {
        long n = 0;
        byte[] some;
        while ((some = Fifo.read(fd, 3000)).length != 0) {
            for (byte b : some) {
                assertEquals((byte) random.nextInt(), b, "byte " + n);
                n++;
            }
        }
        Syscalls.close(fd);
        return n;
    }
}
