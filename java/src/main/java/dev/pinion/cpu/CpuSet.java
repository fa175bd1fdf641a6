package dev.pinion.cpu;

import java.util.Arrays;
import java.util.BitSet;

/**
 * A set of CPU numbers, of any size: 64-bit masks and fixed 1,024-bit sets are what breaks on large machines.
 *
 * <p>Immutable, so any thread may use it.
 */
public final class CpuSet {
    /** The largest CPU number that can be named; no kernel is built for more CPUs than this. */
    public static final int MAX_CPU = 65535;

    /** No CPU at all. */
    public static final CpuSet EMPTY = new CpuSet(new long[0]);

    /** Without zero words at the end, so that equal sets have equal arrays. */
    private final long[] words;

    private CpuSet(long[] words) {
        int used = words.length;
        while (used > 0 && words[used - 1] == 0) {
            used--;
        }
        this.words = used == words.length ? words : Arrays.copyOf(words, used);
    }

    /**
     * @param cpus CPU numbers, in any order, from 0 to {@link #MAX_CPU}
     * @return the set of them
     * @throws IllegalArgumentException if a number is out of range
     */
    public static CpuSet of(int... cpus) {
        int highest = -1;
        for (int cpu : cpus) {
            if (cpu < 0 || cpu > MAX_CPU) {
                throw new IllegalArgumentException("CPU " + cpu + " is not between 0 and " + MAX_CPU + ".");
            }
            highest = Math.max(highest, cpu);
        }
        long[] words = new long[(highest >> 6) + 1];
        for (int cpu : cpus) {
            words[cpu >> 6] |= 1L << cpu;
        }
        return new CpuSet(words);
    }

    /**
     * @param first the first CPU
     * @param last  the last CPU, itself in the set; below {@code first} the set is empty
     * @return the CPUs from first to last
     */
    public static CpuSet range(int first, int last) {
        if (last < first) {
            return EMPTY;
        }
        if (first < 0 || last > MAX_CPU) {
            throw new IllegalArgumentException("CPUs " + first + "-" + last + " are not between 0 and " + MAX_CPU + ".");
        }
        long[] words = new long[(last >> 6) + 1];
        for (int cpu = first; cpu <= last; cpu++) {
            words[cpu >> 6] |= 1L << cpu;
        }
        return new CpuSet(words);
    }

    /**
     * @param mask bit {@code n % 64} of word {@code n / 64} stands for CPU n, as the kernel's affinity calls have it; copied
     * @return the set
     */
    public static CpuSet ofMask(long[] mask) {
        return new CpuSet(mask.clone());
    }

    /**
     * @param bits bit n stands for CPU n; copied
     * @return the set
     */
    public static CpuSet ofBits(BitSet bits) {
        return new CpuSet(bits.toLongArray());
    }

    /**
     * Reads what a user typed: {@code 0-3,8}. Whether the CPUs exist and may be used is {@link CpuChoice}'s question.
     *
     * @param what what the value was given to, to begin the message with: {@code --cpus}
     * @param text the list
     * @return the CPUs named, at least one
     * @throws BadCpuList one sentence, if the text is no list or names no CPU
     */
    public static CpuSet parse(String what, String text) {
        return CpuListParser.parse(what, text);
    }

    /**
     * Reads a list out of a kernel file, where no CPU at all is an empty line.
     *
     * @param text the file's content, or null if there is no such file
     * @return the set, empty for null
     * @throws BadCpuList if the text is no list
     */
    public static CpuSet parseKernel(String text) {
        if (text == null || text.isBlank()) {
            return EMPTY;
        }
        return CpuListParser.parse("kernel list", text.trim());
    }

    /** @param cpu any number @return whether it is in the set */
    public boolean contains(int cpu) {
        return cpu >= 0 && cpu >> 6 < words.length && (words[cpu >> 6] & 1L << cpu) != 0;
    }

    /** @return how many CPUs are in the set */
    public int size() {
        int size = 0;
        for (long word : words) {
            size += Long.bitCount(word);
        }
        return size;
    }

    /** @return whether no CPU is in the set */
    public boolean isEmpty() {
        return words.length == 0;
    }

    /** @return the lowest CPU, -1 in an empty set */
    public int first() {
        return next(0);
    }

    /** @return the highest CPU, -1 in an empty set */
    public int last() {
        return words.length == 0 ? -1 : words.length * 64 - 1 - Long.numberOfLeadingZeros(words[words.length - 1]);
    }

    /**
     * For loops: {@code for (int c = set.first(); c >= 0; c = set.next(c + 1))}.
     *
     * @param from where to begin, itself included
     * @return the lowest CPU that is not below {@code from}, -1 if there is none
     */
    public int next(int from) {
        int index = from >> 6;
        if (index >= words.length) {
            return -1;
        }
        long word = words[index] & -1L << from;
        while (word == 0) {
            if (++index == words.length) {
                return -1;
            }
            word = words[index];
        }
        return (index << 6) + Long.numberOfTrailingZeros(word);
    }

    /** @param cpu a CPU @return this set and that CPU */
    public CpuSet with(int cpu) {
        return contains(cpu) ? this : union(of(cpu));
    }

    /** @param cpu a CPU @return this set without that CPU */
    public CpuSet without(int cpu) {
        return contains(cpu) ? minus(of(cpu)) : this;
    }

    /** @param other a set @return the CPUs in either */
    public CpuSet union(CpuSet other) {
        long[] result = Arrays.copyOf(words, Math.max(words.length, other.words.length));
        for (int i = 0; i < other.words.length; i++) {
            result[i] |= other.words[i];
        }
        return new CpuSet(result);
    }

    /** @param other a set @return the CPUs in both */
    public CpuSet intersect(CpuSet other) {
        long[] result = Arrays.copyOf(words, Math.min(words.length, other.words.length));
        for (int i = 0; i < result.length; i++) {
            result[i] &= other.words[i];
        }
        return new CpuSet(result);
    }

    /** @param other a set @return the CPUs of this set that are not in the other */
    public CpuSet minus(CpuSet other) {
        long[] result = words.clone();
        for (int i = 0; i < Math.min(result.length, other.words.length); i++) {
            result[i] &= ~other.words[i];
        }
        return new CpuSet(result);
    }

    /** @param other a set @return whether every CPU of the other is in this one */
    public boolean containsAll(CpuSet other) {
        return other.minus(this).isEmpty();
    }

    /** @return the CPUs in rising order */
    public int[] toArray() {
        int[] cpus = new int[size()];
        int n = 0;
        for (int cpu = first(); cpu >= 0; cpu = next(cpu + 1)) {
            cpus[n++] = cpu;
        }
        return cpus;
    }

    /** @return a new mask as {@link #ofMask} reads it, with no zero word at its end */
    public long[] toMask() {
        return words.clone();
    }

    /** @return a new bit set with bit n for CPU n */
    public BitSet toBits() {
        return BitSet.valueOf(words);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CpuSet set && Arrays.equals(words, set.words);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(words);
    }

    /** @return the list as the kernel and taskset write it: {@code 0-3,8}; empty for the empty set */
    @Override
    public String toString() {
        StringBuilder list = new StringBuilder();
        for (int cpu = first(); cpu >= 0; cpu = next(cpu + 1)) {
            int end = cpu;
            while (contains(end + 1)) {
                end++;
            }
            if (!list.isEmpty()) {
                list.append(',');
            }
            list.append(cpu);
            if (end > cpu) {
                list.append('-').append(end);
            }
            cpu = end;
        }
        return list.toString();
    }
}
