package dev.pinion.cpu;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Set;

/**
 * Java-Thread-Affinity's lock files, {@code cpu-N.lock} in {@code java.io.tmpdir}: what {@code AffinityLock} of any program on this host
 * looks at before it takes a core.
 *
 * <p>Written as {@code FileLockBasedLockChecker} of release 2026.2 writes them, and not through it: the library and what it needs take
 * 200 ms of CPU to load. The format is that a CPU is taken while its file has an exclusive POSIX lock, which the kernel frees when the
 * process dies; the first line is the process id, the second the time. The holder deletes the file before it gives up the lock, so whoever
 * has locked a file that is gone by then starts again. Tests hold the library's own checker against this class, in both directions.
 *
 * <p>Closing any descriptor of a file drops all POSIX locks that the process has on it, so merely looking at a file that another class
 * loader of this JVM has locked would free it: {@code /proc/locks} is asked first, which opens nothing.
 */
public final class LockFiles implements CpuLocks {
    /** The library's {@code VanillaCpuLayout.MAX_CPUS_SUPPORTED}: it has no lock for CPUs from here on. */
    static final int MAX_CPUS = 256;

    /** The library's, against others that delete the file again and again. */
    private static final int ATTEMPTS = 5;

    private final HostFiles host;
    private final Path directory;
    private final long pid;
    /** The CPUs whose lock this object has. Guarded by the class. */
    private final FileChannel[] held = new FileChannel[MAX_CPUS];

    /**
     * Touches nothing yet.
     *
     * @param host      the files
     * @param directory {@code java.io.tmpdir}, as in the library: elsewhere only programs with the same one see the locks
     */
    public LockFiles(HostFiles host, Path directory) {
        this.host = host;
        this.directory = directory;
        this.pid = ProcessIdentity.pid(host);
    }

    @Override
    public long tryLock(int cpu) throws IOException {
        synchronized (LockFiles.class) {
            Path file = file(cpu);
            if (isLockedByThisProcess(file)) {
                return pid;
            }
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                FileChannel channel;
                try {
                    channel = FileChannel.open(file, Set.<OpenOption>of(StandardOpenOption.READ, StandardOpenOption.WRITE,
                                    StandardOpenOption.CREATE, StandardOpenOption.SYNC, LinkOption.NOFOLLOW_LINKS),
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-rw-rw-")));
                } catch (FileSystemException e) {
                    return readOnly(file, e);
                }
                try {
                    if (!lock(channel, false)) {
                        return name(file);
                    }
                    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                        channel.write(ByteBuffer.wrap(meta().getBytes(StandardCharsets.ISO_8859_1)));
                        held[cpu] = channel;
                        return NOBODY;
                    }
                } catch (IOException e) {
                    throw new IOException(file + " cannot be locked or written", e); // a full disk, a file system without locks
                } finally {
                    if (held[cpu] != channel) {
                        channel.close();
                    }
                }
            }
            throw new IOException(file + " is deleted whenever it is locked");
        }
    }

    @Override
    public void unlock(int cpu) {
        synchronized (LockFiles.class) {
            FileChannel channel = cpu < MAX_CPUS ? held[cpu] : null;
            if (channel == null) {
                return;
            }
            held[cpu] = null;
            try (channel) {
                Files.deleteIfExists(directory.resolve(fileName(cpu)));
            } catch (IOException e) {
                // It stays behind without a lock, which is free.
            }
        }
    }

    @Override
    public long holder(int cpu) throws IOException {
        synchronized (LockFiles.class) {
            Path file = file(cpu);
            return isLockedByThisProcess(file) ? pid : otherHolder(file);
        }
    }

    /** A file of another user can be looked at, but it cannot be locked; the lease takes over if nobody has it. */
    private long readOnly(Path file, FileSystemException refused) throws IOException {
        if (Files.isReadable(file)) {
            long holder = otherHolder(file);
            if (holder != NOBODY) {
                return holder;
            }
        }
        String why = refused instanceof AccessDeniedException ? " cannot be written" : " cannot be locked";
        throw new IOException(file + why, refused);
    }

    /** While this process has no lock on the file. */
    private long otherHolder(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, Set.<OpenOption>of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            return lock(channel, true) ? NOBODY : name(file);
        } catch (NoSuchFileException e) {
            return NOBODY;
        } catch (AccessDeniedException e) {
            throw new IOException(file + " is another user's and cannot be read", e);
        }
    }

    private static boolean lock(FileChannel channel, boolean shared) throws IOException {
        try {
            FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // somebody else in this JVM
        }
    }

    private Path file(int cpu) throws IOException {
        if (cpu >= MAX_CPUS) {
            throw new IOException("Java-Thread-Affinity knows CPUs 0-" + (MAX_CPUS - 1) + " only");
        }
        Path file = directory.resolve(fileName(cpu));
        if (Files.isSymbolicLink(file)) {
            throw new IOException(file + " is a symbolic link");
        }
        return file;
    }

    private static String fileName(int cpu) {
        return "cpu-" + cpu + ".lock";
    }

    /** Who wrote the file. Through a descriptor of its own, which is harmless: this process has no lock there. */
    private long name(Path file) {
        String text = host.read(file.toString());
        int end = text == null ? -1 : text.indexOf('\n');
        long holder = end < 0 ? -1 : Numbers.word(text, 0, end, 0);
        return holder > 0 ? holder : UNNAMED; // not the library's format, or its writer is between making and filling the file
    }

    /** As the library's, with the time in UTC: {@code 1234}, and {@code 2026.03.01 at 09:30:00 UTC}. */
    private String meta() {
        LocalDateTime now = LocalDateTime.ofEpochSecond(System.currentTimeMillis() / 1000, 0, ZoneOffset.UTC);
        return pid + "\n" + now.getYear() + '.' + two(now.getMonthValue()) + '.' + two(now.getDayOfMonth())
                + " at " + two(now.getHour()) + ':' + two(now.getMinute()) + ':' + two(now.getSecond()) + " UTC";
    }

    private static String two(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }

    /** Lines are {@code 1: POSIX  ADVISORY  WRITE 1234 08:01:5678 0 EOF}: process, then device and inode. */
    private boolean isLockedByThisProcess(Path file) throws IOException {
        String table = new File(file.toString()).exists() ? host.read(host.proc("locks")) : null;
        if (table == null) {
            return false;
        }
        String inode = ":" + Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS) + " ";
        String process = " " + pid + " ";
        int from = 0;
        while (from < table.length()) {
            int newline = table.indexOf('\n', from);
            int end = newline < 0 ? table.length() : newline;
            String line = table.substring(from, end);
            if (line.contains(" POSIX ") && line.contains(process) && line.contains(inode)) {
                return true;
            }
            from = end + 1;
        }
        return false;
    }
}
