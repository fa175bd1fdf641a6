package dev.pinion.doctor;

import dev.pinion.cpu.JsonWriter;
import java.util.List;
import java.util.Locale;

/**
 * A {@link Report} as JSON, one object in one line. The shape changes only together with {@code version}; members may be added.
 *
 * <pre>
 * version       1
 * cpus          the CPUs looked at, as the kernel writes lists: "2-7"
 * named         whether the user named them
 * environment   "bare metal", "a virtual machine", "a container", "a Kubernetes pod in a virtual machine" ...
 * exitCode      0, or 1 if anything failed
 * counts        { fail, warn, unknown, info, pass }: how many findings have that level
 * findings      [ { number, name, group, level, reason, effect: { micros, what }, fixes: [ { kind, line } ] } ]
 *               name is unique and stable, number is the check's; group: cores, quota, isolation ...; level as in counts;
 *               effect is absent where nothing was measured; kind: boot, instead, sysctl, cpuset, run, install, shell, look,
 *               kubernetes, start
 * remedies      { boot, cpuset, tuned, kubernetes: text, empty where nothing calls for it; instead, sysctl, run, install, shell, look,
 *               start: [ lines ] }
 * </pre>
 */
public final class ReportJson {
    private final JsonWriter out = new JsonWriter();

    private ReportJson() {}

    /** @param report what to write @return the line */
    public static String write(Report report) {
        ReportJson json = new ReportJson();
        json.report(report);
        return json.out.toString();
    }

    private void report(Report report) {
        out.open('{').number("version", 1)
                .text("cpus", report.patient().asked().toString())
                .bool("named", report.patient().named())
                .text("environment", report.environment())
                .number("exitCode", report.exitCode());
        out.name("counts").open('{');
        for (Level level : Level.values()) {
            out.number(level.word(), report.count(level));
        }
        out.close('}').name("findings").open('[');
        report.findings().forEach(this::finding);
        out.close(']');
        Remedies remedies = new Remedies(report);
        out.name("remedies").open('{').text("boot", remedies.boot()).text("cpuset", remedies.cpuset()).text("tuned", remedies.tuned())
                .text("kubernetes", remedies.kubernetes());
        lines("sysctl", remedies.sysctl());
        lines("run", remedies.run());
        lines("install", remedies.install());
        lines("shell", remedies.shell());
        lines("look", remedies.look());
        lines("instead", remedies.instead());
        lines("start", remedies.start());
        out.close('}').close('}');
    }

    private void finding(Finding finding) {
        out.open('{').number("number", finding.number()).text("name", finding.name())
                .text("group", finding.group().name().toLowerCase(Locale.ROOT)).text("level", finding.level().word()).text("reason", finding.reason());
        if (finding.effect() != null) {
            out.name("effect").open('{').decimal("micros", finding.effect().micros()).text("what", finding.effect().what()).close('}');
        }
        out.name("fixes").open('[');
        for (Fix fix : finding.fixes()) {
            out.open('{').text("kind", fix.kind().name().toLowerCase(Locale.ROOT)).text("line", fix.line()).close('}');
        }
        out.close(']').close('}');
    }

    private void lines(String name, List<String> lines) {
        out.name(name).open('[');
        lines.forEach(out::text);
        out.close(']');
    }
}
