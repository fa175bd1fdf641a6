package dev.pinion.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThreadCountsTest {
    @TempDir
    private Path task;

    private void thread(String id, Map<String, String> files) throws IOException {
        Path directory = Files.createDirectories(task.resolve(id));
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(directory.resolve(file.getKey()), file.getValue());
        }
    }

    private static final String SCHED = """
            C2 CompilerThre (7, #threads: 20)
            -------------------------------------------------------------------
            se.exec_start                                :      16291761.437816
            se.sum_exec_runtime                          :            12.500250
            se.nr_migrations                             :                    3
            nr_switches                                  :                   41
            nr_voluntary_switches                        :                   40
            nr_involuntary_switches                      :                    1
            """;

    @Test
    void oneFileHasAllWhereTheKernelHasIt() throws Exception {
        thread("7", Map.of("comm", "C2 CompilerThre\n", "sched", SCHED));
        assertEquals(Map.of("7", new ThreadCounts("C2 CompilerThre", 12_500_250, 41, 3)), ThreadCounts.readAll(task));
    }

    @Test
    void elseMigrationsAreUnknownAndNotZero() throws Exception {
        thread("7", Map.of("comm", "main\n", "schedstat", "5000 77 9\n", "status", "Name:\tmain\nvoluntary_ctxt_switches:\t4\nnonvoluntary_ctxt_switches:\t2\n"));
        ThreadCounts counts = ThreadCounts.readAll(task).get("7");
        assertEquals(new ThreadCounts("main", 5000, 6, -1), counts);
        assertEquals(-1, ThreadTotals.of(List.of(counts)).migrations());
    }

    @Test
    void aThreadThatEndedMeanwhileIsLeftOutAndAProcessThatEndedIsAnError() throws Exception {
        Files.createDirectory(task.resolve("7"));
        assertEquals(Map.of(), ThreadCounts.readAll(task));
        assertThrows(IOException.class, () -> ThreadCounts.readAll(task.resolve("gone")));
    }

    @Test
    void whatTheKernelDoesNotTellOfAThreadAliveIsUnknownAndNotZero() throws Exception {
        thread("7", Map.of("comm", "main\n", "status", "Name:\tmain\nvoluntary_ctxt_switches:\t4\nnonvoluntary_ctxt_switches:\t2\n"));
        assertThrows(ThreadCounts.Untold.class, () -> ThreadCounts.readAll(task));
        try (ThreadSampler sampler = new ThreadSampler(task)) {
            assertFalse(sampler.totals().isKnown());
            assertFalse(sampler.totals().since(ThreadTotals.of(List.of())).isKnown());
        }
    }

    @Test
    void cpuTimeGoesToWhoeverTheThreadWorksFor() {
        ThreadTotals totals = ThreadTotals.of(List.of(new ThreadCounts("G1 Conc#0", 1, 10, 1), new ThreadCounts("GC Thread#0", 2, 20, 1),
                new ThreadCounts("VM Thread", 4, 0, 0), new ThreadCounts("C1 CompilerThre", 8, 0, 0), new ThreadCounts("ZWorkerYoung#0", 16, 0, 0),
                new ThreadCounts("main", 32, 0, 0)));
        assertEquals(new ThreadTotals(true, 63, 23, 8, 30, 2), totals);
        assertEquals(new ThreadTotals(true, 63, 23, 8, 29, 0), totals.since(new ThreadTotals(true, 0, 0, 0, 1, 2)));
    }

    @Test
    void threadsThatEndedCountAsFarAsTheyWereSeen() throws Exception {
        thread("7", Map.of("comm", "main\n", "sched", SCHED));
        thread("8", Map.of("comm", "x\n", "sched", SCHED));
        try (ThreadSampler sampler = new ThreadSampler(task)) {
            assertEquals(82, sampler.totals().switches());
            for (String file : List.of("comm", "sched")) {
                Files.delete(task.resolve("8").resolve(file));
            }
            Files.delete(task.resolve("8"));
            assertEquals(82, sampler.totals().switches());
            thread("8", Map.of("comm", "y\n", "sched", SCHED.replace("12.500250", "0.000001")));
            assertEquals(123, sampler.totals().switches(), "another thread under an old number");
            assertEquals(2, sampler.most());
        }
    }

    @Test
    void theThreadsOfThisJvmCanBeRead() throws Exception {
        Map<String, ThreadCounts> own = ThreadCounts.readAll(Path.of("/proc/self/task"));
        assertTrue(own.size() > 3, own.toString());
        ThreadTotals totals = ThreadTotals.of(own.values());
        assertTrue(totals.jitNanos() > 0 && totals.cpuNanos() > totals.jitNanos() + totals.gcNanos() && totals.switches() > 0, totals.toString());
    }
}
