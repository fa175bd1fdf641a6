package dev.pinion.bench;

import dev.pinion.cpu.AffinityMask;
import dev.pinion.cpu.HostFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/** CPU lists as Linux writes them ({@code 0-3,8}), and the choice of a child's CPUs. */
public final class CpuSet {

    private CpuSet() {
    }

    /**
     * Numbers of a list, ascending.
     *
     * @throws Invalid for anything that is no such list
     */
    static List<Integer> parse(String list) {
        TreeSet<Integer> cpus = new TreeSet<>();
        for (String part : list.trim().split(",", -1)) {
            String[] ends = part.split("-", -1);
            try {
                int first = Integer.parseInt(ends[0]);
                int last = ends.length == 1 ? first : Integer.parseInt(ends[1]);
                if (ends.length > 2 || first < 0 || last < first || last > 65_535) {
                    throw new NumberFormatException();
                }
                for (int cpu = first; cpu <= last; cpu++) {
                    cpus.add(cpu);
                }
            } catch (NumberFormatException e) {
                throw new Invalid("'" + list + "' is no list of CPUs; an example is 0-3,8");
            }
        }
        return List.copyOf(cpus);
    }

    /** The CPUs this process may use. */
    public static List<Integer> allowed(HostFiles host) throws IOException {
        dev.pinion.cpu.CpuSet cpus = AffinityMask.read(host, "self");
        if (cpus == null) {
            throw new IOException(host.proc("self/status") + " does not tell the CPUs of this process");
        }
        return Arrays.stream(cpus.toArray()).boxed().toList();
    }

    /**
     * The CPUs of a child with so many Ps. One more than Ps where there is one, for the JIT and the collector, which every
     * machine has somewhere; exactly the Ps' number beside a hog, or the side that is not pinned would simply walk away.
     */
    static List<Integer> choose(List<Integer> usable, int procs, Condition condition) {
        int wanted = condition.hogs() > 0 ? procs : procs + 1;
        return new ArrayList<>(usable.subList(0, Math.min(wanted, usable.size())));
    }

    public static String format(List<Integer> cpus) {
        return String.join(",", cpus.stream().map(String::valueOf).toList());
    }
}
