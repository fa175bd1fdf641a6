package dev.pinion.cpu;

import dev.pinion.terminal.Prose;
import dev.pinion.terminal.TerminalWidth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Draws the machine as text: sockets, NUMA nodes, L3 caches, a line for each core with its CPUs, and what each CPU is used for.
 *
 * <p>From data to a string; it reads nothing and prints nothing.
 */
public final class TopologyDrawing {
    private static final String RESET = "\033[0m";
    private static final String P = "\033[1;32m";
    private static final String DIM = "\033[2m";
    private static final String RED = "\033[31m";
    private static final String BLUE = "\033[34m";
    private static final String HEAD = "\033[1m";

    private final TopologyReport report;
    private final Topology topology;
    private final int width;
    private final boolean colour;
    private final StringBuilder out = new StringBuilder();

    private TopologyDrawing(TopologyReport report, int columns, boolean colour) {
        this.report = report;
        this.width = Math.max(TerminalWidth.LEAST, columns);
        this.topology = report.topology;
        this.colour = colour;
    }

    /**
     * @param report what to show
     * @param columns how wide the terminal is
     * @param colour whether the reader is a terminal that knows ANSI colours
     * @return the drawing, several lines, each ended
     */
    public static String draw(TopologyReport report, int columns, boolean colour) {
        return new TopologyDrawing(report, columns, colour).draw();
    }

    private static String cpus(int n) {
        return n + (n == 1 ? " CPU" : " CPUs");
    }

    private String draw() {
        String online = cpus(topology.online().size()) + " online, " + topology.online().intersect(report.usable).size() + " usable";
        line(0, HEAD, online + (report.quota == CpuQuota.UNLIMITED ? "" : ", quota of " + cpus(report.quota)));
        int socket = Integer.MIN_VALUE;
        int node = Integer.MIN_VALUE;
        int cache = -1;
        List<Integer> cores = coresInOrder();
        for (int first : cores) {
            if (topology.packageOf(first) != socket) {
                socket = topology.packageOf(first);
                node = Integer.MIN_VALUE;
                cache = -1;
                line(0, HEAD, "socket " + socket);
            }
            if (topology.nodeOf(first) != node) {
                node = topology.nodeOf(first);
                cache = -1;
                line(1, "", "NUMA node " + node);
            }
            if (topology.l3Of(first) != cache) {
                cache = topology.l3Of(first);
                line(2, "", "L3 #" + cache);
            }
            drawCore(first);
        }
        if (!topology.offline().isEmpty()) {
            line(0, DIM, "offline: " + CpuChoice.name(topology.offline()));
        }
        drawFoot();
        return out.toString();
    }

    /** @return the lowest CPU of each core, in the order of sockets, nodes, caches, cores */
    private List<Integer> coresInOrder() {
        List<Integer> cores = new ArrayList<>();
        for (int cpu = topology.online().first(); cpu >= 0; cpu = topology.online().next(cpu + 1)) {
            if (topology.siblings(cpu).first() == cpu) {
                cores.add(cpu);
            }
        }
        cores.sort((a, b) -> {
            int by = Integer.compare(topology.packageOf(a), topology.packageOf(b));
            by = by == 0 ? Integer.compare(topology.nodeOf(a), topology.nodeOf(b)) : by;
            by = by == 0 ? Integer.compare(topology.l3Of(a), topology.l3Of(b)) : by;
            return by == 0 ? Integer.compare(topology.coreOf(a), topology.coreOf(b)) : by;
        });
        return cores;
    }

    private void drawCore(int first) {
        StringBuilder line = new StringBuilder("core " + topology.coreOf(first));
        switch (topology.kindOf(first)) {
            case PERFORMANCE -> line.append(" (performance)");
            case EFFICIENT -> line.append(" (efficient)");
            case UNIFORM -> { }
        }
        if (topology.capacityOf(first) != 1024) {
            line.append(" (capacity ").append(topology.capacityOf(first)).append(')');
        }
        CpuSet siblings = topology.siblings(first);
        for (int cpu = siblings.first(); cpu >= 0; cpu = siblings.next(cpu + 1)) {
            line.append(cpu == first ? ": " : " | ").append(cell(cpu));
        }
        line(3, "", line.toString());
    }

    private String cell(int cpu) {
        List<String> marks = marks(report, cpu);
        String colourOf = marks.isEmpty() ? "" : switch (marks.getFirst().charAt(0)) {
            case 'P' -> P;
            case 'r' -> RED;
            case 'h' -> BLUE;
            default -> DIM;
        };
        return paint(colourOf, "cpu " + cpu + (marks.isEmpty() ? "" : " " + String.join(", ", marks)));
    }

    /** What a CPU is used for, in the words of the drawing and of the JSON; the first one gives the colour. */
    static List<String> marks(TopologyReport report, int cpu) {
        List<String> marks = new ArrayList<>();
        for (int p = 0; p < report.cpuOfP.length; p++) {
            if (report.cpuOfP[p] == cpu) {
                marks.add("P" + p);
            }
        }
        Long pid = report.reservedBy.get(cpu);
        if (pid != null) {
            marks.add(pid == CpuLocks.UNNAMED ? "reserved" : "reserved by " + pid);
        }
        if (report.housekeeping.contains(cpu)) {
            marks.add("housekeeping");
        }
        if (report.topology.isolated().contains(cpu)) {
            marks.add("isolated");
        }
        if (!report.usable.contains(cpu)) {
            marks.add("not usable");
        }
        return marks;
    }

    private void drawFoot() {
        for (Map.Entry<String, CpuSet> sort : report.threads.entrySet()) {
            line(0, "", sort.getKey() + ": " + (sort.getValue().isEmpty() ? "not known" : CpuChoice.name(sort.getValue())));
        }
        if (!report.pinned.isEmpty()) {
            line(0, "", "pinning: checked through Java-Thread-Affinity on " + CpuChoice.name(report.pinned));
        }
        for (String note : report.allNotes()) {
            line(0, RED, "note: " + note);
        }
    }

    private void line(int depth, String style, String text) {
        String indent = "  ".repeat(depth);
        out.append(indent);
        Prose.append(out, indent.length(), width, indent + "  ", paint(style, text));
    }

    private String paint(String style, String text) {
        return colour && !style.isEmpty() ? style + text + RESET : text;
    }
}
