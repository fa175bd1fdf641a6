package dev.pinion.doctor;

import dev.pinion.cpu.Cgroup;
import java.util.Map;

/** What the kernel lets this user have, and see. */
final class Limits implements Check {
    /** As many sockets as Pinion is measured with, and some files. */
    private static final long FILES = 16_384;
    /** The default of --maxthreads: a G that blocks the kernel's way keeps a thread. */
    private static final long THREADS = 10_000;
    private static final int SOFT = 0;
    private static final int HARD = 1;

    @Override
    public void examine(Patient patient, Findings findings) {
        Fact limits = patient.proc("self/limits");
        if (limits.isKnown()) {
            least(findings, "open-files", of(limits.text(), "Max open files", SOFT), FILES, "open files", raised(limits.text(), "Max open files", "nofile", "-n", FILES * 4));
            least(findings, "processes", of(limits.text(), "Max processes", SOFT), THREADS, "threads of this user",
                    raised(limits.text(), "Max processes", "nproc", "-u", THREADS * 4));
            locking(findings, of(limits.text(), "Max locked memory", SOFT));
            realTime(findings, of(limits.text(), "Max realtime priority", SOFT));
        } else {
            for (String name : new String[] {"open-files", "processes", "memory-lock", "real-time-priority"}) {
                findings.unknown(26, name, limits.whyNot());
            }
        }
        file(patient, findings, "epoll-watches", "fs.epoll.max_user_watches", FILES, "sockets in epolls of this user");
        file(patient, findings, "threads", "kernel.threads-max", THREADS, "threads of the machine");
        pids(patient, findings);
        uring(patient, findings);
        filter(patient, findings);
        rights(patient, findings);
    }

    /** Unlimited is the largest number; -1 if there is no such line. */
    private static long of(String limits, String name, int column) {
        for (String line : limits.split("\n")) {
            String[] values = line.startsWith(name) ? line.substring(name.length()).trim().split("\\s+") : new String[0];
            if (column < values.length) {
                return values[column].equals("unlimited") ? Long.MAX_VALUE : Fact.number(values[column]);
            }
        }
        return -1;
    }

    /** A shell raises its soft limit up to the hard one, which it could lower for good; that one root has to raise, for logins to come. */
    private static Fix raised(String limits, String line, String item, String option, long wanted) {
        return of(limits, line, HARD) >= wanted ? Fix.shell("ulimit -S " + option + " " + wanted)
                : Fix.install("echo '* - " + item + " " + wanted + "' > /etc/security/limits.d/90-pinion-" + item + ".conf");
    }

    /** Neither Pinion nor the JVM locks memory of its own accord, so that only a program knows how much it wants. */
    private static void locking(Findings findings, long bytes) {
        if (bytes < 0) {
            findings.unknown(26, "memory-lock", "the limit of locked memory is not told");
        } else if (bytes == Long.MAX_VALUE) {
            findings.pass(26, "memory-lock", "a program may lock all of its memory");
        } else {
            findings.info(26, "memory-lock", "a program may lock " + bytes / 1024 + " KiB of its memory; Pinion locks none");
        }
    }

    private static void realTime(Findings findings, long priority) {
        if (priority < 0) {
            findings.unknown(26, "real-time-priority", "the limit of real-time priorities is not told");
        } else {
            findings.pass(26, "real-time-priority", "this user " + (priority == 0 ? "may not make threads real-time ones"
                    : "may give threads real-time priorities up to " + priority) + "; Pinion makes none");
        }
    }

    private static void least(Findings findings, String name, long value, long least, String what, Fix fix) {
        if (value < 0) {
            findings.unknown(26, name, "the limit of " + what + " is not told");
        } else {
            findings.add(findings.of(26, name, value < least ? Level.WARN : Level.PASS,
                    value == Long.MAX_VALUE ? "there is no limit of " + what : "the limit is " + value + " " + what).fix(fix));
        }
    }

    private static void file(Patient patient, Findings findings, String name, String key, long least, String what) {
        Fact fact = patient.proc("sys/" + key.replace('.', '/'));
        if (fact.isKnown()) {
            least(findings, name, fact.number(), least, what, Fix.sysctl(key + "=" + least * 4));
        } else {
            findings.unknown(26, name, fact.whyNot());
        }
    }

    private static void pids(Patient patient, Findings findings) {
        Cgroup.Place place = new Cgroup(patient.files()).find("pids");
        long least = Long.MAX_VALUE;
        String where = null;
        GroupLimit limit = place == null ? new GroupLimit(Map.of(), null) : GroupLimit.read(patient, place, "pids", "pids.max");
        String untold = limit.whyNot();
        for (Map.Entry<String, String> level : limit.texts().entrySet()) {
            long value = level.getValue().equals("max") ? Long.MAX_VALUE : Fact.number(level.getValue());
            untold = value >= 0 ? untold : level.getKey() + "pids.max is " + level.getValue() + ", which is not understood";
            if (value >= 0 && value < least) {
                least = value;
                where = level.getKey() + "pids.max";
            }
        }
        if (place == null) {
            findings.unknown(26, "pids", "no cgroup file system is mounted here, so its limit of threads cannot be seen");
        } else if (untold != null && least >= THREADS) {
            findings.unknown(26, "pids", untold);
        } else {
            least(findings, "pids", least, THREADS, "threads of the cgroup",
                    patient.isPod() ? Fix.kubernetes("podPidsLimit: " + THREADS * 4) : Fix.run("echo max > " + where));
        }
    }

    private static void uring(Patient patient, Findings findings) {
        Fact off = patient.proc("sys/kernel/io_uring_disabled");
        if (!off.isKnown()) {
            findings.unknown(33, "io-uring", off.whyNot());
        } else {
            findings.pass(33, "io-uring", "io_uring is " + (off.is("0") ? "allowed" : "forbidden") + "; Pinion does not use it");
        }
    }

    private static void filter(Patient patient, Findings findings) {
        Fact status = patient.proc("self/status");
        int at = status.isKnown() ? status.text().indexOf("\nSeccomp:") : -1;
        if (at < 0) {
            findings.unknown(33, "seccomp", status.isKnown() ? "/proc/self/status has no line about seccomp" : status.whyNot());
        } else if (status.text().startsWith("0", at + 9 + blanks(status.text(), at + 9))) {
            findings.pass(33, "seccomp", "no filter looks at each system call");
        } else {
            findings.add(findings.of(33, "seccomp", Level.INFO, "a filter (seccomp) looks at each system call").costs(LiveProbes.epoll(patient)));
        }
    }

    private static int blanks(String text, int from) {
        int at = from;
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
        return at - from;
    }

    private static void rights(Patient patient, Findings findings) {
        Fact paranoid = patient.proc("sys/kernel/perf_event_paranoid");
        if (!paranoid.isKnown()) {
            findings.unknown(34, "perf", paranoid.whyNot());
        } else if (paranoid.text().startsWith("-") || paranoid.number() <= 1) {
            findings.pass(34, "perf", "profilers may count this user's events");
        } else {
            findings.add(findings.of(34, "perf", Level.INFO, "profilers of this user see no kernel events, as kernel.perf_event_paranoid is " + paranoid.text())
                    .fix(Fix.sysctl("kernel.perf_event_paranoid=1")));
        }
        Fact trace = patient.sys("kernel/tracing/available_tracers");
        if (trace.isKnown()) {
            findings.pass(34, "tracing", "the kernel's tracing can be read");
        } else {
            findings.unknown(34, "tracing", "whether rtla and its like can trace: " + trace.whyNot());
        }
    }
}
