package dev.pinion.nativelib;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.security.CodeSource;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Reads what Pinion's jar carries beside classes. Straight from the jar where there is one: {@code getResourceAsStream} first asks
 * the loader's parents, whose first question opens the JDK's image with reflection and method handles, 10 ms in all.
 */
final class JarEntryBytes {
    private JarEntryBytes() {}

    /**
     * @param name without a leading slash
     * @return null if there is no such entry
     */
    static byte[] read(String name) throws IOException {
        return readAll(name)[0];
    }

    /** As {@link #read}, several; an element is null if there is no such entry. */
    static byte[][] readAll(String... names) throws IOException {
        byte[][] all = new byte[names.length][];
        File jar = ownJar();
        try (ZipFile zip = jar == null ? null : new ZipFile(jar)) {
            for (int i = 0; i < names.length; i++) {
                all[i] = zip == null ? readByLoader(names[i]) : read(zip, names[i]);
            }
        }
        return all;
    }

    private static byte[] read(ZipFile zip, String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            return null;
        }
        try (InputStream in = zip.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    /** Null where the classes come from a directory, from a jar within a jar, or from a loader that does not tell. */
    private static File ownJar() {
        CodeSource source = JarEntryBytes.class.getProtectionDomain().getCodeSource();
        URL location = source == null ? null : source.getLocation();
        if (location == null || !"file".equals(location.getProtocol())) {
            return null;
        }
        try {
            File file = new File(location.toURI());
            return file.isFile() ? file : null;
        } catch (URISyntaxException | IllegalArgumentException e) {
            return null;
        }
    }

    private static byte[] readByLoader(String name) throws IOException {
        try (InputStream in = JarEntryBytes.class.getResourceAsStream("/".concat(name))) {
            return in == null ? null : in.readAllBytes();
        }
    }
}
