package dev.pinion.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.Scheduler;
import dev.pinion.adapter.OpenHftAffinity;
import dev.pinion.cpu.CpuSet;
import dev.pinion.nativelib.Natives;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where an M may run, as Java-Thread-Affinity sees it: what our own C code says of itself proves nothing. */
@Timeout(60)
class PinnedMsTest {
    @Test
    void everyMIsBoundToTheOneCpuThatItRunsOn() throws Exception {
        OpenHftAffinity affinity = new OpenHftAffinity();
        CpuSet process = affinity.get();
        try (Scheduler scheduler = Scheduler.builder().name("pinned").gomaxprocs(2).build()) {
            for (int i = 0; i < 20; i++) {
                CpuSet[] seen = scheduler.go(() -> new CpuSet[] {affinity.get(), CpuSet.of(Natives.schedGetcpu())}).get();
                assertEquals(seen[1], seen[0]);
                assertTrue(process.containsAll(seen[0]), seen[0] + " of " + process);
            }
        }
        assertEquals(process, affinity.get(), "the caller stays where it was");
    }

    @Test
    void unpinnedMsHaveTheProcesssCpus() throws Exception {
        OpenHftAffinity affinity = new OpenHftAffinity();
        try (Scheduler scheduler = Scheduler.builder().name("unpinned").gomaxprocs(2).unpinned().build()) {
            assertEquals(affinity.get(), scheduler.go(affinity::get).get());
        }
    }
}
