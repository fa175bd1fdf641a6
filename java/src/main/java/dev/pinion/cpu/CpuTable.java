package dev.pinion.cpu;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A table of counters by CPU, as {@code /proc/interrupts} and {@code /proc/softirqs} are: a first line that names the CPUs, which
 * are the online ones, then lines of a name, a count for each of them, and perhaps words.
 */
public final class CpuTable {
    private final Map<String, Map<Integer, Long>> counts = new LinkedHashMap<>();
    private final Map<String, String> words = new HashMap<>();

    /** @param text null is an empty table */
    public CpuTable(String text) {
        int[] cpus = null;
        for (String line : text == null ? new String[0] : text.split("\n")) {
            if (cpus == null) {
                cpus = header(line);
            } else {
                row(line, cpus);
            }
        }
    }

    private static int[] header(String line) {
        String[] names = line.trim().split("\\s+");
        int[] cpus = new int[names.length];
        for (int i = 0; i < names.length; i++) {
            cpus[i] = names[i].startsWith("CPU") ? (int) number(names[i].substring(3), CpuSet.MAX_CPU) : -1;
        }
        return cpus;
    }

    private void row(String line, int... cpus) {
        int colon = line.indexOf(':');
        if (colon < 0) {
            return;
        }
        String name = line.substring(0, colon).trim();
        String[] fields = line.substring(colon + 1).trim().split("\\s+");
        Map<Integer, Long> row = new HashMap<>();
        StringBuilder rest = new StringBuilder();
        for (int i = 0; i < fields.length; i++) {
            long count = i < cpus.length && rest.isEmpty() ? number(fields[i], Long.MAX_VALUE) : -1;
            if (count >= 0) {
                row.put(cpus[i], count);
            } else {
                rest.append(rest.isEmpty() ? "" : " ").append(fields[i]);
            }
        }
        counts.put(name, row);
        words.put(name, rest.toString());
    }

    private static long number(String word, long most) {
        return Numbers.parse(word, 0, word.length(), most);
    }

    /** @return whether there is no line */
    public boolean isEmpty() {
        return counts.isEmpty();
    }

    /** How often each name was counted on these CPUs since the earlier table; names without a change are absent. */
    public Map<String, Long> since(CpuTable earlier, CpuSet cpus) {
        Map<String, Long> changes = new LinkedHashMap<>();
        counts.forEach((name, row) -> {
            long change = 0;
            for (int cpu : cpus.toArray()) {
                change += row.getOrDefault(cpu, 0L) - earlier.counts.getOrDefault(name, Map.of()).getOrDefault(cpu, 0L);
            }
            if (change > 0) {
                changes.put(name, change);
            }
        });
        return changes;
    }

    /** Interrupt 27 by the last of its words, which is who asked for it: {@code 27 (nvme0q1)}. */
    public String describe(String name) {
        String text = words.getOrDefault(name, "");
        return text.isEmpty() ? name : name + " (" + text.substring(text.lastIndexOf(' ') + 1) + ")";
    }
}
