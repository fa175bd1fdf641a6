package dev.pinion.cpu;

import java.util.List;
import java.util.Map;

/** Writes a {@link TopologyReport} as JSON, one object in one line, for scripts. */
public final class TopologyJson {
    private final StringBuilder out = new StringBuilder();
    private boolean first = true;

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
        open('{');
        text("present", topology.present().toString());
        text("online", topology.online().toString());
        text("offline", topology.offline().toString());
        text("isolated", topology.isolated().toString());
        text("usable", report.usable.toString());
        text("housekeeping", report.housekeeping.toString());
        text("pinningChecked", report.pinned.toString());
        if (report.quota != CpuQuota.UNLIMITED) {
            number("quota", report.quota);
        }
        name("cpus");
        open('[');
        for (int cpu = topology.present().first(); cpu >= 0; cpu = topology.present().next(cpu + 1)) {
            cpu(report, cpu);
        }
        close(']');
        name("ps");
        open('[');
        for (int cpu : report.cpuOfP) {
            separate();
            out.append(cpu);
        }
        close(']');
        name("threads");
        open('{');
        for (Map.Entry<String, CpuSet> sort : report.threads.entrySet()) {
            text(sort.getKey(), sort.getValue().toString());
        }
        close('}');
        name("notes");
        open('[');
        for (String note : report.allNotes()) {
            separate();
            quote(note);
        }
        close(']');
        close('}');
        return out.append('\n').toString();
    }

    private void cpu(TopologyReport report, int cpu) {
        Topology topology = report.topology;
        separate();
        open('{');
        number("cpu", cpu);
        bool("online", topology.online().contains(cpu));
        bool("usable", report.usable.contains(cpu));
        bool("isolated", topology.isolated().contains(cpu));
        bool("housekeeping", report.housekeeping.contains(cpu));
        if (topology.online().contains(cpu)) {
            number("socket", topology.packageOf(cpu));
            number("node", topology.nodeOf(cpu));
            number("l3", topology.l3Of(cpu));
            number("core", topology.coreOf(cpu));
            text("siblings", topology.siblings(cpu).toString());
            number("capacity", topology.capacityOf(cpu));
            text("kind", switch (topology.kindOf(cpu)) {
                case UNIFORM -> "uniform";
                case PERFORMANCE -> "performance";
                case EFFICIENT -> "efficient";
            });
        }
        Long pid = report.reservedBy.get(cpu);
        if (pid != null) {
            bool("reserved", true);
            if (pid != CpuLocks.UNNAMED) {
                number("reservedBy", pid);
            }
        }
        name("marks");
        open('[');
        List<String> marks = topology.online().contains(cpu) ? TopologyDrawing.marks(report, cpu) : List.of("offline");
        for (String mark : marks) {
            separate();
            quote(mark);
        }
        close(']');
        close('}');
    }

    private void open(char bracket) {
        out.append(bracket);
        first = true;
    }

    private void close(char bracket) {
        out.append(bracket);
        first = false;
    }

    private void separate() {
        if (!first) {
            out.append(',');
        }
        first = false;
    }

    private void name(String name) {
        separate();
        quote(name);
        out.append(':');
    }

    private void number(String name, long value) {
        name(name);
        out.append(value);
    }

    private void bool(String name, boolean value) {
        name(name);
        out.append(value);
    }

    private void text(String name, String value) {
        name(name);
        quote(value);
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
