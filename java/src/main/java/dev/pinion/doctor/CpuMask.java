package dev.pinion.doctor;

import dev.pinion.cpu.CpuSet;
import java.util.Arrays;

/** The kernel's other way to write sets of CPUs: hexadecimal, in groups of 32 bits, {@code 00000001,fffffffe}. */
final class CpuMask {
    private CpuMask() {}

    /** @return the set, null if the text is no mask */
    static CpuSet parse(String text) {
        String digits = text == null ? "" : text.replace(",", "");
        if (digits.isEmpty()) {
            return null;
        }
        long[] words = new long[(digits.length() + 15) / 16];
        for (int i = 0; i < digits.length(); i++) {
            int digit = Character.digit(digits.charAt(digits.length() - 1 - i), 16);
            if (digit < 0) {
                return null;
            }
            words[i / 16] |= (long) digit << i % 16 * 4;
        }
        return CpuSet.ofMask(words);
    }

    /** As {@code /proc} and {@code /sys} take it. */
    static String write(CpuSet cpus) {
        long[] words = cpus.toMask();
        int groups = Math.max(1, words.length * 2);
        int[] bits = new int[groups];
        for (int i = 0; i < words.length; i++) {
            bits[2 * i] = (int) words[i];
            bits[2 * i + 1] = (int) (words[i] >>> 32);
        }
        while (groups > 1 && bits[groups - 1] == 0) {
            groups--;
        }
        StringBuilder out = new StringBuilder(Integer.toHexString(bits[groups - 1]));
        for (int bit : reversed(Arrays.copyOf(bits, groups - 1))) {
            String hex = Integer.toHexString(bit);
            out.append(',').append("0".repeat(8 - hex.length())).append(hex);
        }
        return out.toString();
    }

    private static int[] reversed(int[] bits) {
        int[] turned = new int[bits.length];
        for (int i = 0; i < bits.length; i++) {
            turned[i] = bits[bits.length - 1 - i];
        }
        return turned;
    }
}
