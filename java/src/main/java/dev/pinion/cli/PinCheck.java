package dev.pinion.cli;

import dev.pinion.adapter.OpenHftAffinity;
import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.ThreadAffinity;
import dev.pinion.cpu.TopologyReport;

/**
 * Binds a thread of this command to the CPU of each P, as an M is bound, and reads back where it may run: both through
 * Java-Thread-Affinity, so that the answer does not rest on our own C code.
 */
final class PinCheck extends Thread {
    private final TopologyReport report;
    private final int[] cpuOfP;

    private PinCheck(TopologyReport report, int[] cpuOfP) {
        super("pin-check");
        this.report = report;
        this.cpuOfP = cpuOfP;
    }

    /** Writes into the report which CPUs bind a thread, and a note for each that does not. */
    static void run(TopologyReport report, int... cpuOfP) throws InterruptedException {
        PinCheck check = new PinCheck(report, cpuOfP); // it ends bound to the last CPU
        check.start();
        check.join();
    }

    @Override
    public void run() {
        try {
            ThreadAffinity affinity = new OpenHftAffinity();
            for (int cpu : cpuOfP) {
                check(affinity, CpuSet.of(cpu));
            }
        } catch (UnsupportedOperationException e) {
            report.note("pinning was not checked: " + e.getMessage());
        }
    }

    private void check(ThreadAffinity affinity, CpuSet cpu) {
        try {
            affinity.set(cpu);
            CpuSet is = affinity.get();
            if (is.equals(cpu)) {
                report.pinned(cpu);
            } else {
                report.note("a thread bound to CPU " + cpu + " may run on CPUs " + is + ", says Java-Thread-Affinity");
            }
        } catch (IllegalStateException e) {
            report.note("no thread can be bound to CPU " + cpu + ": " + e.getMessage());
        }
    }
}
