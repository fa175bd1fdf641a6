package dev.pinion.doctor;

import dev.pinion.terminal.Prose;
import dev.pinion.terminal.TerminalWidth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A {@link Report} for a terminal: by group, the worst group and in it the worst finding first, at the end what to do. */
public final class ReportText {
    private static final int WIDEST = 110;
    /** Behind the words for levels. */
    private static final int COLUMN = 10;
    /** Below so many columns the prose begins further left. */
    private static final int NARROW = 70;

    private final Report report;
    private final int width;
    private final String indent;
    private final boolean colour;
    private final StringBuilder out = new StringBuilder();

    private ReportText(Report report, int columns, boolean colour) {
        this.report = report;
        this.width = Math.clamp(columns, TerminalWidth.LEAST, WIDEST);
        this.indent = " ".repeat(width < NARROW ? 4 : COLUMN);
        this.colour = colour;
    }

    /**
     * @param report  what to show
     * @param columns how wide the terminal is; lines to be copied are not broken all the same
     * @param colour  whether to use ANSI's colours
     * @return lines
     */
    public static String write(Report report, int columns, boolean colour) {
        return new ReportText(report, columns, colour).write();
    }

    private String write() {
        Patient patient = report.patient();
        prose(0, "", Patient.name(patient.asked()) + (patient.named() ? "" : " (where a program started now gets its Ps; --cpus names others)")
                + ", " + report.environment() + ", Linux " + orUnknown(patient.proc("sys/kernel/osrelease")));
        List<String> counts = new ArrayList<>();
        for (Level level : Level.values()) {
            counts.add(paint(level, report.count(level) + " " + level.word()));
        }
        prose(0, "", String.join(", ", counts));
        groups().forEach(this::group);
        remedies();
        return out.toString();
    }

    private static String orUnknown(Fact fact) {
        return fact.isKnown() ? fact.text() : "of unknown version";
    }

    private List<List<Finding>> groups() {
        Map<Group, List<Finding>> groups = new EnumMap<>(Group.class);
        for (Finding finding : report.findings()) {
            groups.computeIfAbsent(finding.group(), group -> new ArrayList<>()).add(finding);
        }
        List<List<Finding>> sorted = new ArrayList<>(groups.values());
        sorted.forEach(group -> group.sort(Comparator.comparing(Finding::level)));
        sorted.sort(Comparator.comparing(group -> group.getFirst().level()));
        return sorted;
    }

    private void group(List<Finding> findings) {
        out.append('\n').append(colour ? "\033[1m" : "").append(findings.getFirst().group().title()).append(colour ? "\033[0m" : "").append('\n');
        for (Finding finding : findings) {
            String word = finding.level().word();
            String label = (finding.level() == Level.FAIL || finding.level() == Level.WARN ? word.toUpperCase(Locale.ROOT) : word);
            out.append("  ").append(paint(finding.level(), label)).append(" ".repeat(8 - word.length()));
            prose(COLUMN, indent, finding.name() + ": " + finding.reason());
            if (finding.effect() != null) {
                out.append(indent);
                prose(indent.length(), indent, figure(finding.effect().micros()) + " us: " + finding.effect().what());
            }
            for (Fix fix : finding.fixes()) {
                out.append(indent).append(fix.kind().name().toLowerCase(Locale.ROOT)).append(": ").append(fix.line()).append('\n');
            }
        }
    }

    private void prose(int column, String indentOfRest, String text) {
        Prose.append(out, column, width, indentOfRest, text);
    }

    static String figure(double micros) {
        return String.format(Locale.ROOT, micros >= 100 ? "%,.0f" : micros >= 1 ? "%.1f" : "%.3f", micros);
    }

    private void remedies() {
        Remedies remedies = new Remedies(report);
        section("Append to the boot line", remedies.boot());
        section("Or this in the boot line, and choose CPUs and all other lines anew, as it takes CPUs away", String.join("\n", remedies.instead()));
        section("/etc/sysctl.d/90-pinion.conf, then sysctl --system", String.join("\n", remedies.sysctl()));
        section("As root, until the next boot", String.join("\n", remedies.run()));
        section("As root, once: it stays", String.join("\n", remedies.install()));
        section("In the shell that starts the program", String.join("\n", remedies.shell()));
        section("A cpuset of their own", remedies.cpuset());
        section("The same for tuned", remedies.tuned());
        section("Kubernetes", remedies.kubernetes());
        section("Or start otherwise", String.join("\n", remedies.start()));
        section("To learn more", String.join("\n", remedies.look()));
        if (report.patient().isContainer() && remedies.touchesHost()) {
            out.append('\n');
            prose(0, "", "This is a container: boot line, sysctls, root's commands and the cpuset are for its host.");
        }
    }

    private void section(String title, String text) {
        if (!text.isEmpty()) {
            out.append('\n');
            prose(0, "", (colour ? "\033[1m" : "") + title + ":" + (colour ? "\033[0m" : ""));
            text.lines().forEach(line -> out.append(line.isEmpty() ? "" : "  ").append(line).append('\n'));
        }
    }

    private String paint(Level level, String text) {
        return colour ? switch (level) {
            case FAIL -> "\033[1;31m";
            case WARN -> "\033[33m";
            case UNKNOWN -> "\033[35m";
            case INFO -> "\033[36m";
            case PASS -> "\033[32m";
        } + text + "\033[0m" : text;
    }
}
