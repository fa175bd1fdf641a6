package dev.pinion.nativelib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.cpu.ThreadAffinity;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** This test's class path has picocli, JNA and slf4j of its own, as a program's may. */
class IsolatedLibrariesTest {
    private static final String LOGGER = "org.slf4j.Logger";

    @Test
    void aLibraryOnTheProgramsClassPathIsNotTheOneUsed() {
        Class<?> ours = IsolatedLibraries.load(LOGGER);

        assertNotSame(Logger.class, ours);
        assertEquals(
                Boot.class.getProtectionDomain().getCodeSource().getLocation(),
                ours.getProtectionDomain().getCodeSource().getLocation());
        assertSame(ours, IsolatedLibraries.load(LOGGER), "the same class a second time");
    }

    @Test
    void anAdapterImplementsTheInterfaceThatTheSchedulerKnows() {
        Boot.withLibrary(); // or JNA would be loaded without its module, for the other test too
        ThreadAffinity affinity = IsolatedLibraries.create(ThreadAffinity.class, "dev.pinion.adapter.OpenHftAffinity");

        assertInstanceOf(IsolatedLibraries.class, affinity.getClass().getClassLoader());
        assertSame(ThreadAffinity.class, affinity.getClass().getInterfaces()[0]);
    }

    @Test
    void aClassOfTheProgramIsOutOfSight() {
        IllegalStateException e = assertThrows(
                IllegalStateException.class, () -> IsolatedLibraries.load("org.junit.jupiter.api.Test"));

        assertTrue(e.getMessage().startsWith("class org.junit.jupiter.api.Test is neither in the JDK nor among"), e.getMessage());
    }

    @Test
    void serviceFilesOfTheProgramAreOutOfSight() throws Exception {
        String services = "META-INF/services/org.slf4j.spi.SLF4JServiceProvider";
        ClassLoader loader = IsolatedLibraries.load("org.slf4j.Logger").getClassLoader();

        List<URL> found = Collections.list(loader.getResources(services));

        assertEquals(1, found.size(), found.toString());
        assertTrue(found.getFirst().toString().contains("META-INF/pinion/lib/" + services), found.toString());
        assertFalse(Collections.list(Logger.class.getClassLoader().getResources(services)).contains(found.getFirst()));
    }

    @Test
    void jnaWorksAsAModuleWithNativeAccess() throws Exception {
        Boot.withLibrary();

        Class<?> jna = IsolatedLibraries.load("com.sun.jna.Native");

        assertEquals("dev.pinion.jna", jna.getModule().getName());
        assertTrue(jna.getModule().isNativeAccessEnabled());
        assertEquals(Long.BYTES, jna.getField("POINTER_SIZE").get(null));
    }
}
