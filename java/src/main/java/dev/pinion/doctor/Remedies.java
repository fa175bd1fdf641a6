package dev.pinion.doctor;

import dev.pinion.cpu.CpuSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The fixes of all findings that failed or warn, put together by where they go. Each text is empty where nothing calls for it, and holds
 * nothing that no finding calls for.
 */
final class Remedies {
    private final Patient patient;
    private final Set<String> names = new TreeSet<>();
    private final Map<Fix.Kind, Set<String>> lines = new LinkedHashMap<>();

    Remedies(Report report) {
        patient = report.patient();
        for (Finding finding : report.findings()) {
            if (finding.level() == Level.FAIL || finding.level() == Level.WARN) {
                names.add(finding.name());
                finding.fixes().forEach(fix -> lines.computeIfAbsent(fix.kind(), kind -> new LinkedHashSet<>()).add(fix.line()));
            }
        }
    }

    private Set<String> of(Fix.Kind kind) {
        return lines.getOrDefault(kind, Set.of());
    }

    /** Parameters to append to the kernel's boot line; flags of {@code isolcpus} become one parameter. */
    String boot() {
        Set<String> flags = new TreeSet<>();
        List<String> words = new ArrayList<>();
        for (String parameter : of(Fix.Kind.BOOT)) {
            if (parameter.startsWith("isolcpus=")) {
                flags.add(parameter.substring("isolcpus=".length(), parameter.indexOf(',')));
            } else {
                words.add(parameter);
            }
        }
        if (!flags.isEmpty()) {
            words.addFirst("isolcpus=" + String.join(",", flags) + "," + patient.cpus());
        }
        return String.join(" ", words);
    }

    /** Lines for a file in /etc/sysctl.d. */
    List<String> sysctl() {
        return List.copyOf(of(Fix.Kind.SYSCTL));
    }

    /** Parameters that go with none of the other lines. */
    List<String> instead() {
        return List.copyOf(of(Fix.Kind.INSTEAD));
    }

    /** Commands for root, until the next boot. */
    List<String> run() {
        return List.copyOf(of(Fix.Kind.RUN));
    }

    /** Commands for root that are given once. */
    List<String> install() {
        return List.copyOf(of(Fix.Kind.INSTALL));
    }

    /** Commands for the shell that starts the program. */
    List<String> shell() {
        return List.copyOf(of(Fix.Kind.SHELL));
    }

    /** Commands that tell more. */
    List<String> look() {
        return List.copyOf(of(Fix.Kind.LOOK));
    }

    /** Whether anything is to be done to the host, which a container cannot. */
    boolean touchesHost() {
        return !(boot().isEmpty() && instead().isEmpty() && sysctl().isEmpty() && run().isEmpty() && install().isEmpty() && cpuset().isEmpty());
    }

    /**
     * A script that gives the Ps' CPUs, and one for everything else of the program, to a cpuset that the kernel's load balancer leaves alone.
     * The one CPU is in it because a program cannot use CPUs outside of its cpuset. Only root can make it and move a process into it, so the script
     * becomes its user again before it starts the program; and the kernel takes "isolated" without an error where it cannot do it, so it is read back.
     */
    String cpuset() {
        if (of(Fix.Kind.CPUSET).isEmpty() || patient.others().isEmpty()) {
            return "";
        }
        CpuSet cpus = patient.cpus();
        int spare = patient.others().last();
        for (int other : patient.others().toArray()) {
            boolean sibling = !patient.topology().siblings(other).intersect(cpus).isEmpty();
            spare = !sibling && patient.topology().nodeOf(other) == patient.topology().nodeOf(cpus.first()) ? other : spare;
        }
        return """
                #!/bin/sh
                # sudo sh FILE ARGUMENTS, by the user whose program it is: %5$s for Ps and CPU %2$d for GC, JIT and
                # sysmon, no other program on them until the next boot; the program itself runs as that user.
                set -e
                : "${SUDO_UID:?start it through sudo, as the user whose program it is}"
                echo +cpuset > /sys/fs/cgroup/cgroup.subtree_control
                mkdir -p /sys/fs/cgroup/pinion
                echo %3$s > /sys/fs/cgroup/pinion/cpuset.cpus
                echo isolated > /sys/fs/cgroup/pinion/cpuset.cpus.partition
                state=$(cat /sys/fs/cgroup/pinion/cpuset.cpus.partition)
                [ "$state" = isolated ] || { echo "the kernel does not isolate them: $state" >&2; exit 1; }
                echo $$ > /sys/fs/cgroup/pinion/cgroup.procs
                exec setpriv --reuid="$SUDO_UID" --regid="$SUDO_GID" --init-groups --inh-caps=-all \\
                    taskset -c %2$d ./pinion run --cpus %1$s --housekeeping %2$d -- -XX:ActiveProcessorCount=%4$d "$@"
                """.formatted(cpus, spare, cpus.with(spare), cpus.size(), Patient.name(cpus));
    }

    /** A profile for tuned, which sets all of it at each boot. */
    String tuned() {
        StringBuilder sections = new StringBuilder();
        StringBuilder cpu = new StringBuilder();
        if (names.contains("governor")) {
            cpu.append("governor=performance\n");
        }
        if (names.contains("energy-preference")) {
            cpu.append("energy_performance_preference=performance\n");
        }
        if (names.contains("idle-states")) {
            cpu.append("force_latency=10\n");
        }
        if (!cpu.isEmpty()) {
            sections.append("\n[cpu]\n").append(cpu);
        }
        if (names.contains("huge-pages-enabled")) {
            sections.append("\n[vm]\ntransparent_hugepages=madvise\n");
        }
        if (!sysctl().isEmpty()) {
            sections.append("\n[sysctl]\n").append(String.join("\n", sysctl())).append('\n');
        }
        if (!boot().isEmpty()) {
            sections.append("\n[bootloader]\ncmdline_pinion=").append(boot()).append('\n');
        }
        return sections.isEmpty() ? "" : "# /etc/tuned/pinion/tuned.conf; then: tuned-adm profile pinion\n[main]\nsummary=" + Patient.name(patient.cpus()) + " for Pinion\n" + sections;
    }

    /** What the kubelet and the pod have to say. */
    String kubernetes() {
        if (of(Fix.Kind.KUBERNETES).isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder("# the kubelet's configuration, on a node whose CPU manager's state is removed before its restart\n");
        StringBuilder pod = new StringBuilder();
        for (String setting : of(Fix.Kind.KUBERNETES)) {
            (setting.startsWith("resources.") ? pod : out).append(setting).append('\n');
        }
        if (of(Fix.Kind.KUBERNETES).contains("cpuManagerPolicy: static")) {
            out.append("reservedSystemCPUs: \"").append(patient.others().isEmpty() ? patient.topology().online().first() : patient.others()).append("\"\n");
            pod.append("# whole CPUs, requests equal to limits for memory, too: else the pod gets no CPUs of its own\n");
        }
        return pod.isEmpty() ? out.toString() : out + "# the pod\n" + pod;
    }

    /** How to start Pinion instead. */
    List<String> start() {
        return List.copyOf(of(Fix.Kind.START));
    }
}
