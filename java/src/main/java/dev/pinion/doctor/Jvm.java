package dev.pinion.doctor;

import dev.pinion.cpu.CpuSet;
import java.util.ArrayList;
import java.util.List;

/** The JVM that a program started here gets, with what JAVA_TOOL_OPTIONS and JDK_JAVA_OPTIONS add. */
final class Jvm implements Check {
    /** Of virtual threads, on the JDK's own scheduler: Pinion does not use what they set. */
    private static final String[] PROPERTIES = {
        "jdk.virtualThreadScheduler.parallelism", "jdk.virtualThreadScheduler.maxPoolSize", "jdk.virtualThreadScheduler.minRunnable", "jdk.pollerMode"
    };

    @Override
    public void examine(Patient patient, Findings findings) {
        threads(patient, findings);
        processors(patient, findings);
        collector(patient, findings);
        flags(patient, findings);
        properties(patient, findings);
        library(patient, findings);
        agents(patient, findings);
        version(patient, findings);
    }

    private static void threads(Patient patient, Findings findings) {
        CpuSet where = JvmThreads.ofCollectorAndCompilers(patient.files());
        CpuSet on = where.intersect(patient.cpus());
        CpuSet off = patient.usable().intersect(patient.topology().online()).minus(patient.cpus());
        if (where.isEmpty()) {
            findings.unknown(28, "jvm-threads", "/proc/self/task shows no thread of GC or JIT");
        } else if (on.isEmpty() || patient.topology().isolated().containsAll(on) && !where.minus(on).isEmpty()) {
            findings.pass(28, "jvm-threads", "the threads of GC and JIT run on " + Patient.name(where.minus(patient.topology().isolated().intersect(on))));
        } else if (patient.cpus().containsAll(where) && !off.isEmpty()) {
            findings.add(findings.of(28, "jvm-threads", Level.FAIL, "the threads of GC and JIT may run on the Ps' " + Patient.name(where) + " only, as this process was started there")
                    .fix(apart(patient, off)));
        } else {
            findings.add(findings.of(28, "jvm-threads", Level.INFO, "the threads of GC and JIT may also run on the Ps' " + Patient.name(on))
                    .fixIf(!off.isEmpty(), apart(patient, off)));
        }
    }

    /** Ps leave the mask that java inherits; without the count, it would choose its GC for the few CPUs of the mask. */
    private static Fix apart(Patient patient, CpuSet off) {
        return Fix.start("taskset -c " + off + " ./pinion run --cpus " + patient.cpus() + " -- -XX:ActiveProcessorCount=" + patient.cpus().size());
    }

    private static void processors(Patient patient, Findings findings) {
        JvmFacts jvm = patient.jvm();
        long forced = jvm.number("ActiveProcessorCount");
        if (forced > 0 && forced < patient.cpus().size()) {
            findings.add(findings.of(29, "processors", Level.WARN, "-XX:ActiveProcessorCount=" + forced + " makes the JVM and its pools smaller than the "
                    + patient.cpus().size() + " Ps").fix(Fix.start("-XX:ActiveProcessorCount=" + patient.cpus().size())));
        } else {
            findings.pass(29, "processors", "the JVM counts " + jvm.processors() + (jvm.processors() == 1 ? " processor" : " processors"));
        }
    }

    private static void collector(Patient patient, Findings findings) {
        JvmFacts jvm = patient.jvm();
        if (jvm.is("UseSerialGC") && patient.cpus().size() > 1) {
            findings.add(findings.of(29, "gc", Level.WARN, "the JVM chose the serial collector, as it sees a small machine: all Ps stand still while one thread collects")
                    .fix(Fix.start("-XX:+UseG1GC")));
        } else {
            String name = jvm.is("UseG1GC") ? "G1" : jvm.is("UseZGC") ? "ZGC" : jvm.is("UseParallelGC") ? "the parallel collector"
                    : jvm.is("UseShenandoahGC") ? "Shenandoah" : jvm.is("UseSerialGC") ? "the serial collector" : null;
            if (name == null) {
                findings.unknown(29, "gc", "this JVM does not tell its collector");
            } else {
                findings.pass(29, "gc", "the collector is " + name + " with " + Math.max(1, jvm.number("ParallelGCThreads")) + " threads, the JIT has "
                        + Math.max(1, jvm.number("CICompilerCount")));
            }
        }
    }

    private static void flags(Patient patient, Findings findings) {
        JvmFacts jvm = patient.jvm();
        if (!jvm.flags().containsKey("UsePerfData")) {
            findings.unknown(29, "perf-data", "this JVM has no flag UsePerfData");
        } else if (jvm.is("UsePerfData") && !jvm.is("PerfDisableSharedMem")) {
            findings.add(findings.of(29, "perf-data", Level.INFO, "the JVM writes its statistics into a mapped file: on a slow disk a safepoint waits for it")
                    .fix(Fix.start("-XX:+PerfDisableSharedMem")));
        } else {
            findings.pass(29, "perf-data", "the JVM's statistics are in no file");
        }
        if (!jvm.flags().containsKey("UseCountedLoopSafepoints")) {
            findings.unknown(29, "loops", "this JVM has no flag UseCountedLoopSafepoints");
        } else if (!jvm.is("UseCountedLoopSafepoints")) {
            findings.add(findings.of(29, "loops", Level.WARN, "loops have no safepoint in them: one long one makes all Ps wait")
                    .fix(Fix.start("-XX:+UseCountedLoopSafepoints")));
        } else {
            findings.pass(29, "loops", "long loops have safepoints in them");
        }
    }

    private static void properties(Patient patient, Findings findings) {
        List<String> set = new ArrayList<>();
        for (String name : PROPERTIES) {
            if (patient.jvm().properties().getProperty(name) != null) {
                set.add(name + "=" + patient.jvm().properties().getProperty(name));
            }
        }
        if (!set.isEmpty()) {
            findings.info(29, "properties", "set for the JDK's own scheduler, and of no effect on Pinion: " + String.join(", ", set));
        } else {
            findings.pass(29, "properties", "no property of the JDK's own scheduler is set");
        }
        if ("false".equals(patient.jvm().properties().getProperty("jdk.trackAllThreads"))) {
            findings.info(29, "thread-dumps", "jdk.trackAllThreads=false hides virtual threads from thread dumps");
        } else {
            findings.pass(29, "thread-dumps", "thread dumps show virtual threads");
        }
    }

    /** Pinion opens what it needs itself, so there is no flag to ask for. */
    private static void library(Patient patient, Findings findings) {
        String problem = patient.measured().whyNot.get(Measured.LIBRARY);
        findings.add(findings.of(30, "native-access", problem == null ? Level.PASS : Level.FAIL,
                problem == null ? "Pinion's C library works with this JDK" : "Pinion's C library cannot be used: " + problem));
    }

    private static void agents(Patient patient, Findings findings) {
        List<String> agents = new ArrayList<>();
        for (String argument : patient.jvm().arguments()) {
            if (argument.startsWith("-javaagent:") || argument.startsWith("-agentlib:") || argument.startsWith("-agentpath:")) {
                agents.add(argument);
            }
        }
        if (agents.isEmpty()) {
            findings.pass(31, "agents", "no agent is loaded into every JVM");
        } else {
            findings.add(findings.of(31, "agents", Level.WARN, "an agent makes the JVM report each switch of a virtual thread, which costs as much as half a switch: "
                    + String.join(" ", agents)).fix(Fix.shell("unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS")));
        }
    }

    private static void version(Patient patient, Findings findings) {
        Runtime.Version running = patient.jvm().version();
        boolean bug = running.compareToIgnoreOptional(Runtime.Version.parse("25.0.4")) < 0;
        findings.add(findings.of(29, "jdk", bug ? Level.INFO : Level.PASS, "JDK " + running.feature() + "." + running.interim() + "." + running.update()
                + (bug ? " has bug JDK-8373120: a virtual thread can stay BLOCKED on a monitor for ever, on any scheduler; 25.0.4 mends it"
                : " has no known bug that looks like a hang of Pinion")));
    }
}
