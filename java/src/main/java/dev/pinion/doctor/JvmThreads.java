package dev.pinion.doctor;

import dev.pinion.cpu.AffinityMask;
import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.HostFiles;
import dev.pinion.cpu.ThreadSort;
import java.io.File;

/** Where the threads of this JVM that are not the program's may run, by /proc. */
final class JvmThreads {
    private JvmThreads() {}

    /** The CPUs of the GC's and the JIT's threads together, empty if there are none to be seen. */
    static CpuSet ofCollectorAndCompilers(HostFiles files) {
        CpuSet all = CpuSet.EMPTY;
        String[] tasks = new File(files.proc("self/task")).list();
        for (String task : tasks == null ? new String[0] : tasks) {
            String name = files.read(files.proc("self/task/" + task + "/comm"));
            ThreadSort sort = name == null ? ThreadSort.OTHER : ThreadSort.of(name);
            if (sort == ThreadSort.GC || sort == ThreadSort.JIT || sort == ThreadSort.VM) { // the serial collector works on the VM thread
                all = all.union(AffinityMask.readOrEmpty(files, "self/task/" + task));
            }
        }
        return all;
    }
}
