package dev.pinion.doctor;

/** What makes a thread wait for memory. */
final class Memory implements Check {
    /** Above it the kernel swaps out idle heap although there is room. */
    private static final long SWAPPINESS = 10;

    @Override
    public void examine(Patient patient, Findings findings) {
        hugePages(patient, findings, "enabled", "khugepaged moves memory about while threads wait for it");
        hugePages(patient, findings, "defrag", "a page fault may first compact memory, which takes milliseconds");
        swap(patient, findings);
        if (patient.jvm().is("AlwaysPreTouch")) {
            findings.pass(19, "pretouch", "the heap is touched before the program starts");
        } else {
            findings.add(findings.of(19, "pretouch", Level.INFO, "each page of the heap costs a page fault when it is first used")
                    .fix(Fix.start("-XX:+AlwaysPreTouch")));
        }
        locked(patient, findings);
        balancing(patient, findings);
        sysctl(patient, findings, "stat-interval", "vm.stat_interval", 10, false, "vm.stat_interval=120",
                " s: after each the kernel wakes up on every CPU to add up memory statistics");
        sysctl(patient, findings, "compaction", "vm.compaction_proactiveness", 0, true, "vm.compaction_proactiveness=0",
                " of 100: so eagerly the kernel moves pages before anybody wants room");
    }

    private static void hugePages(Patient patient, Findings findings, String file, String consequence) {
        Fact fact = patient.sys("kernel/mm/transparent_hugepage/" + file);
        String name = "huge-pages-" + file;
        if (!fact.isKnown()) {
            findings.unknown(18, name, fact.whyNot());
        } else if (fact.chosen().equals("always")) {
            findings.add(findings.of(18, name, Level.WARN, file + " is always: " + consequence)
                    .fix(Fix.run("echo madvise > /sys/kernel/mm/transparent_hugepage/" + file))
                    .fixIf(file.equals("enabled"), Fix.boot("transparent_hugepage=madvise")));
        } else {
            findings.pass(18, name, file + " is " + fact.chosen());
        }
    }

    private static void swap(Patient patient, Findings findings) {
        Fact swaps = patient.proc("swaps");
        Fact swappiness = patient.proc("sys/vm/swappiness");
        if (!swaps.isKnown() || !swappiness.isKnown()) {
            findings.unknown(19, "swap", swaps.isKnown() ? swappiness.whyNot() : swaps.whyNot());
        } else if (swaps.text().lines().count() <= 1) {
            findings.pass(19, "swap", "there is no swap");
        } else if (swappiness.number() > SWAPPINESS) {
            findings.add(findings.of(19, "swap", Level.WARN, "there is swap and vm.swappiness is " + swappiness.text() + ": idle heap may have to be read from disk")
                    .fix(Fix.sysctl("vm.swappiness=1")));
        } else {
            findings.pass(19, "swap", "there is swap, and vm.swappiness of " + swappiness.text() + " keeps the heap out of it");
        }
    }

    /** Nothing in the JVM locks memory, so this is of programs that do it themselves, or are made to. */
    private static void locked(Patient patient, Findings findings) {
        Fact status = patient.proc("self/status");
        String line = !status.isKnown() ? null : status.text().lines().filter(any -> any.startsWith("VmLck:")).findFirst().orElse(null);
        long kilobytes = line == null ? -1 : Fact.number(line.replaceAll("[^0-9]", ""));
        if (kilobytes < 0) {
            findings.unknown(19, "locked", status.isKnown() ? "/proc/self/status does not tell how much memory is locked" : status.whyNot());
        } else if (kilobytes == 0) {
            findings.info(19, "locked", "no memory of a JVM started here is locked: when memory is short, the kernel drops pages of code, too, and reads them from disk again");
        } else {
            findings.pass(19, "locked", kilobytes + " KiB of a JVM started here are locked into memory");
        }
    }

    private static void balancing(Patient patient, Findings findings) {
        Fact fact = patient.proc("sys/kernel/numa_balancing");
        String nodes = patient.files().read(patient.files().sys("devices/system/node/online"));
        if (nodes != null && Fact.number(nodes) >= 0 || fact.is("0")) {
            findings.pass(20, "numa-balancing", fact.is("0") ? "the kernel moves no memory between nodes on its own" : "there is one NUMA node");
        } else if (!fact.isKnown()) {
            findings.unknown(20, "numa-balancing", fact.whyNot());
        } else {
            findings.add(findings.of(20, "numa-balancing", Level.WARN, "the kernel unmaps memory again and again to see which node uses it: page faults on every P")
                    .fix(Fix.sysctl("kernel.numa_balancing=0")).fix(Fix.boot("numa_balancing=disable")));
        }
    }

    /** @param most whether the limit is the largest good value, else it is the smallest */
    private static void sysctl(Patient patient, Findings findings, String name, String key, long limit, boolean most, String assignment, String what) {
        Fact fact = patient.proc("sys/" + key.replace('.', '/'));
        if (!fact.isKnown() || fact.number() < 0) {
            findings.unknown(20, name, fact.isKnown() ? key + " is " + fact.text() + ", which is not understood" : fact.whyNot());
            return;
        }
        boolean good = most ? fact.number() <= limit : fact.number() >= limit;
        findings.add(findings.of(20, name, good ? Level.PASS : Level.WARN, key + " is " + fact.text() + what).fix(Fix.sysctl(assignment)));
    }
}
