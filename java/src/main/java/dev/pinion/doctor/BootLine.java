package dev.pinion.doctor;

import dev.pinion.cpu.BadCpuList;
import dev.pinion.cpu.CpuSet;

/** The kernel's parameters, {@code /proc/cmdline}. */
final class BootLine {
    private final String[] words;
    private final CpuSet present;

    /** @param text the line, null if it cannot be read: then {@link #isKnown} is false and nothing is set */
    BootLine(String text, CpuSet present) {
        this.words = text == null ? null : text.trim().split("\\s+");
        this.present = present;
    }

    boolean isKnown() {
        return words != null;
    }

    /** The value of the last {@code name=value}, null if there is none. */
    String value(String name) {
        String found = null;
        for (String word : words == null ? new String[0] : words) {
            if (word.startsWith(name + "=")) {
                found = word.substring(name.length() + 1);
            }
        }
        return found;
    }

    /**
     * The CPUs that a parameter names, behind flags such as those of {@code isolcpus=managed_irq,domain,2-7}; empty if it is not
     * set, null if it is set to something that is not understood.
     */
    CpuSet cpus(String name) {
        String value = value(name);
        if (value == null) {
            return CpuSet.EMPTY;
        }
        int start = 0;
        while (start < value.length() && Character.isLetter(value.charAt(start)) && !value.startsWith("N", start)
                && !value.startsWith("all", start)) {
            int comma = value.indexOf(',', start);
            if (comma < 0) {
                return CpuSet.EMPTY; // flags only
            }
            start = comma + 1;
        }
        String list = value.substring(start);
        if (list.equals("all")) {
            return present;
        }
        try {
            return CpuSet.parseKernel(list.replace("N", Integer.toString(present.last()))).intersect(present);
        } catch (BadCpuList e) {
            return null; // 0-31:2/4 and the like
        }
    }
}
