package dev.pinion.doctor;

import dev.pinion.cpu.Cgroup;
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
        double least = Double.POSITIVE_INFINITY;
        String file = null;
        for (String directory : place.directories()) {
            double cpus = place.v2() ? max(patient, directory) : cfs(patient, directory);
            if (cpus < least) {
                least = cpus;
                file = directory + (place.v2() ? "cpu.max" : "cpu.cfs_quota_us");
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
        } else {
            findings.pass(10, "quota", least == Double.POSITIVE_INFINITY ? "there is no quota of CPU time"
                    : String.format(Locale.ROOT, "the quota of %.2f CPUs is enough for %d P%s", least, ps, ps == 1 ? "" : "s"));
        }
    }

    private static double max(Patient patient, String directory) {
        String text = patient.files().read(directory + "cpu.max");
        String[] words = text == null ? new String[0] : text.split(" ");
        return words.length < 2 ? Double.POSITIVE_INFINITY : ratio(Fact.number(words[0]), Fact.number(words[1]));
    }

    private static double cfs(Patient patient, String directory) {
        return ratio(patient.files().readInt(directory + "cpu.cfs_quota_us"), patient.files().readInt(directory + "cpu.cfs_period_us"));
    }

    private static double ratio(long quota, long period) {
        return quota <= 0 || period <= 0 ? Double.POSITIVE_INFINITY : (double) quota / period;
    }

    private static Effect throttle(Patient patient) {
        Sample now = patient.second();
        return now.throttles > 0 && now.throttledMicros > 0
                ? new Effect((double) now.throttledMicros / now.throttles, "a standstill by the quota, on average") : null;
    }

    private static void throttling(Patient patient, Findings findings) {
        Sample now = patient.second();
        if (now.throttles < 0) {
            if (new Cgroup(patient.files()).find("cpu") == null) {
                findings.unknown(10, "throttling", "no cgroup tells how often it was throttled");
            } else {
                findings.pass(10, "throttling", "this cgroup has no quota that could throttle it");
            }
        } else if (now.throttles == 0) {
            findings.pass(10, "throttling", "the cgroup was never throttled");
        } else {
            long fresh = now.throttles - patient.first().throttles;
            findings.add(findings.of(10, "throttling", Level.WARN, "the cgroup was throttled " + now.throttles + " times so far, "
                            + fresh + " of them in the last second")
                    .costs(throttle(patient))
                    .fixIf(patient.isPod(), Fix.kubernetes("cpuManagerPolicy: static")));
        }
    }

    private static void pressure(Patient patient, Findings findings) {
        Cgroup.Place place = new Cgroup(patient.files()).find("cpu");
        String text = place != null && place.v2() ? patient.files().read(place.directories().getFirst() + "cpu.pressure") : null;
        String whose = "this cgroup";
        if (text == null) {
            Fact host = patient.proc("pressure/cpu");
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
        for (int cpu : patient.cpus().toArray()) {
            long[] before = patient.first().ticks.get(cpu);
            long[] after = patient.second().ticks.get(cpu);
            if (before != null && after != null && (after[2] - before[2]) / patient.seconds() > most) {
                worst = cpu;
                most = (after[2] - before[2]) / patient.seconds();
            }
        }
        if (worst < 0) {
            findings.unknown(11, "steal", patient.proc("stat").isKnown() ? "/proc/stat has no line for these CPUs" : patient.proc("stat").whyNot());
        } else if (most * 10 > STEAL_PERMILLE) {
            findings.add(findings.of(11, "steal", Level.WARN, String.format(Locale.ROOT, "the hypervisor gave CPU %d to others for %.1f %% of the time: "
                            + "the host has to pin this machine's CPUs", worst, most))
                    .costs(new Effect(most * 10_000, "of each second stolen from CPU " + worst)));
        } else {
            findings.pass(11, "steal", patient.isVirtualMachine() ? "the hypervisor reports no time taken from these CPUs" : "no hypervisor takes time from these CPUs");
        }
    }
}
