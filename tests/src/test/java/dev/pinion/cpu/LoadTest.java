package dev.pinion.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** StatLoad, RunDelay and Rehoming: who keeps a P off its core. */
class LoadTest extends OnFakeHost {
    private static final long MS = 1_000_000;

    @Test
    void loadIsTheShareOfBusyTicks() {
        host.write("proc/stat", "cpu  9 9 9 9 9 9 9 9 0 0\ncpu0 100 0 0 1000 50 0 0 0 30 0\ncpu2 5 5 5 5 5 5 5 5\nintr 1 2 3");
        StatLoad load = new StatLoad(host.files, 0);
        assertEquals(CpuLoad.UNKNOWN, load.busyPermille(0));
        assertFalse(load.sample(9 * MS));
        host.write("proc/stat", "cpu  9 9 9 9\ncpu0 102 1 1 1005 50 0 0 1 99 0\ncpu1 1 1 1 1\ncpu2 5 5 5 5 5 5 5 5\nintr 1 2 3");
        assertTrue(load.sample(10 * MS));
        assertEquals(500, load.busyPermille(0));
        assertEquals(CpuLoad.UNKNOWN, load.busyPermille(1), "came online in between");
        assertEquals(CpuLoad.UNKNOWN, load.busyPermille(2), "no tick in between");
        assertEquals(CpuLoad.UNKNOWN, load.busyPermille(5000));
    }

    @Test
    void loadOfTwoHundredCpus() {
        StringBuilder before = new StringBuilder("cpu 1 1 1 1\n");
        StringBuilder after = new StringBuilder("cpu 1 1 1 1\n");
        for (int cpu = 0; cpu < 200; cpu++) {
            before.append("cpu").append(cpu).append(" 10 0 0 10\n");
            after.append("cpu").append(cpu).append(cpu == 199 ? " 20 0 0 10\n" : " 10 0 0 20\n");
        }
        host.write("proc/stat", before.toString());
        StatLoad load = new StatLoad(host.files, 0);
        host.write("proc/stat", after.toString());
        assertTrue(load.sample(100 * MS));
        assertEquals(1000, load.busyPermille(199));
        assertEquals(0, load.busyPermille(198));
    }

    @Test
    void withoutStatNothingIsKnown() {
        StatLoad load = new StatLoad(host.files, 0);
        assertFalse(load.sample(100 * MS));
        assertEquals(CpuLoad.UNKNOWN, load.busyPermille(0));
    }

    @Test
    void runDelayIsTheShareOfTimeSpentWaiting() {
        host.write("proc/self/task/11/schedstat", "1000000 500000 3").write("proc/self/task/12/schedstat", "0 0 0");
        try (RunDelay delay = new RunDelay(host.files, 0)) {
            assertTrue(delay.add(11));
            assertTrue(delay.add(12));
            assertTrue(delay.add(12));
            assertFalse(delay.add(13));
            assertEquals(2, delay.size());
            host.write("proc/self/task/11/schedstat", "41000000 20500000 9").write("proc/self/task/12/schedstat", "10000000 5000000 1");
            assertEquals(250, delay.sample(100 * MS));
            assertEquals(500, delay.runPermille());
            assertEquals(0, delay.sample(200 * MS));
            host.write("proc/self/task/11/schedstat", ""); // an ended thread's file tells nothing
            delay.remove(12);
            delay.sample(300 * MS);
            assertEquals(0, delay.size());
        }
    }

    @Test
    void readsTheRealRunTimeOfThisThread() throws IOException {
        Path self = Path.of("/proc/thread-self");
        int tid = Integer.parseInt(Files.readSymbolicLink(self).getFileName().toString());
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/schedstat")), "kernel without schedstats");
        try (RunDelay delay = new RunDelay(HostFiles.ofThisMachine(), System.nanoTime())) {
            assertTrue(delay.add(tid));
            long end = System.nanoTime() + 30 * MS;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            delay.sample(System.nanoTime());
            assertTrue(delay.runPermille() + delay.delayPermille() > 300, "a spinning thread runs or waits for its CPU");
        }
    }

    @Test
    void aPMovesWhenAForeignHogStaysAndACpuIsFree() {
        assertTrue(Rehoming.shouldRehome(201, 100 * MS, 300, 1000, 3));
        assertFalse(Rehoming.shouldRehome(200, 100 * MS, 300, 1000, 3), "not above a fifth");
        assertFalse(Rehoming.shouldRehome(900, 99 * MS, 300, 1000, 3), "not for 100 ms");
        assertFalse(Rehoming.shouldRehome(900, 100 * MS, 300, 1000, -1), "nowhere to go");
        assertFalse(Rehoming.shouldRehome(900, 100 * MS, 950, 1000, 3), "the hog is our own M");
        assertTrue(Rehoming.shouldRehome(900, 100 * MS, 950, CpuLoad.UNKNOWN, 3));
    }

    @Test
    void oneQuietSampleStartsTheClockAnew() {
        Rehoming p = new Rehoming();
        assertEquals(50 * MS, p.observe(300, 0, 50 * MS));
        assertEquals(100 * MS, p.observe(300, 50 * MS, 100 * MS));
        assertEquals(0, p.observe(100, 100 * MS, 150 * MS));
        assertEquals(50 * MS, p.observe(300, 150 * MS, 200 * MS));
        p.moved();
        assertEquals(50 * MS, p.observe(300, 200 * MS, 250 * MS));
    }

    @Test
    void theFreeCpuIsTheNearestOneOnAnIdleCore() {
        Topology t = host.machine(2, 1, 3, 2).topology(); // siblings 6 higher; 0-2 and 3-5 share a socket
        CpuLoad idle = cpu -> 10;
        assertEquals(1, Rehoming.freeCpu(t, 0, t.online(), CpuSet.of(0), idle));
        assertEquals(3, Rehoming.freeCpu(t, 0, t.online(), CpuSet.of(0, 1, 2), idle), "an idle core afar before a taken one's sibling");
        assertEquals(6, Rehoming.freeCpu(t, 0, CpuSet.of(0, 6), CpuSet.of(0), idle));
        assertEquals(2, Rehoming.freeCpu(t, 0, t.online(), CpuSet.of(0), cpu -> cpu == 1 ? 900 : 10));
        assertEquals(-1, Rehoming.freeCpu(t, 0, t.online(), CpuSet.of(0), cpu -> 500));
        assertEquals(-1, Rehoming.freeCpu(t, 0, t.online(), CpuSet.of(0), CpuLoad.NONE));
        assertEquals(-1, Rehoming.freeCpu(t, 0, CpuSet.of(0), CpuSet.of(0), idle));
        assertEquals(5, Rehoming.freeCpu(t, 77, CpuSet.of(5), CpuSet.EMPTY, idle), "from a CPU that went offline");
    }
}
