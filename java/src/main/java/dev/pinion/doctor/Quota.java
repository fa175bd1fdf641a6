package dev.pinion.doctor;

import dev.pinion.cpu.Cgroup;
import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.StealTime;
import dev.pinion.cpu.Throttling;
import java.util.Locale;
import java.util.Map;

/** Who decides how much of their cores the Ps get: the cgroup's quota, other groups, the hypervisor. */
final class Quota implements Check {
    /** Percent of the time in which something waited for a CPU: above it the cgroup's threads wait too often to blame chance. */
    private static final double PRESSURE_PERCENT = 5;
    /** Permille of a CPU's time; one tick of 10 ms in a second is 10, so that anything stolen at all shows. */
    private static final int STEAL_PERMILLE = 5;

    @Override
    public void examine(Patient patient, Findings findings) {
        quota(patient, findings);
        throttling(patient, findings);
        pressure(patient, findings);
        steal(patient, findings);
    }

    private static void quota(Patient patient, Findings findings) {
        Fact group = patient.proc("self/cgroup");
        Cgroup.Place place = new Cgroup(patient.files()).find("cpu");
        if (place == null) {
            findings.unknown(10, "quota", group.isKnown() ? "no cgroup file system is mounted here, so a quota cannot be seen" : group.whyNot());
            return;
        }
        String name = place.v2() ? "cpu.max" : "cpu.cfs_quota_us";
        GroupLimit limit = GroupLimit.read(patient, place, "cpu", name);
        double least = Double.POSITIVE_INFINITY;
        String file = null;
        String untold = limit.whyNot();
        for (Map.Entry<String, String> level : limit.texts().entrySet()) {
            double cpus = place.v2() ? max(level.getValue()) : cfs(level.getValue(), patient.files().read(level.getKey() + "cpu.cfs_period_us"));
            if (Double.isNaN(cpus)) {
                untold = level.getKey() + name + " is " + level.getValue() + ", which is not understood";
            } else if (cpus < least) {
                least = cpus;
                file = level.getKey() + name;
            }
        }
        int ps = patient.cpus().size();
        if (least < ps) {
            findings.add(findings.of(10, "quota", Level.FAIL, String.format(Locale.ROOT, "the quota of %.2f CPUs in %s is less than %d P%s: "
                            + "all of them stop together once it is used up", least, file, ps, ps == 1 ? "" : "s"))
                    .costs(throttle(patient))
                    .fixIf(patient.isPod(), Fix.kubernetes("resources.limits.cpu: \"" + ps + "\" and resources.requests.cpu: \"" + ps + "\""))
                    .fixIf(!patient.isPod(), Fix.run("echo " + (place.v2() ? "max" : "-1") + " > " + file))
                    .fixIf(least >= 1, Fix.start("--gomaxprocs " + (int) least)));
        } else if (untold != null) {
            findings.unknown(10, "quota", untold);
        } else {
            findings.pass(10, "quota", least == Double.POSITIVE_INFINITY ? "there is no quota of CPU time"
                    : String.format(Locale.ROOT, "the quota of %.2f CPUs is enough for %d P%s", least, ps, ps == 1 ? "" : "s"));
        }
    }

    /** @return CPUs, infinite without a quota, NaN if it is not understood */
    private static double max(String text) {
        String[] words = text.split(" ");
        return words[0].equals("max") ? Double.POSITIVE_INFINITY : words.length < 2 ? Double.NaN : ratio(Fact.number(words[0]), Fact.number(words[1]));
    }

    private static double cfs(String quota, String period) {
        return quota.equals("-1") ? Double.POSITIVE_INFINITY : ratio(Fact.number(quota), Fact.number(period));
    }

    private static double ratio(long quota, long period) {
        return quota <= 0 || period <= 0 ? Double.NaN : (double) quota / period;
    }

    /** The kernel adds up over CPUs, and {@link Throttling} over groups: this is no time that passed. */
    private static Effect throttle(Patient patient) {
        Throttling.Reading now = patient.second().throttled;
        return now != null && now.times() > 0 && now.micros() > 0
                ? new Effect((double) now.micros() / now.times(), "of CPU time withheld by the quota each time, on average, all CPUs together") : null;
    }

    private static void throttling(Patient patient, Findings findings) {
        Throttling.Reading before = patient.first().throttled;
        Throttling.Reading now = patient.second().throttled;
        if (now == null) {
            findings.unknown(10, "throttling", "no cgroup tells how often it was throttled, or not each of its parents");
        } else if (now.times() == 0) {
            String hidden = GroupLimit.hidden(patient, new Cgroup(patient.files()).find("cpu"));
            findings.add(findings.of(10, "throttling", hidden == null ? Level.PASS : Level.UNKNOWN,
                    hidden == null ? "neither the cgroup nor a parent was ever throttled" : "this cgroup was never throttled, but " + hidden));
        } else {
            findings.add(findings.of(10, "throttling", Level.WARN, "the cgroup, or a parent, was throttled " + now.times() + " times so far"
                            + (before == null ? "" : ", " + (now.times() - before.times()) + " of them in the last second"))
                    .costs(throttle(patient))
                    .fixIf(patient.isPod(), Fix.kubernetes("cpuManagerPolicy: static")));
        }
    }

    /** As it was before the probes ran, which compute on all of the CPUs. */
    private static void pressure(Patient patient, Findings findings) {
        String text = patient.second().groupPressure;
        String whose = "this cgroup";
        if (text == null) {
            Fact host = patient.second().machinePressure;
            if (!host.isKnown()) {
                findings.add(findings.of(11, "pressure", Level.UNKNOWN, host.whyNot() + ": this kernel keeps no account of waits for CPUs")
                        .fix(Fix.boot("psi=1")));
                return;
            }
            text = host.text();
            whose = "the machine";
        }
        int at = text.indexOf("avg10=");
        int end = at < 0 ? -1 : text.indexOf(' ', at);
        double percent;
        try {
            percent = Double.parseDouble(text.substring(at + 6, end));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            findings.unknown(11, "pressure", "the account of waits for CPUs is not understood: " + text.lines().findFirst().orElse(""));
            return;
        }
        findings.add(findings.of(11, "pressure", percent > PRESSURE_PERCENT ? Level.WARN : Level.PASS, String.format(Locale.ROOT,
                        "threads of %s waited for a CPU in %.1f %% of the last 10 s", whose, percent))
                .costs(waited(patient)));
    }

    /** What the probes themselves waited because others ran on their CPU. */
    private static Effect waited(Patient patient) {
        Effect most = null;
        for (Map.Entry<Integer, Measured.Gaps> entry : patient.measured().gaps.entrySet()) {
            double micros = entry.getValue().waitMicros() / entry.getValue().seconds();
            if (micros > 0 && (most == null || micros > most.micros())) {
                most = new Effect(micros, "of each second a thread bound to CPU " + entry.getKey() + " waited for others");
            }
        }
        return most;
    }

    private static void steal(Patient patient, Findings findings) {
        int worst = -1;
        double most = -1;
        CpuSet untold = CpuSet.EMPTY;
        for (int cpu : patient.cpus().toArray()) {
            StealTime before = patient.first().steal.get(cpu);
            StealTime after = patient.second().steal.get(cpu);
            if (before == null || after == null) {
                untold = untold.with(cpu);
            } else if ((after.stolen() - before.stolen()) / patient.seconds() > most) {
                worst = cpu;
                most = (after.stolen() - before.stolen()) / patient.seconds();
            }
        }
        if (!untold.isEmpty() && most * 10 <= STEAL_PERMILLE) {
            findings.unknown(11, "steal", patient.proc("stat").isKnown() ? "/proc/stat does not tell what was taken from " + Patient.name(untold)
                    : patient.proc("stat").whyNot());
        } else if (most * 10 > STEAL_PERMILLE) {
            findings.add(findings.of(11, "steal", Level.WARN, String.format(Locale.ROOT, "the hypervisor gave CPU %d to others for %.1f %% of the time: "
                            + "the host has to pin this machine's CPUs", worst, most))
                    .costs(new Effect(most * 10_000, "of each second stolen from CPU " + worst)));
        } else {
            findings.pass(11, "steal", patient.hypervisor() == null ? "no hypervisor takes time from these CPUs" : "no time taken from these CPUs is reported");
        }
    }
}
