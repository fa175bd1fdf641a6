package dev.pinion.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.HostFiles;
import dev.pinion.cpu.Topology;
import dev.pinion.nativelib.Boot;
import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.nativelib.SharedMemory;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ps are moved by hand, by sysmon as in earnest, while all goes on. */
@Timeout(120)
class PlacesTest {
    private CpuSet process;
    private int[] cpus;
    private Sched sched;
    private Places places;

    @BeforeEach
    void start() {
        Boot.withLibrary();
        long[] mask = new long[16];
        Natives.getAffinity((int) ProcessHandle.current().pid(), mask);
        process = CpuSet.ofMask(mask);
        assumeTrue(process.size() > 1, "one CPU: there is nowhere to go");
        sched = new SchedSetup().gomaxprocs(1).name("moved").threadPrefix("moved").start();
        cpus = sched.places();
        places = new Places(sched, Topology.read(HostFiles.ofThisMachine(), process), new Housekeeping(null, process));
        sched.keepHomes(null);
    }

    @AfterEach
    void stop() {
        if (sched != null) {
            sched.stop();
        }
    }

    /** Runs it once on sysmon's thread and waits for that. */
    private void onSysmon(Runnable action) throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        AtomicBoolean once = new AtomicBoolean();
        Throwable[] thrown = new Throwable[1];
        sched.eachSecond(() -> {
            if (once.compareAndSet(false, true)) {
                try {
                    action.run();
                } catch (Throwable e) {
                    thrown[0] = e;
                }
                done.countDown();
            }
        });
        done.await();
        if (thrown[0] != null) {
            throw new AssertionError(thrown[0]);
        }
    }

    private static final class Work extends GTask {
        private final Runnable work;

        Work(Runnable work) {
            this.work = work;
        }

        @Override
        protected void runOn(Thread host) {
            work.run();
        }
    }

    private int[] swapped() {
        int[] to = cpus.clone();
        to[0] = cpus[1];
        to[1] = cpus[0];
        return to;
    }

    /** By address: no signature here may name M, which JUnit's discovery, in another JVM, cannot load. */
    private static CpuSet maskOf(long memory) {
        long[] mask = new long[16];
        int tid = SharedMemory.intAcquire(memory + SharedLayout.M_TID);
        return tid <= 0 || Natives.getAffinity(tid, mask) < 0 ? null : CpuSet.ofMask(mask);
    }

    private void assertAllMsAreHome() throws InterruptedException {
        for (P p : sched.allPs()) {
            for (M m : p.idleSlots) {
                CpuSet mask = m == null ? null : maskOf(m.memory);
                // One that is starting a thread, is being born or ends has other CPUs for a moment.
                while (mask != null && !mask.equals(CpuSet.of(p.cpu))) {
                    Thread.sleep(1);
                    mask = maskOf(m.memory);
                }
            }
        }
    }

    @Test
    void aPlaceMovesWithItsMsAndTellsEverybody() throws Exception {
        onSysmon(() -> assertTrue(places.move(swapped())));
        assertEquals(cpus[1], sched.cpuOf(0));
        assertAllMsAreHome();
        assertEquals(CpuSet.of(cpus[1]), places.live());
        assertTrue(CoreClaims.all().contains(cpus[1]));
        assertFalse(CoreClaims.all().contains(cpus[0]));
        assertTrue(sched.trace(true).contains(" cpu=" + cpus[1] + " rehomed=1"), sched.trace(true));
        sched.setProcsByHand(2);
        assertEquals(cpus[0], sched.cpuOf(1), "the P that comes later takes the free place");
    }

    @Test
    void lockedGsMoveWithTheirP() throws Exception {
        int n = P.IDLE_SLOTS + 6; // some of the Ms have no slot
        CountDownLatch locked = new CountDownLatch(n);
        CountDownLatch moved = new CountDownLatch(1);
        Set<CpuSet> masks = ConcurrentHashMap.newKeySet();
        CountDownLatch over = new CountDownLatch(n);
        for (int i = 0; i < n; i++) {
            sched.go(new Work(() -> {
                OsThread.lock();
                locked.countDown();
                try {
                    moved.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                long[] mask = new long[16];
                Natives.getAffinity(0, mask);
                masks.add(CpuSet.ofMask(mask));
                OsThread.unlock();
                over.countDown();
            }));
        }
        locked.await();
        onSysmon(() -> assertTrue(places.move(swapped())));
        moved.countDown();
        over.await();
        assertEquals(Set.of(CpuSet.of(cpus[1])), masks);
    }

    @Test
    void aMoveToACpuThatCannotBeHadChangesNothing() throws Exception {
        int[] to = cpus.clone();
        to[0] = 1023;
        onSysmon(() -> assertFalse(places.move(to)));
        assertEquals(cpus[0], sched.cpuOf(0));
        assertEquals(cpus[0], sched.places()[0]);
        assertAllMsAreHome();
    }

    @Test
    void whileGomaxprocsIsBeingChangedNothingMoves() throws Exception {
        CountDownLatch tried = new CountDownLatch(1);
        AtomicBoolean moved = new AtomicBoolean();
        assertTrue(sched.resize.unlessChanging(() -> {
            try {
                onSysmon(() -> moved.set(places.move(swapped())));
                tried.countDown();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }));
        tried.await();
        assertFalse(moved.get());
    }

    @Test
    void movedAllTheTimeNoGIsLostAndEachMIsHomeAtLast() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong started = new AtomicLong();
        AtomicLong ended = new AtomicLong();
        CountDownLatch workers = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            boolean startsThreads = i == 0;
            sched.go(new Work(() -> {
                while (!stop.get()) {
                    started.incrementAndGet();
                    sched.go(new Work(ended::incrementAndGet));
                    if (startsThreads) {
                        Thread thread = new Thread(() -> {});
                        thread.start(); // the M is widened meanwhile
                        try {
                            thread.join();
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    }
                    Thread.yield();
                }
                workers.countDown();
            }));
        }
        moveToAndFro();
        stop.set(true);
        workers.await();
        while (ended.get() != started.get()) {
            Thread.sleep(1);
        }
    }

    /** With one P and with two, and each time the Ms are home at last. */
    private void moveToAndFro() throws Exception {
        for (int round = 0; round < 4; round++) {
            sched.setProcsByHand(1 + round % 2);
            onSysmon(() -> {
                for (int i = 0; i < 300; i++) {
                    places.move(i % 2 == 0 ? swapped() : cpus);
                    sched.machines.serve();
                }
            });
            assertAllMsAreHome();
        }
    }

    /** In calls that hand the P over, and in such as leave it in SYSCALL. */
    @Test
    void movedWhileItsMsAreInCallsEachGGoesOnAndEachMIsHomeAtLast() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong failed = new AtomicLong();
        CountDownLatch workers = new CountDownLatch(8);
        for (int i = 0; i < 8; i++) {
            boolean hands = i % 2 == 0;
            sched.go(new Work(() -> {
                while (!stop.get()) {
                    long result = hands ? BlockingCalls.call(SharedLayout.OP_NANOSLEEP, null, 50_000, 0, 0, 0)
                            : BlockingCalls.uninterruptible(SharedLayout.OP_SIZE, 0, 0, 0, 0);
                    failed.addAndGet(result < 0 ? 1 : 0);
                    Thread.yield();
                }
                workers.countDown();
            }));
        }
        moveToAndFro();
        stop.set(true);
        workers.await();
        assertEquals(0, failed.get());
    }

    @Test
    void sysmonRunsWhereNoPIsAndElseAnywhere() {
        CpuSet four = CpuSet.of(0, 1, 2, 3);
        assertEquals(CpuSet.of(2, 3), Housekeeping.choose(null, four, CpuSet.of(0, 1), CpuSet.EMPTY));
        assertEquals(CpuSet.of(3), Housekeeping.choose(null, four, CpuSet.of(0, 1), CpuSet.of(2)), "not where a P fled from");
        assertEquals(four, Housekeeping.choose(null, four, CpuSet.of(0, 1), CpuSet.of(2, 3)));
        assertEquals(four, Housekeeping.choose(null, four, four, CpuSet.EMPTY));
        assertEquals(CpuSet.of(7), Housekeeping.choose(CpuSet.of(7), four, CpuSet.of(0), CpuSet.EMPTY), "what the user said");
    }

    @Test
    void aCpuThatWentIsSaidInOneSentence() {
        assertEquals("CPU 3 went offline; P1 is on CPU 0 now.", MaskCheck.sentence(3, "went offline", CpuSet.of(1), CpuSet.of(0), true));
        assertEquals("CPU 3 left the cpuset of this process; Ps 1,3 are on CPUs 0-1 now, beside other Ps.",
                MaskCheck.sentence(3, "left the cpuset of this process", CpuSet.of(1, 3), CpuSet.of(0, 1), false));
    }
}
