package dev.pinion.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The states seen, each as 64 bits of hash, numbered in the order of arrival (as TLC does). Two states with one fingerprint would be
 * taken for one: at five million states, one chance in a million that it happened at all.
 */
final class Fingerprints {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private long[] keys = new long[1 << 20];
    private int[] numbers = new int[1 << 20];
    private int size;

    /** @return the number of a state seen before, or -1 after noting it as number {@link #size} */
    int add(byte[] state) {
        if (size * 2 >= keys.length) {
            grow();
        }
        long key = hash(state);
        int at = place(key);
        if (keys[at] == key) {
            return numbers[at];
        }
        keys[at] = key;
        numbers[at] = size++;
        return -1;
    }

    int size() {
        return size;
    }

    private int place(long key) {
        int at = (int) (key >>> 20) & keys.length - 1;
        while (keys[at] != 0 && keys[at] != key) {
            at = at + 1 & keys.length - 1;
        }
        return at;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldNumbers = numbers;
        keys = new long[oldKeys.length * 2];
        numbers = Arrays.copyOf(oldNumbers, keys.length);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int at = place(oldKeys[i]);
                keys[at] = oldKeys[i];
                numbers[at] = oldNumbers[i];
            }
        }
    }

    /** Never 0. The finalizer of MurmurHash3 after each word. */
    private static long hash(byte[] state) {
        long h = 0x9E3779B97F4A7C15L;
        for (int i = 0; i < state.length; i += 8) {
            h = (h ^ (long) LONGS.get(state, i)) * 0xFF51AFD7ED558CCDL;
            h ^= h >>> 32;
            h = h * 0xC4CEB9FE1A85EC53L + i;
            h ^= h >>> 29;
        }
        return h == 0 ? 1 : h;
    }
}
