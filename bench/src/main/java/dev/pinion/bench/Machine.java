package dev.pinion.bench;

import dev.pinion.cpu.HostFiles;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Where figures come from, in words. What cannot be read is {@value #UNKNOWN}.
 *
 * @param facts by name, in the order shown
 */
record Machine(Map<String, String> facts) {

    static final String UNKNOWN = "unknown";

    /** Facts without which two files cannot be compared without a warning. */
    private static final List<String> DECIDING = List.of("CPU", "CPUs", "kernel", "virtual", "JDK", "governor");

    /**
     * Reads the facts.
     *
     * @param host  the files
     * @param tools versions of the peers' toolchains, by side
     */
    static Machine read(HostFiles host, Map<String, String> tools) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        String cpuinfo = text(host, host.proc("cpuinfo"));
        List<Integer> usable = CpuSet.allowed(host);
        facts.put("CPU", field(cpuinfo, "model name"));
        facts.put("CPUs", usable.size() + " usable (" + CpuSet.format(usable) + ") of " + online(host));
        facts.put("kernel", orUnknown(text(host, host.proc("sys/kernel/osrelease"))));
        facts.put("virtual", virtual(cpuinfo, host));
        facts.put("governor", governors(host, usable));
        facts.put("memory", memory(text(host, host.proc("meminfo"))));
        facts.put("JDK", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        facts.putAll(tools);
        return new Machine(facts);
    }

    /** The names of deciding facts in which the two differ, with both values. */
    List<String> differences(Machine other) {
        return DECIDING.stream().filter(name -> !fact(name).equals(other.fact(name)))
                .map(name -> name + ": " + fact(name) + ", then " + other.fact(name)).toList();
    }

    private String fact(String name) {
        return facts.getOrDefault(name, UNKNOWN);
    }

    private static String online(HostFiles host) {
        String list = text(host, host.sys("devices/system/cpu/online"));
        return list.isEmpty() ? UNKNOWN : Integer.toString(CpuSet.parse(list).size());
    }

    /** The flag is what the CPU itself says to a guest; who the host is stands in the firmware's tables, if there are any. */
    private static String virtual(String cpuinfo, HostFiles host) {
        String flags = field(cpuinfo, "flags");
        if (flags.equals(UNKNOWN)) {
            return UNKNOWN;
        }
        if (!List.of(flags.split(" ")).contains("hypervisor")) {
            return "no";
        }
        String vendor = text(host, host.sys("class/dmi/id/sys_vendor"));
        return "yes" + (vendor.isEmpty() ? "" : ", " + vendor);
    }

    private static String governors(HostFiles host, List<Integer> cpus) {
        TreeSet<String> governors = new TreeSet<>();
        for (int cpu : cpus) {
            governors.add(orUnknown(text(host, host.sys("devices/system/cpu/cpu" + cpu + "/cpufreq/scaling_governor"))));
        }
        return String.join(", ", governors);
    }

    private static String memory(String meminfo) {
        String total = field(meminfo, "MemTotal");
        return total.endsWith(" kB") ? Math.round(Long.parseLong(total.substring(0, total.length() - 3)) / 1048576.0) + " GiB" : UNKNOWN;
    }

    private static String field(String text, String name) {
        return text.lines().filter(line -> line.startsWith(name) && line.contains(":")).findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse(UNKNOWN);
    }

    private static String orUnknown(String text) {
        return text.isEmpty() ? UNKNOWN : text;
    }

    /** A file's text, or nothing where it cannot be read: many a container hides such files. */
    private static String text(HostFiles host, String file) {
        String text = host.read(file);
        return text == null ? "" : text;
    }
}
