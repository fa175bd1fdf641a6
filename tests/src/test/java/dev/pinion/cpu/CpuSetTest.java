package dev.pinion.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuSetTest {
    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"0;0", "0-3,8;0-3,8", "8,0-3;0-3,8", "1,2,3;1-3", "0,2,4;0,2,4", "287;287", "5-5;5", "63-64;63-64",
        "0-65535;0-65535", "007;7", "1,1,1-2;1-2"})
    void readsListsAndWritesThemAsTheKernelDoes(String text, String expected) {
        assertEquals(expected, CpuSet.parse("--cpus", text).toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "'';--cpus: the list of CPUs is empty, give CPUs as in 0-3,8.",
        "' ';--cpus: the list of CPUs is empty, give CPUs as in 0-3,8.",
        "1-;--cpus 1-: a number is missing after '-', give CPUs as in 0-3,8.",
        "-1;--cpus -1: a number is missing before '-', give CPUs as in 0-3,8.",
        ",;--cpus ,: a number is missing before ',', give CPUs as in 0-3,8.",
        "1,;--cpus 1,: a number is missing after ',', give CPUs as in 0-3,8.",
        "1,,2;--cpus 1,,2: a number is missing before ',', give CPUs as in 0-3,8.",
        "1-,2;--cpus 1-,2: a number is missing after '-', give CPUs as in 0-3,8.",
        "3-1;--cpus 3-1: the range 3-1 runs backwards, write 1-3.",
        "x;--cpus x: 'x' does not belong in a list of CPUs, give CPUs as in 0-3,8.",
        "1x;--cpus 1x: 'x' does not belong in a list of CPUs, give CPUs as in 0-3,8.",
        "1-2-3;--cpus 1-2-3: '-' does not belong in a list of CPUs, give CPUs as in 0-3,8.",
        "0-99999999999999999999;--cpus 0-99999999999999999999: CPU 99999999999999999999 is not on this machine, no kernel has CPUs beyond 65535."})
    void saysInOneSentenceWhatIsWrongWithAList(String text, String sentence) {
        assertEquals(sentence, assertThrows(BadCpuList.class, () -> CpuSet.parse("--cpus", text)).getMessage());
    }

    @Test
    void anEmptyKernelFileIsTheEmptySet() {
        assertTrue(CpuSet.parseKernel("").isEmpty());
        assertTrue(CpuSet.parseKernel("\n").isEmpty());
        assertTrue(CpuSet.parseKernel(null).isEmpty());
        assertEquals(CpuSet.of(0, 1), CpuSet.parseKernel("0-1\n"));
    }

    @Test
    void agreesWithBitSetOnRandomSets() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            BitSet a = random(random);
            BitSet b = random(random);
            CpuSet x = CpuSet.ofBits(a);
            CpuSet y = CpuSet.ofMask(b.toLongArray());
            assertEquals(a, x.toBits());
            assertArrayEquals(b.toLongArray(), y.toMask());
            assertArrayEquals(a.stream().toArray(), x.toArray());
            assertEquals(x, CpuSet.of(x.toArray()));
            assertEquals(a.cardinality(), x.size());
            assertEquals(a.length() - 1, x.last());
            assertEquals(a.nextSetBit(100), x.next(100));
            BitSet both = (BitSet) a.clone();
            both.and(b);
            assertEquals(CpuSet.ofBits(both), x.intersect(y));
            BitSet either = (BitSet) a.clone();
            either.or(b);
            assertEquals(CpuSet.ofBits(either), x.union(y));
            BitSet rest = (BitSet) a.clone();
            rest.andNot(b);
            assertEquals(CpuSet.ofBits(rest), x.minus(y));
            assertEquals(rest.isEmpty(), y.containsAll(x));
            if (!x.isEmpty()) {
                assertEquals(x, CpuSet.parse("list", x.toString()));
            }
        }
    }

    @Test
    void sizeOfTheMaskDoesNotMatterToEquality() {
        assertEquals(CpuSet.of(1), CpuSet.ofMask(new long[] {2, 0, 0}));
        assertEquals(CpuSet.of(1).hashCode(), CpuSet.ofMask(new long[] {2, 0, 0}).hashCode());
        assertEquals(CpuSet.EMPTY, CpuSet.of(300).without(300));
        assertNotEquals(CpuSet.of(1), CpuSet.of(65));
        assertFalse(CpuSet.of(1).contains(65));
        assertFalse(CpuSet.of(1).contains(-1));
        assertEquals(-1, CpuSet.EMPTY.first());
        assertEquals(-1, CpuSet.EMPTY.last());
        assertThrows(IllegalArgumentException.class, () -> CpuSet.of(-1));
        assertThrows(IllegalArgumentException.class, () -> CpuSet.of(CpuSet.MAX_CPU + 1));
    }

    private static BitSet random(Random random) {
        BitSet bits = new BitSet();
        int most = 1 + random.nextInt(300);
        for (int i = random.nextInt(60); i > 0; i--) {
            bits.set(random.nextInt(most));
        }
        return bits;
    }
}
