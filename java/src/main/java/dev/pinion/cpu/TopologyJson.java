package dev.pinion.cpu;

import java.util.List;
import java.util.Map;

/** Writes a {@link TopologyReport} as JSON, one object in one line, for scripts. */
public final class TopologyJson {
    private final JsonWriter out = new JsonWriter();

    private TopologyJson() {
    }

    /**
     * @param report what to show
     * @return {@code {"online":"0-3","cpus":[{"cpu":0,...}],...}}; sets are lists as the kernel writes them, unknown values are absent
     */
    public static String write(TopologyReport report) {
        return new TopologyJson().report(report);
    }

    private String report(TopologyReport report) {
        Topology topology = report.topology;
        out.open('{');
        out.text("present", topology.present().toString());
        out.text("online", topology.online().toString());
        out.text("offline", topology.offline().toString());
        out.text("isolated", topology.isolated().toString());
        out.text("usable", report.usable.toString());
        out.text("housekeeping", report.housekeeping.toString());
        out.text("pinningChecked", report.pinned.toString());
        if (report.quota != CpuQuota.UNLIMITED) {
            out.number("quota", report.quota);
        }
        out.name("cpus").open('[');
        for (int cpu = topology.present().first(); cpu >= 0; cpu = topology.present().next(cpu + 1)) {
            cpu(report, cpu);
        }
        out.close(']');
        out.name("ps");
        out.open('[');
        for (int cpu : report.cpuOfP) {
            out.number(cpu);
        }
        out.close(']');
        out.name("threads");
        out.open('{');
        for (Map.Entry<String, CpuSet> sort : report.threads.entrySet()) {
            out.text(sort.getKey(), sort.getValue().toString());
        }
        out.close('}');
        out.name("notes");
        out.open('[');
        for (String note : report.allNotes()) {
            out.text(note);
        }
        out.close(']');
        out.close('}');
        return out.toString();
    }

    private void cpu(TopologyReport report, int cpu) {
        Topology topology = report.topology;
        out.open('{');
        out.number("cpu", cpu);
        out.bool("online", topology.online().contains(cpu));
        out.bool("usable", report.usable.contains(cpu));
        out.bool("isolated", topology.isolated().contains(cpu));
        out.bool("housekeeping", report.housekeeping.contains(cpu));
        if (topology.online().contains(cpu)) {
            out.number("socket", topology.packageOf(cpu));
            out.number("node", topology.nodeOf(cpu));
            out.number("l3", topology.l3Of(cpu));
            out.number("core", topology.coreOf(cpu));
            out.text("siblings", topology.siblings(cpu).toString());
            out.number("capacity", topology.capacityOf(cpu));
            out.text("kind", switch (topology.kindOf(cpu)) {
                case UNIFORM -> "uniform";
                case PERFORMANCE -> "performance";
                case EFFICIENT -> "efficient";
            });
        }
        Long pid = report.reservedBy.get(cpu);
        if (pid != null) {
            out.bool("reserved", true);
            if (pid != CpuLocks.UNNAMED) {
                out.number("reservedBy", pid);
            }
        }
        out.name("marks");
        out.open('[');
        List<String> marks = topology.online().contains(cpu) ? TopologyDrawing.marks(report, cpu) : List.of("offline");
        for (String mark : marks) {
            out.text(mark);
        }
        out.close(']');
        out.close('}');
    }
}
