package dev.pinion.doctor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A {@link Report} for a terminal: by group, the worst group and in it the worst finding first, at the end what to do. */
public final class ReportText {
    private static final int WIDTH = 110;
    private static final String INDENT = " ".repeat(10);

    private final Report report;
    private final boolean colour;
    private final StringBuilder out = new StringBuilder();

    private ReportText(Report report, boolean colour) {
        this.report = report;
        this.colour = colour;
    }

    /**
     * @param report what to show
     * @param colour whether to use ANSI's colours
     * @return lines
     */
    public static String write(Report report, boolean colour) {
        return new ReportText(report, colour).write();
    }

    private String write() {
        Patient patient = report.patient();
        out.append(Patient.name(patient.asked())).append(patient.named() ? "" : " (where a program started now gets its Ps; --cpus names others)")
                .append(", ").append(report.environment()).append(", Linux ").append(orUnknown(patient.proc("sys/kernel/osrelease"))).append('\n');
        List<String> counts = new ArrayList<>();
        for (Level level : Level.values()) {
            counts.add(paint(level, report.count(level) + " " + level.word()));
        }
        out.append(String.join(", ", counts)).append('\n');
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
            wrapped(finding.name() + ": " + finding.reason());
            if (finding.effect() != null) {
                out.append(INDENT).append(figure(finding.effect().micros())).append(" us: ").append(finding.effect().what()).append('\n');
            }
            for (Fix fix : finding.fixes()) {
                out.append(INDENT).append(fix.kind().name().toLowerCase(Locale.ROOT)).append(": ").append(fix.line()).append('\n');
            }
        }
    }

    private void wrapped(String text) {
        int column = INDENT.length();
        boolean first = true;
        for (String word : text.split(" ")) {
            if (!first && column + 1 + word.length() > WIDTH) {
                out.append('\n').append(INDENT);
                column = INDENT.length();
                first = true;
            }
            out.append(first ? "" : " ").append(word);
            column += word.length() + (first ? 0 : 1);
            first = false;
        }
        out.append('\n');
    }

    static String figure(double micros) {
        return String.format(Locale.ROOT, micros >= 100 ? "%,.0f" : micros >= 1 ? "%.1f" : "%.3f", micros);
    }

    private void remedies() {
        Remedies remedies = new Remedies(report);
        section("Append to the boot line", remedies.boot());
        section("/etc/sysctl.d/90-pinion.conf, then sysctl --system", String.join("\n", remedies.sysctl()));
        section("As root, until the next boot", String.join("\n", remedies.run()));
        section("A cpuset of their own", remedies.cpuset());
        section("The same for tuned", remedies.tuned());
        section("Kubernetes", remedies.kubernetes());
        section("Or start otherwise", String.join("\n", remedies.start()));
        if (report.patient().isContainer() && !(remedies.boot().isEmpty() && remedies.sysctl().isEmpty() && remedies.run().isEmpty())) {
            out.append("\nThis is a container: boot line, sysctls and commands are for its host.\n");
        }
    }

    private void section(String title, String text) {
        if (!text.isEmpty()) {
            out.append('\n').append(colour ? "\033[1m" : "").append(title).append(':').append(colour ? "\033[0m" : "").append('\n');
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
