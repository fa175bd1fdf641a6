package dev.pinion.takeover;

import dev.pinion.Pinion;
import dev.pinion.nativelib.Natives;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Plain virtual threads of a program that was taken over can be locked to their threads too. */
@Timeout(120)
class LockOSThreadTakeoverTest {
    @Test
    void aPlainVirtualThreadStaysAlone() throws Exception {
        Jvm.pinion(Program.class, "gomaxprocs=2").options("--enable-native-access=ALL-UNNAMED").run()
                .assertPrinted("same thread: true, alone: true, children: 200, main: IllegalStateException");
    }

    public static final class Program {
        public static void main(String[] arguments) throws Exception {
            Set<Integer> others = ConcurrentHashMap.newKeySet();
            Set<Integer> own = ConcurrentHashMap.newKeySet();
            CountDownLatch over = new CountDownLatch(1);
            Thread locked = Thread.ofVirtual().start(() -> {
                Pinion.lockOSThread();
                own.add(Natives.gettid());
                List<Thread> children = new ArrayList<>();
                for (int i = 0; i < 200; i++) { // they take this thread's scheduler from it
                    children.add(Thread.ofVirtual().start(() -> {
                        others.add(Natives.gettid());
                        Thread.yield();
                        others.add(Natives.gettid());
                        try {
                            Thread.sleep(1);
                            others.add(Natives.gettid());
                            over.await();
                        } catch (InterruptedException e) {
                            return;
                        }
                        others.add(Natives.gettid());
                    }));
                    Thread.yield();
                    own.add(Natives.gettid());
                }
                over.countDown();
                try {
                    for (Thread child : children) {
                        child.join();
                        own.add(Natives.gettid());
                    }
                } catch (InterruptedException e) {
                    return;
                }
                own.add(-children.size());
                Pinion.unlockOSThread();
            });
            locked.join();
            int children = own.remove(-200) ? 200 : 0;
            others.retainAll(own);
            String main = "locked";
            try {
                Pinion.lockOSThread();
            } catch (IllegalStateException e) {
                main = e.getClass().getSimpleName();
            }
            System.out.println("same thread: " + (own.size() == 1) + ", alone: " + others.isEmpty() + ", children: " + children
                    + ", main: " + main);
        }
    }
}
