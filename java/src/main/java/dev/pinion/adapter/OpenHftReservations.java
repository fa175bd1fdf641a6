package dev.pinion.adapter;

import dev.pinion.cpu.CpuLocks;
import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import net.openhft.affinity.impl.VanillaCpuLayout;
import net.openhft.affinity.lockchecker.FileLockBasedLockChecker;

/**
 * Java-Thread-Affinity's lock files, {@code cpu-N.lock} in {@code java.io.tmpdir}: what {@code AffinityLock} of any program on this host
 * looks at before it takes a core.
 *
 * <p>Not through {@code AffinityLock} itself, whose {@code acquireLock(0)} silently binds the caller to CPU 1. A file is locked with a
 * POSIX lock, which the kernel frees when its process dies.
 *
 * <p>Two of the library's faults are worked round. It numbers at most 256 CPUs; beyond that this class says so. And merely looking at a
 * file that another class loader of this JVM has locked frees that lock, because closing any descriptor of a file drops all POSIX locks
 * that the process has on it; so {@code /proc/locks} is asked first, which opens nothing.
 */
public final class OpenHftLocks implements CpuLocks {
    private static final class Checker extends FileLockBasedLockChecker {
        private final File directory;

        Checker(File directory) {
            this.directory = directory;
        }

        @Override
        protected File toFile(int cpu) {
            return new File(directory, "cpu-" + cpu + ".lock");
        }
    }

    private final Checker checker;
    private final long pid = ProcessHandle.current().pid();
    /** The CPUs whose lock this object has. Guarded by the class. */
    private final boolean[] held = new boolean[VanillaCpuLayout.MAX_CPUS_SUPPORTED];

    /** Uses {@code java.io.tmpdir}, as the library does. */
    public OpenHftLocks() {
        this(Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** @param directory where the lock files are: elsewhere only programs with the same {@code java.io.tmpdir} see them */
    public OpenHftLocks(Path directory) {
        this.checker = new Checker(directory.toFile());
    }

    @Override
    public long tryLock(int cpu) throws IOException {
        synchronized (OpenHftLocks.class) {
            Path file = file(cpu);
            if (isLockedByThisProcess(file)) {
                return pid;
            }
            boolean locked;
            try {
                locked = checker.obtainLock(cpu, 0, Long.toString(pid));
            } catch (FileSystemException e) {
                return readOnly(cpu, file, e);
            }
            if (!locked) {
                return name(cpu);
            }
            held[cpu] = true;
            return NOBODY;
        }
    }

    @Override
    public void unlock(int cpu) {
        synchronized (OpenHftLocks.class) {
            if (cpu < held.length && held[cpu]) {
                held[cpu] = false;
                checker.releaseLock(cpu);
            }
        }
    }

    @Override
    public long holder(int cpu) throws IOException {
        synchronized (OpenHftLocks.class) {
            Path file = file(cpu);
            if (isLockedByThisProcess(file)) {
                return pid;
            }
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                return NOBODY;
            }
            if (!Files.isReadable(file)) {
                throw new IOException(file + " is another user's and cannot be read");
            }
            return checker.isLockFree(cpu) ? NOBODY : name(cpu);
        }
    }

    /** A file of another user can be looked at, but it cannot be locked; the lease takes over if nobody has it. */
    private long readOnly(int cpu, Path file, FileSystemException refused) throws IOException {
        if (Files.isReadable(file) && !checker.isLockFree(cpu)) {
            return name(cpu);
        }
        String why = refused instanceof AccessDeniedException ? " cannot be written" : " cannot be locked";
        throw new IOException(file + why, refused);
    }

    private Path file(int cpu) throws IOException {
        if (cpu >= held.length) {
            throw new IOException("Java-Thread-Affinity knows CPUs 0-" + (held.length - 1) + " only");
        }
        Path file = checker.toFile(cpu).toPath();
        if (Files.isSymbolicLink(file)) {
            throw new IOException(file + " is a symbolic link");
        }
        return file;
    }

    private long name(int cpu) throws IOException {
        try {
            String written = checker.getMetaInfo(cpu);
            return written == null ? UNNAMED : Long.parseLong(written.trim());
        } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
            return UNNAMED; // not this library's format, or its writer is between making and filling the file
        } catch (FileSystemException e) {
            return UNNAMED; // gone by now, or not to be read
        }
    }

    /** Lines are {@code 1: POSIX  ADVISORY  WRITE 1234 08:01:5678 0 EOF}: process, then device and inode. */
    private boolean isLockedByThisProcess(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        String inode = ":" + Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS);
        Path table = Path.of("/proc/locks");
        if (!Files.isReadable(table)) {
            return false;
        }
        for (String line : Files.readAllLines(table)) {
            String[] words = line.trim().split(" +");
            if (words.length > 5 && words[1].equals("POSIX") && words[4].equals(Long.toString(pid)) && words[5].endsWith(inode)) {
                return true;
            }
        }
        return false;
    }
}
