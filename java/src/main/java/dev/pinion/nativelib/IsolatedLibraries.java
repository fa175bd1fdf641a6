package dev.pinion.nativelib;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Vector;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The loader of the libraries that Pinion uses, so that a program on Pinion sees none of them and may bring its own
 * versions. Their classes lie in Pinion's jar (or class directory) under {@value #PREFIX}, where no other loader finds them.
 *
 * <p>What it loads, by name:
 * <ul>
 *   <li>the packages of {@link #ADAPTERS}: defined here <i>again</i>, from Pinion's own class files. A class's references
 *       are resolved by the loader that defines it, so that whatever names a library's class must be defined here;
 *   <li>the rest of {@code dev.pinion}: from the loader of this class, so that adapters implement the interfaces that
 *       the scheduler knows;
 *   <li>a class under {@value #PREFIX}: defined here, before anybody else is asked;
 *   <li>everything else: from the JDK. <b>Never from the program's class path</b>, even when Pinion is on it: neither a
 *       library's class there is taken nor a {@code META-INF/services} entry.
 * </ul>
 *
 * <p>It is the same for an agent and for a library that came through Maven (whose POM marks the libraries optional): one way
 * to be right. There is no falling back to visible classes, because it would depend on the class path which copy is used.
 *
 * <p>Where Pinion is a named module, all its packages are exported to this loader's unnamed module, and to nobody else.
 *
 * <p>Any thread may load. From a jar, reading
 * goes past {@code URLConnection}: opening a {@link ZipFile} that the JVM has open already costs next to nothing.
 */
public final class IsolatedLibraries extends ClassLoader {
    /** The one list of packages that touch a library. Referred to by name only, outside of them: {@link #load}. */
    private static final String[] ADAPTERS = {"dev.pinion.adapter.", "dev.pinion.cli."};

    private static final String PREFIX = "META-INF/pinion/lib/";
    private static final String OWN_PACKAGES = "dev.pinion.";

    static {
        registerAsParallelCapable();
    }

    /** Of every class defined here: Pinion's own, because its code source is where they come from. */
    private final ProtectionDomain domain = IsolatedLibraries.class.getProtectionDomain();

    private final ClassLoader jdk = ClassLoader.getPlatformClassLoader();

    /** Pinion's jar, or null where it is no file: then through {@link Class#getResourceAsStream}. Never closed. */
    private final ZipFile jar;

    private boolean jnaSeen;

    private static final class Instance {
        static final IsolatedLibraries LOADER = new IsolatedLibraries();
    }

    private IsolatedLibraries() {
        super("pinion-libraries", IsolatedLibraries.class.getClassLoader());
        jar = jarOf(domain.getCodeSource());
        Module module = IsolatedLibraries.class.getModule();
        if (module.isNamed()) {
            for (String name : module.getPackages()) {
                module.addExports(name, getUnnamedModule());
            }
        }
    }

    /**
     * The class of that name as this loader sees it, not initialised: an adapter, or a class of a library.
     *
     * @throws IllegalStateException in one sentence, if there is none
     */
    public static Class<?> load(String className) {
        try {
            return Instance.LOADER.loadClass(className);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /**
     * A new object of the class of that name, by its public constructor without parameters: the cheap kind. At the start of a JVM
     * {@code newInstance} with a parameter costs 20 ms, without one 4 ms; so an adapter that makes queues is a factory.
     *
     * @param type an interface of Pinion or of the JDK
     * @throws IllegalStateException in one sentence, if there is no such class or constructor
     */
    public static <T> T create(Class<T> type, String className) {
        try {
            return type.cast(load(className).getConstructor().newInstance());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(className + " cannot be made: " + e, e);
        }
    }

    private static ZipFile jarOf(CodeSource source) {
        URL location = source == null ? null : source.getLocation();
        if (location == null || !location.getProtocol().equals("file")) {
            return null; // inside another jar, or in a run-time image
        }
        try {
            File file = new File(location.toURI());
            return file.isFile() ? new ZipFile(file) : null;
        } catch (IOException | URISyntaxException | IllegalArgumentException e) {
            return null; // the slower way reads the same bytes, or says what is wrong
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> found = findLoadedClass(name);
            if (found == null) {
                found = findOrDefine(name);
            }
            if (resolve) {
                resolveClass(found);
            }
            return found;
        }
    }

    private Class<?> findOrDefine(String name) throws ClassNotFoundException {
        if (name.startsWith("java.")) {
            return jdk.loadClass(name);
        }
        boolean adapter = isAdapter(name);
        if (!adapter && name.startsWith(OWN_PACKAGES)) {
            return Class.forName(name, false, IsolatedLibraries.class.getClassLoader());
        }
        if (name.startsWith(JnaModule.PREFIX)) {
            giveJnaNativeAccess();
        }
        String path = name.replace('.', '/').concat(".class");
        byte[] bytes = read(adapter ? path : PREFIX.concat(path));
        if (bytes != null) {
            return defineClass(name, bytes, 0, bytes.length, domain);
        }
        try {
            return jdk.loadClass(name);
        } catch (ClassNotFoundException e) {
            throw new ClassNotFoundException("class " + name + " is neither in the JDK nor among the libraries of Pinion in "
                    + location(), e);
        }
    }

    /** Without {@link Boot} it stays in the unnamed module, and the JDK warns unless the user allows it. */
    private synchronized void giveJnaNativeAccess() {
        if (!jnaSeen) {
            jnaSeen = true;
            if (Boot.isDone()) {
                JnaModule.define(this);
            }
        }
    }

    private String location() {
        CodeSource source = domain.getCodeSource();
        return source == null ? "its run-time image" : String.valueOf(source.getLocation());
    }

    private static boolean isAdapter(String className) {
        for (String prefix : ADAPTERS) {
            if (className.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    /** Null if there is no such entry. */
    private byte[] read(String path) throws ClassNotFoundException {
        try {
            if (jar == null) {
                try (InputStream in = IsolatedLibraries.class.getResourceAsStream("/".concat(path))) {
                    return in == null ? null : in.readAllBytes();
                }
            }
            ZipEntry entry = jar.getEntry(path);
            if (entry == null) {
                return null;
            }
            try (InputStream in = jar.getInputStream(entry)) {
                return in.readAllBytes();
            }
        } catch (IOException e) {
            throw new ClassNotFoundException(path, e);
        }
    }

    /** How the JDK asks for a class of a named module. */
    @Override
    protected Class<?> findClass(String moduleName, String name) {
        try {
            return loadClass(name);
        } catch (ClassNotFoundException e) {
            return null; // as the contract of this method wants it
        }
    }

    /** How the JDK asks for a resource of a named module. */
    @Override
    protected URL findResource(String moduleName, String name) {
        return ownResource(name);
    }

    /** An ordinary URL into Pinion's jar: JNA finds its native library by it. */
    @Override
    public URL getResource(String name) {
        URL own = ownResource(name);
        return own != null ? own : jdk.getResource(name);
    }

    /** Service files of the libraries and of the JDK, not the program's: its providers implement its own interfaces. */
    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        Vector<URL> found = new Vector<>();
        URL own = ownResource(name);
        if (own != null) {
            found.add(own);
        }
        found.addAll(Collections.list(jdk.getResources(name)));
        return found.elements();
    }

    private static URL ownResource(String name) {
        String path = name.startsWith("dev/pinion/") ? name : PREFIX.concat(name);
        return IsolatedLibraries.class.getResource("/".concat(path));
    }
}
