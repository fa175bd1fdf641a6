package dev.pinion.nativelib;

import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jdk.internal.access.SharedSecrets;

/**
 * JNA as a named module with native access.
 *
 * <p>JNA calls {@code System.load}, for which the JDK prints a warning, or refuses. Native access can be granted to a named
 * module, or to all unnamed ones together; the latter would take away the warnings, and the refusals, that the program's own
 * classes are to get.
 */
final class JnaModule {
    static final String PREFIX = "com.sun.jna.";
    private static final String NAME = "dev.pinion.jna";
    private static final Set<String> PACKAGES =
            Set.of("com.sun.jna", "com.sun.jna.internal", "com.sun.jna.ptr", "com.sun.jna.win32");

    private JnaModule() {}

    /** Before the loader has defined any class of JNA, and after {@link Boot}, which exports {@code jdk.internal.access}. */
    static void define(ClassLoader loader) {
        ModuleDescriptor.Builder descriptor = ModuleDescriptor.newOpenModule(NAME)
                .packages(PACKAGES)
                .requires("java.base")
                .requires(Set.of(Requires.Modifier.STATIC), "java.logging")
                .requires(Set.of(Requires.Modifier.STATIC), "java.desktop");
        for (String name : PACKAGES) {
            descriptor.exports(name);
        }
        ModuleLayer boot = ModuleLayer.boot();
        Configuration configuration =
                boot.configuration().resolve(new Only(descriptor.build()), ModuleFinder.of(), Set.of(NAME));
        ModuleLayer.Controller controller =
                ModuleLayer.defineModules(configuration, List.of(boot), name -> loader);
        Module module = controller.layer().findModule(NAME).orElseThrow();
        controller.addReads(module, loader.getUnnamedModule());
        SharedSecrets.getJavaLangAccess().addEnableNativeAccess(module);
    }

    /** Finds the one module. Its content comes from {@link IsolatedLibraries}, never through a reader. */
    private static final class Only extends ModuleReference implements ModuleFinder {
        Only(ModuleDescriptor descriptor) {
            super(descriptor, null);
        }

        @Override
        public Optional<ModuleReference> find(String name) {
            return name.equals(NAME) ? Optional.of(this) : Optional.empty();
        }

        @Override
        public Set<ModuleReference> findAll() {
            return Set.of(this);
        }

        @Override
        public ModuleReader open() {
            throw new UnsupportedOperationException("the content of " + NAME + " is read by its class loader");
        }
    }
}
