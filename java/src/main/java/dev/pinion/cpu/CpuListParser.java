package dev.pinion.cpu;

import java.util.Arrays;

/** Reads {@code 0-3,8} and says in one sentence what is wrong with anything else. */
final class CpuListParser {
    private static final String EXAMPLE = "give CPUs as in 0-3,8";

    private final String what;
    private final String text;
    private int at;

    private CpuListParser(String what, String text) {
        this.what = what;
        this.text = text;
    }

    static CpuSet parse(String what, String text) {
        if (text.isBlank()) {
            throw new BadCpuList(what + ": the list of CPUs is empty, " + EXAMPLE + ".");
        }
        return new CpuListParser(what, text).list();
    }

    private CpuSet list() {
        long[] words = new long[4];
        while (true) {
            int first = number("before");
            int last = first;
            if (at < text.length() && text.charAt(at) == '-') {
                at++;
                last = number("after");
            }
            if (last < first) {
                throw bad("the range " + first + "-" + last + " runs backwards, write " + last + "-" + first);
            }
            if (words.length <= last >> 6) {
                words = Arrays.copyOf(words, (last >> 6) + 1);
            }
            for (int cpu = first; cpu <= last; cpu++) {
                words[cpu >> 6] |= 1L << cpu;
            }
            if (at == text.length()) {
                return CpuSet.ofMask(words);
            }
            if (text.charAt(at) != ',') {
                throw bad("'" + text.charAt(at) + "' does not belong in a list of CPUs, " + EXAMPLE);
            }
            at++;
        }
    }

    /** @param side where a number is missing, seen from the sign that is there instead: before a sign, or after the last one */
    private int number(String side) {
        int start = at;
        long value = 0;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            value = Math.min(value * 10 + text.charAt(at) - '0', Integer.MAX_VALUE);
            at++;
        }
        if (at == start) {
            throw missing(side);
        }
        if (value > CpuSet.MAX_CPU) {
            throw bad("CPU " + text.substring(start, at) + " is not on this machine, no kernel has CPUs beyond " + CpuSet.MAX_CPU);
        }
        return (int) value;
    }

    private BadCpuList missing(String side) {
        if (side.equals("after") || at == text.length()) {
            return bad("a number is missing after '" + text.charAt(at - 1) + "', " + EXAMPLE);
        }
        char sign = text.charAt(at);
        if (sign == ',' || sign == '-') {
            return bad("a number is missing before '" + sign + "', " + EXAMPLE);
        }
        return bad("'" + sign + "' does not belong in a list of CPUs, " + EXAMPLE);
    }

    private BadCpuList bad(String why) {
        return new BadCpuList(what + " " + text + ": " + why + ".");
    }
}
