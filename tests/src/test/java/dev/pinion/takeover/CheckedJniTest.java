package dev.pinion.takeover;

import dev.pinion.Blocking;
import dev.pinion.BlockingFile;
import dev.pinion.G;
import dev.pinion.Scheduler;
import dev.pinion.Syscalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The JVM checks what the blocking calls do through JNI, and has nothing to say: its warnings would stand on stdout. */
@Timeout(60)
class CheckedJniTest {
    @Test
    void nothingToWarnOf() throws Exception {
        Jvm.jdk(Calls.class).classPath(Jvm.classesOf(Calls.class), Jvm.jar())
                .options("-Xcheck:jni", "--enable-native-access=ALL-UNNAMED")
                .run().assertPrinted("interrupted", "closed", "done");
    }

    public static final class Calls {
        public static void main(String[] arguments) throws Exception {
            Path directory = Path.of(System.getProperty("java.io.tmpdir"));
            String fifo = directory.resolve("fifo").toString();
            new ProcessBuilder("mkfifo", fifo).start().waitFor();
            int fd = Syscalls.open(fifo, 2, 0);
            MemorySegment bytes = Arena.global().allocate(16);
            try (Scheduler scheduler = Scheduler.builder().gomaxprocs(2).unpinned().build()) {
                for (int i = 0; i < 1_000; i++) {
                    G<Long> reader = scheduler.go(() -> Syscalls.read(fd, bytes.asSlice(0, 1)));
                    scheduler.go(() -> Syscalls.write(fd, bytes.asSlice(8, 1))).get();
                    reader.get();
                }
                G<?> reader = scheduler.go(() -> Syscalls.read(fd, bytes));
                reader.interrupt();
                expectFailure(reader);
                System.out.println("interrupted");
                BlockingFile file = BlockingFile.open(fifo, 2, 0);
                G<?> blocked = scheduler.go(() -> file.read(ByteBuffer.allocate(1)));
                file.close();
                expectFailure(blocked);
                System.out.println("closed");
                int plain = Syscalls.open(directory.resolve("file").toString(), 0102, 0600);
                scheduler.go(() -> {
                    Syscalls.pwrite(plain, bytes, 0);
                    Syscalls.fsync(plain);
                    Syscalls.pread(plain, bytes, 0);
                    Syscalls.nanosleep(1_000);
                    Syscalls.close(plain);
                    Blocking.run(Thread::onSpinWait);
                    return null;
                }).get();
            }
            System.out.println("done");
        }

        private static void expectFailure(G<?> g) throws InterruptedException {
            try {
                g.get();
                System.out.println("it read");
            } catch (ExecutionException expected) {
                // an interrupt, a close
            }
        }
    }
}
