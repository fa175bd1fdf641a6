package dev.pinion.doctor;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * The JVM that a program started here gets: this one, which was started with nothing but what the environment adds
 * ({@code JAVA_TOOL_OPTIONS}, {@code JDK_JAVA_OPTIONS}).
 *
 * @param version    of the JDK
 * @param processors {@code availableProcessors()}
 * @param flags      HotSpot's flags that matter here; those that this JVM does not have are absent
 * @param properties the system properties
 * @param arguments  the JVM's arguments
 */
public record JvmFacts(Runtime.Version version, int processors, Map<String, String> flags, Properties properties, List<String> arguments) {
    private static final String[] ASKED = {
        "ActiveProcessorCount", "UseSerialGC", "UseParallelGC", "UseG1GC", "UseZGC", "UseShenandoahGC", "ParallelGCThreads",
        "CICompilerCount", "PerfDisableSharedMem", "UsePerfData", "UseCountedLoopSafepoints", "AlwaysPreTouch"
    };

    /** @return this JVM's */
    public static JvmFacts ofThisJvm() {
        HotSpotDiagnosticMXBean bean = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        Map<String, String> flags = new HashMap<>();
        for (String name : ASKED) {
            try {
                flags.put(name, bean.getVMOption(name).getValue());
            } catch (IllegalArgumentException e) {
                continue; // not in this build of the JVM
            }
        }
        return new JvmFacts(Runtime.version(), Runtime.getRuntime().availableProcessors(), flags, System.getProperties(),
                ManagementFactory.getRuntimeMXBean().getInputArguments());
    }

    boolean is(String flag) {
        return "true".equals(flags.get(flag));
    }

    /** @return the flag's number, -1 if it has none */
    long number(String flag) {
        return Fact.number(flags.get(flag));
    }
}
