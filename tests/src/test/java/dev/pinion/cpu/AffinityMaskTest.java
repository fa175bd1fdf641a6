package dev.pinion.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class AffinityMaskTest extends OnFakeHost {
    @Test
    void ofAProcessAndOfAThread() {
        host.write("proc/self/status", "Name:\tjava\nCpus_allowed:\t105\nCpus_allowed_list:\t0,2,8-10\nMems_allowed_list:\t0");
        host.write("proc/self/task/7/status", "Cpus_allowed_list:\t2");
        assertEquals(CpuSet.of(0, 2, 8, 9, 10), AffinityMask.read(host.files, "self"));
        assertEquals(CpuSet.of(2), AffinityMask.readOrEmpty(host.files, "self/task/7"));
    }

    @Test
    void whatTheFileDoesNotTellIsNotKnown() {
        assertNull(AffinityMask.read(host.files, "4711"), "no such process");
        host.write("proc/4711/status", "Name:\tjava\nState:\tZ (zombie)");
        assertNull(AffinityMask.read(host.files, "4711"));
        assertEquals(CpuSet.EMPTY, AffinityMask.readOrEmpty(host.files, "4711"));
        host.write("proc/4711/status", "Cpus_allowed_list:\tall");
        assertThrows(BadCpuList.class, () -> AffinityMask.read(host.files, "4711"));
    }
}
