package dev.pinion.nativelib;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Where {@code libpinion.so} is: named by the user, or unpacked from the jar into a new directory that only this user can
 * enter. Closing deletes what was unpacked; Linux keeps the mapped file.
 *
 * <p>On the start-up path of every program: no lambdas, no formatting, no {@code EnumSet} (reflection), no {@code SecureRandom} (which
 * {@code Files.createTempDirectory} starts up).
 */
final class LibraryFile implements AutoCloseable {
    static final String PROPERTY = "pinion.library.path";
    private static final String NAME = "libpinion.so";

    private final Path file;
    private final Path ownDirectory;

    private LibraryFile(Path file, Path ownDirectory) {
        this.file = file;
        this.ownDirectory = ownDirectory;
    }

    String absolutePath() {
        return file.toString();
    }

    /**
     * @param given the value of {@value #PROPERTY}, or null
     * @param temporary the directory to unpack into
     * @param architecture as in the resource's name
     */
    static LibraryFile locate(String given, String temporary, String architecture) {
        if (given != null) {
            return named(given);
        }
        String resource = "META-INF/pinion/native/linux-".concat(architecture).concat("/").concat(NAME);
        try {
            byte[] bytes = JarEntryBytes.read(resource);
            if (bytes == null) {
                throw new UnsupportedHost("This build of Pinion has no native library for linux-" + architecture
                        + "; build one with CMake and name it with -D" + PROPERTY + "=FILE.");
            }
            return unpack(bytes, temporary);
        } catch (IOException e) {
            throw new UnsupportedHost("Pinion's native library cannot be unpacked into " + temporary + " (" + e
                    + "); name another directory with -Djava.io.tmpdir, or an unpacked library with -D" + PROPERTY + ".", e);
        }
    }

    private static LibraryFile named(String given) {
        File file = new File(given).getAbsoluteFile();
        if (file.isDirectory()) {
            file = new File(file, NAME);
        }
        if (!file.isFile()) {
            throw new UnsupportedHost("-D" + PROPERTY + "=" + given + " names no file, nor a directory with " + NAME + ".");
        }
        return new LibraryFile(file.toPath(), null);
    }

    private static LibraryFile unpack(byte[] bytes, String temporary) throws IOException {
        Path directory = createDirectory(new File(temporary).getAbsoluteFile().toPath());
        Path file = directory.resolve(NAME);
        LibraryFile library = new LibraryFile(file, directory);
        boolean done = false;
        try (FileOutputStream out = new FileOutputStream(file.toFile())) {
            out.write(bytes);
            done = true;
            return library;
        } finally {
            if (!done) {
                library.close();
            }
        }
    }

    /** mkdir with mode 0700 fails if the name is taken, by a link too: then another name. */
    private static Path createDirectory(Path parent) throws IOException {
        FileAttribute<?> onlyMe = PosixFilePermissions.asFileAttribute(Set.of(
                PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));
        for (int attempt = 0; ; attempt++) {
            try {
                return Files.createDirectory(parent.resolve("pinion-".concat(Long.toHexString(random()))), onlyMe);
            } catch (FileAlreadyExistsException e) {
                if (attempt == 100) {
                    throw e;
                }
            }
        }
    }

    private static long random() throws IOException {
        byte[] bytes = new byte[Long.BYTES];
        try (FileInputStream urandom = new FileInputStream("/dev/urandom")) {
            if (urandom.read(bytes) != bytes.length) {
                throw new IOException("/dev/urandom gave too few bytes");
            }
        }
        long value = 0;
        for (byte b : bytes) {
            value = value << 8 | b & 0xff;
        }
        return value;
    }

    /** A file that cannot be deleted harms nothing: the directory is this process's own. */
    @Override
    public void close() {
        if (ownDirectory != null && file.toFile().delete()) {
            ownDirectory.toFile().delete();
        }
    }
}
