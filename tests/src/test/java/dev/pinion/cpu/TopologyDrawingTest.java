package dev.pinion.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopologyDrawingTest {
    @TempDir
    Path root;

    private TopologyReport report() {
        FakeHost host = new FakeHost(root).machine(2, 1, 2, 2).write("sys/devices/system/cpu/online", "0-6")
                .write("sys/devices/system/cpu/isolated", "3");
        return new TopologyReport(host.topology(), CpuSet.of(0, 1, 2, 4, 5, 6)).ps(1, 0).housekeeping(CpuSet.of(2, 6))
                .pinned(CpuSet.of(0)).pinned(CpuSet.of(1)).note("CPU 6 is hot")
                .reserved(2, 4711).reserved(0, CpuLocks.NOBODY).reserved(5, CpuLocks.UNNAMED).quota(3)
                .threads("GC", CpuSet.of(2, 6)).threads("\"JIT\"", CpuSet.EMPTY).version(Runtime.Version.parse("25.0.3+9"));
    }

    @Test
    void drawsSocketsCachesCoresAndWhoUsesThem() {
        assertEquals("""
                7 CPUs online, 6 usable, quota of 3 CPUs
                socket 0
                  NUMA node 0
                    L3 #0
                      core 0: cpu 0 P1 | cpu 4
                      core 1: cpu 1 P0 | cpu 5 reserved
                socket 1
                  NUMA node 1
                    L3 #1
                      core 2: cpu 2 reserved by 4711, housekeeping | cpu 6 housekeeping
                      core 3: cpu 3 isolated, not usable
                offline: CPU 7
                GC: CPUs 2,6
                "JIT": not known
                pinning: checked through Java-Thread-Affinity on CPUs 0-1
                note: CPU 6 is hot
                note: JDK 25.0.3 has bug JDK-8373120: a virtual thread can stay BLOCKED on a monitor for ever, on any scheduler; 25.0.4 mends it
                """, TopologyDrawing.draw(report(), Integer.MAX_VALUE, false));
    }

    @Test
    void fortyColumnsAreEnough() {
        for (boolean colour : new boolean[] {false, true}) {
            String drawing = TopologyDrawing.draw(report(), 40, colour).replaceAll("\033\\[[0-9;]*m", "");
            drawing.lines().forEach(line -> assertTrue(line.length() <= 40, line));
            assertEquals(TopologyDrawing.draw(report(), Integer.MAX_VALUE, false).replaceAll("\\s+", " "), drawing.replaceAll("\\s+", " "), "nothing is left out");
        }
    }

    @Test
    void colourChangesNothingButTheColour() {
        String coloured = TopologyDrawing.draw(report(), Integer.MAX_VALUE, true);
        assertTrue(coloured.contains("\033[1;32mcpu 1 P0\033[0m"));
        assertEquals(TopologyDrawing.draw(report(), Integer.MAX_VALUE, false), coloured.replaceAll("\033\\[[0-9;]*m", ""));
    }

    @Test
    void oneCpuIsNotCpus() {
        FakeHost one = new FakeHost(root.resolve("one")).machine(1, 1, 1, 1);
        String drawing = TopologyDrawing.draw(new TopologyReport(one.topology(), CpuSet.of(0)).quota(1), Integer.MAX_VALUE, false);
        assertEquals("1 CPU online, 1 usable, quota of 1 CPU", drawing.lines().findFirst().orElseThrow());
    }

    @Test
    void theJdkBugIsMentionedWhereItIs() {
        assertFalse(TopologyDrawing.draw(report().version(Runtime.Version.parse("25.0.4")), Integer.MAX_VALUE, false).contains("JDK-8373120"));
        assertFalse(TopologyDrawing.draw(report().version(Runtime.Version.parse("26")), Integer.MAX_VALUE, false).contains("JDK-8373120"));
        assertTrue(TopologyDrawing.draw(report().version(Runtime.Version.parse("25")), Integer.MAX_VALUE, false).contains("JDK 25.0.0 has bug"));
    }

    @Test
    void jsonSaysTheSame() {
        String json = TopologyJson.write(report());
        assertTrue(json.startsWith("{\"present\":\"0-7\",\"online\":\"0-6\",\"offline\":\"7\",\"isolated\":\"3\",\"usable\":\"0-2,4-6\","
                + "\"housekeeping\":\"2,6\",\"pinningChecked\":\"0-1\",\"quota\":3,\"cpus\":[{\"cpu\":0,\"online\":true,\"usable\":true,\"isolated\":false,"
                + "\"housekeeping\":false,\"socket\":0,\"node\":0,\"l3\":0,\"core\":0,\"siblings\":\"0,4\",\"capacity\":1024,"
                + "\"kind\":\"uniform\",\"marks\":[\"P1\"]},"), json);
        assertTrue(json.contains("\"reserved\":true,\"reservedBy\":4711,\"marks\":[\"reserved by 4711\",\"housekeeping\"]}"), json);
        assertTrue(json.contains("{\"cpu\":7,\"online\":false,\"usable\":false,\"isolated\":false,\"housekeeping\":false,"
                + "\"marks\":[\"offline\"]}],\"ps\":[1,0],\"threads\":{\"GC\":\"2,6\",\"\\\"JIT\\\"\":\"\"},\"notes\":[\"CPU 6 is hot\",\"JDK 25.0.3"), json);
        assertTrue(json.endsWith("]}\n"));
    }

    @Test
    void hybridCoresAndCapacitiesAreNamed() {
        FakeHost host = new FakeHost(root).machine(1, 1, 2, 1).write("sys/devices/cpu_core/cpus", "0").write("sys/devices/cpu_atom/cpus", "1")
                .cpuFile(0, "cpu_capacity", "1024").cpuFile(1, "cpu_capacity", "600");
        String drawing = TopologyDrawing.draw(new TopologyReport(host.topology(), CpuSet.of(0, 1)), Integer.MAX_VALUE, false);
        assertTrue(drawing.contains("core 0 (performance): cpu 0\n      core 1 (efficient) (capacity 600): cpu 1\n"), drawing);
    }

    @Test
    void mentionsWhatWasAssumed() {
        FakeHost host = new FakeHost(root).online("0-1");
        assertTrue(TopologyDrawing.draw(new TopologyReport(host.topology(), CpuSet.of(0, 1)), Integer.MAX_VALUE, false).contains("note: "));
    }
}
