package dev.pinion.cpu;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * Pinion's own leases on CPUs, for hosts where several users run it: a lock file in the shared temporary directory belongs to the user
 * who made it first, and everybody else can only look.
 *
 * <p>Each user has a directory of their own, {@code pinion-cpus-UID}, that all can read (mode 755): a file {@code cpu-N} in it holds the
 * process id and the start time of who has the CPU. A lease is void when that process is gone, or when it does not belong to the
 * directory's user: nobody can lease in another's name. What is in the way under our own directory's name and is not a directory of
 * ours, a symbolic link first of all, is refused with a sentence.
 *
 * <p>Two processes of one user are kept apart by a file lock around each change. Two users who lease the same CPU in the same instant
 * are not: each looks at the other's directory after it has written its own, so at least one of them sees the other, mostly both.
 * With {@code hidepid} on {@code /proc} other users' leases cannot be checked and do not count.
 */
public final class LeaseDirectory implements CpuLocks {
    private static final String PREFIX = "pinion-cpus-";
    private static final int WRITABLE_BY_OTHERS = 022;

    /** What the C library says to EMFILE, which the JDK passes on; in another language, in that. */
    private static final String TOO_MANY = "Too many open files";

    private final HostFiles host;
    private final Path parent;
    private final Path directory;
    private final int user;
    private final long pid;

    /**
     * Touches nothing yet.
     *
     * @param host   the files
     * @param parent the directory that all users share, {@code java.io.tmpdir} outside of tests
     */
    public LeaseDirectory(HostFiles host, Path parent) {
        this(host, parent, ProcessIdentity.self(host), ProcessIdentity.pid(host));
    }

    LeaseDirectory(HostFiles host, Path parent, int user, long pid) {
        this.host = host;
        this.parent = parent;
        this.directory = parent.resolve(PREFIX + user);
        this.user = user;
        this.pid = pid;
    }

    @Override
    public synchronized long tryLock(int cpu) throws IOException {
        Path lease = lease(directory, cpu);
        makeDirectory();
        synchronized (LeaseDirectory.class) { // a file lock keeps processes apart, not threads of one
            try (FileChannel channel = FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
                channel.lock(); // until the channel is closed
                long holder = leaseholder(lease, user);
                if (holder != NOBODY) {
                    return holder;
                }
                write(lease);
            }
        }
        long other = foreignHolder(cpu);
        if (other != NOBODY) {
            unlock(cpu);
        }
        return other;
    }

    @Override
    public synchronized void unlock(int cpu) {
        try {
            Path lease = lease(directory, cpu);
            if (leaseholder(lease, user) == pid) {
                Files.deleteIfExists(lease);
            }
        } catch (IOException e) {
            // It stays behind and is void once this process has ended.
        }
    }

    @Override
    public long holder(int cpu) throws IOException {
        long own = leaseholder(lease(directory, cpu), user);
        return own != NOBODY ? own : foreignHolder(cpu);
    }

    /** @return the living process of another user with a lease on the CPU, or NOBODY */
    long foreignHolder(int cpu) throws IOException {
        String[] names = parent.toFile().list(); // not with a glob, which is made into a regular expression
        if (names == null) {
            if (!Files.exists(parent)) {
                return NOBODY;
            }
            throw new IOException(parent + " cannot be listed");
        }
        for (String name : names) {
            if (!name.startsWith(PREFIX)) {
                continue;
            }
            int owner = (int) Numbers.parse(name, PREFIX.length(), name.length(), Integer.MAX_VALUE);
            if (owner < 0 || owner == user || !isDirectoryOf(parent.resolve(name), owner)) {
                continue;
            }
            long holder = leaseholder(lease(parent.resolve(name), cpu), owner);
            if (holder != NOBODY) {
                return holder;
            }
        }
        return NOBODY;
    }

    /** The file is {@code PID STARTTIME}. */
    private long leaseholder(Path lease, int owner) {
        String text = Files.isRegularFile(lease, LinkOption.NOFOLLOW_LINKS) ? host.read(lease.toString()) : null;
        if (text == null) {
            return NOBODY;
        }
        long holder = Numbers.word(text, 0, text.length(), 0);
        long started = Numbers.word(text, 0, text.length(), 1);
        if (holder <= 0 || started < 0 || ProcessIdentity.startTime(host, holder) != started) {
            return NOBODY;
        }
        boolean ours = holder == pid && owner == user; // /proc calls some programs root's that are not
        return ours || ProcessIdentity.user(host, holder) == owner ? holder : NOBODY;
    }

    /** By a rename, so that no reader sees half of it; an older, void lease goes with it. */
    private void write(Path lease) throws IOException {
        Path fresh = directory.resolve("new-" + pid);
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
        String content = pid + " " + ProcessIdentity.startTime(host, pid) + "\n";
        Files.write(fresh, content.getBytes(StandardCharsets.ISO_8859_1));
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--")); // whatever the umask
        Files.move(fresh, lease, StandardCopyOption.ATOMIC_MOVE);
    }

    private void makeDirectory() throws IOException {
        if (user < 0) {
            throw new IOException(whyNoUser());
        }
        try {
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x")); // whatever the umask
        } catch (FileAlreadyExistsException e) {
            if (!isDirectoryOf(directory, user)) {
                throw new IOException(directory + " is not a directory that belongs to user " + user + " and that only they can write", e);
            }
        } catch (IOException e) {
            throw new IOException(directory + " cannot be made", e);
        }
    }

    private String whyNoUser() {
        String status = host.proc("self/status");
        try {
            Files.newInputStream(Path.of(status)).close();
        } catch (FileSystemException e) {
            return TOO_MANY.equals(e.getReason()) ? "this process has as many files open as it may (EMFILE; raise ulimit -n)"
                    : status + " cannot be read" + (e.getReason() == null ? "" : " (" + e.getReason() + ")");
        } catch (IOException e) {
            return status + " cannot be read (" + e.getMessage() + ")";
        }
        return status + " does not tell which user this is";
    }

    private static boolean isDirectoryOf(Path path, int owner) throws IOException {
        try {
            Map<String, Object> facts = Files.readAttributes(path, "unix:isDirectory,uid,mode", LinkOption.NOFOLLOW_LINKS);
            return (Boolean) facts.get("isDirectory") && (Integer) facts.get("uid") == owner
                    && ((Integer) facts.get("mode") & WRITABLE_BY_OTHERS) == 0;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static Path lease(Path directory, int cpu) {
        return directory.resolve("cpu-" + cpu);
    }
}
