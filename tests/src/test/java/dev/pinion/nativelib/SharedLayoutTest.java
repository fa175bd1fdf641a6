package dev.pinion.nativelib;

import static dev.pinion.nativelib.HostCheckTest.assertSentence;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jdk.internal.misc.Unsafe;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SharedLayoutTest {
    private static long[] library;
    private static int count;

    @BeforeAll
    static void ask() {
        Boot.withLibrary();
        library = new long[128];
        count = jdk.internal.vm.PinionNative.layout(library);
    }

    @Test
    void theLibraryOfThisBuildAgrees() {
        assertTrue(count > 0 && count <= library.length);
        SharedLayout.check(library, count);
    }

    @Test
    void everySingleDifferenceIsFound() {
        for (int i = 0; i < count; i++) {
            long[] other = library.clone();
            other[i]++;
            UnsupportedHost e = assertThrows(UnsupportedHost.class, () -> SharedLayout.check(other, count));
            assertSentence("is " + other[i], e);
        }
        assertSentence("layout constants",
                assertThrows(UnsupportedHost.class, () -> SharedLayout.check(library, count + 1)));
    }

    @Test
    void freshMemoryIsAnIdleP() {
        long p = NativeCallException.check("mapShared", Natives.mapShared(SharedLayout.P_SIZE));
        assertEquals(0, p % SharedLayout.P_SIZE);
        assertEquals(SharedLayout.STATE_IDLE, Unsafe.getUnsafe().getLong(p + SharedLayout.P_WORD));
        assertEquals(0, Natives.unmapShared(p, SharedLayout.P_SIZE));
    }
}
