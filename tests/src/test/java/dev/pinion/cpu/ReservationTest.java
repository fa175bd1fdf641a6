package dev.pinion.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pinion.adapter.OpenHftAffinity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import net.openhft.affinity.impl.VanillaCpuLayout;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReservationTest {
    private static final HostFiles HOST = HostFiles.ofThisMachine();
    private static final long PID = ProcessHandle.current().pid();
    /** A directory that nobody can write to, root neither. */
    private static final Path UNWRITABLE = Path.of("/proc");

    @TempDir
    Path dir;
    private int user;

    @BeforeEach
    void user() {
        user = ProcessIdentity.self(HOST);
        assertTrue(user >= 0);
    }

    private LeaseDirectory leases() {
        return new LeaseDirectory(HOST, dir);
    }

    private Path leaseFile(int cpu) {
        return dir.resolve("pinion-cpus-" + user).resolve("cpu-" + cpu);
    }

    private Reservation take(Reservation.Mode mode, int... cpus) {
        return Reservation.take(mode, CpuSet.of(cpus), HOST, new LockFiles(HOST, dir), leases());
    }

    @Test
    void theLibraryNumbersAsManyCpusAsWeLock() {
        assertEquals(VanillaCpuLayout.MAX_CPUS_SUPPORTED, LockFiles.MAX_CPUS);
    }

    @Test
    void theLibraryCannotLockWhatWeHold() throws Exception {
        try (Reservation ours = take(Reservation.Mode.SHARE, 3); ReservingProcess other = new ReservingProcess(dir, "openhft-obtain", 3)) {
            assertEquals("false", other.answer);
            assertEquals(CpuSet.of(3), ours.held());
        }
        assertFalse(Files.exists(dir.resolve("cpu-3.lock")));
        try (ReservingProcess other = new ReservingProcess(dir, "openhft-obtain", 3)) {
            assertEquals("true", other.answer);
        }
    }

    /** The library's own writer beside ours: process id, line feed, and the time as text. */
    @Test
    void aLockFileReadsAsTheLibraryWritesIt() throws Exception {
        String format = "[0-9]+\n[0-9]{4}\\.[01][0-9]\\.[0-3][0-9] at [0-2][0-9]:[0-5][0-9]:[0-6][0-9] [A-Z]+";
        try (ReservingProcess other = new ReservingProcess(dir, "openhft-obtain", 3); Reservation ours = take(Reservation.Mode.SHARE, 4)) {
            assertEquals("true", other.answer);
            assertEquals(CpuSet.of(4), ours.held());
            ProcessBuilder cat = new ProcessBuilder("cat", "cpu-3.lock", "cpu-4.lock").directory(dir.toFile()); // reading it here would unlock it
            String[] files = new String(cat.start().getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1).split("(?<=[A-Z]{3})");
            assertEquals(2, files.length);
            assertTrue(files[0].matches(format), files[0]);
            assertTrue(files[1].matches(format), files[1]);
            assertTrue(files[1].startsWith(PID + "\n"), files[1]);
        }
    }

    @Test
    void aLockWhoseFileIsGoneHoldsNobodyUp() throws Exception {
        assertEquals(CpuLocks.NOBODY, new LockFiles(HOST, dir).tryLock(2));
        Files.delete(dir.resolve("cpu-2.lock"));
        assertEquals(CpuLocks.NOBODY, new LockFiles(HOST, dir).tryLock(2));
    }

    @Test
    void otherProgramsSeeOurLocksAndNoLongerAfterRelease() throws Exception {
        Reservation ours = take(Reservation.Mode.SHARE, 0, 3);
        assertEquals(CpuSet.of(0, 3), ours.held());
        assertEquals(List.of(), ours.warnings());
        try (ReservingProcess other = new ReservingProcess(dir, "openhft-look", 3)) {
            assertEquals("taken by " + PID, other.answer);
        }
        ours.release();
        assertFalse(Files.exists(dir.resolve("cpu-3.lock")));
        assertEquals(CpuSet.EMPTY, ours.held());
        try (ReservingProcess other = new ReservingProcess(dir, "openhft-look", 3)) {
            assertEquals("free", other.answer);
        }
    }

    @Test
    void weSeeTheLocksOfOtherPrograms() throws Exception {
        try (ReservingProcess other = new ReservingProcess(dir, "openhft-obtain", 3)) {
            assertEquals("true", other.answer);
            assertEquals(other.pid(), new LockFiles(HOST, dir).holder(3));
            assertEquals(other.pid(), new LockFiles(HOST, dir).tryLock(3));
            Reservation ours = take(Reservation.Mode.SHARE, 2, 3);
            assertEquals(CpuSet.of(2), ours.held());
            assertEquals(List.of("CPU 3 is reserved by process " + other.pid() + " (java), so they share it."), ours.warnings());
            ours.release();
            assertEquals("CPU 3 is reserved by process " + other.pid() + " (java), and reserve=exclusive was said; choose other CPUs with cpus=, "
                            + "or say reserve=share.",
                    assertThrows(CoreTaken.class, () -> take(Reservation.Mode.EXCLUSIVE, 2, 3)).getMessage());
            assertFalse(Files.exists(dir.resolve("cpu-2.lock")), "nothing is held after a refusal");
            other.kill();
            try (Reservation again = take(Reservation.Mode.EXCLUSIVE, 2, 3)) {
                assertEquals(CpuSet.of(2, 3), again.held(), "the lock of a dead process is free");
            }
        }
    }

    @Test
    void weSeeWhatAffinityLockTook() throws Exception {
        int cpu = Topology.read(HOST, CpuSet.EMPTY).online().last();
        try (ReservingProcess other = new ReservingProcess(dir, "openhft-affinity", cpu)) {
            int got = Integer.parseInt(other.answer);
            assumeTrue(got >= 0, "AffinityLock finds no CPU to lock here");
            assertEquals(other.pid(), new LockFiles(HOST, dir).tryLock(got));
        }
    }

    @Test
    void lookingAtOurOwnLockFromAnotherLoaderKeepsIt() throws Exception {
        LockFiles first = new LockFiles(HOST, dir);
        assertEquals(CpuLocks.NOBODY, first.tryLock(5));
        LockFiles second = new LockFiles(HOST, dir);
        assertEquals(PID, second.holder(5));
        assertEquals(PID, second.tryLock(5));
        second.unlock(5);
        try (ReservingProcess other = new ReservingProcess(dir, "openhft-look", 5)) {
            assertEquals("taken by " + PID, other.answer, "the lock survived being looked at");
        }
        first.unlock(5);
        assertEquals(CpuLocks.NOBODY, second.holder(5));
    }

    @Test
    void aReservationFollowsItsP() throws Exception {
        try (Reservation ours = take(Reservation.Mode.SHARE, 1); ReservingProcess other = new ReservingProcess(dir, "reserve", 3)) {
            assertEquals("3", other.answer);
            assertNull(ours.move(1, 2));
            assertEquals(CpuSet.of(2), ours.held());
            assertNull(ours.move(-1, 2));
            assertEquals("CPU 3 is reserved by process " + other.pid() + " (java)", ours.move(2, 3));
            assertEquals(CpuSet.EMPTY, ours.held());
        }
    }

    @Test
    void anOrphanedFileWithoutALockIsFree() throws IOException {
        Files.writeString(dir.resolve("cpu-4.lock"), "1\n2020.01.01 at 00:00:00 UTC");
        assertEquals(CpuLocks.NOBODY, new LockFiles(HOST, dir).tryLock(4));
    }

    @Test
    void aLockFileThatIsASymbolicLinkIsNotFollowed() throws IOException {
        Path victim = Files.writeString(dir.resolve("victim"), "precious");
        Files.createSymbolicLink(dir.resolve("cpu-4.lock"), victim);
        assertThrows(IOException.class, () -> new LockFiles(HOST, dir).tryLock(4));
        assertEquals("precious", Files.readString(victim));
        try (Reservation ours = take(Reservation.Mode.EXCLUSIVE, 4)) {
            assertEquals(CpuSet.of(4), ours.held());
            assertTrue(Files.exists(leaseFile(4)), "the lease stands in");
        }
        assertFalse(Files.exists(leaseFile(4)));
    }

    @Test
    void beyondTheLibrarysCpusTheLeaseStandsIn() {
        try (Reservation ours = take(Reservation.Mode.EXCLUSIVE, 287)) {
            assertEquals(CpuSet.of(287), ours.held());
            assertTrue(Files.exists(leaseFile(287)));
        }
    }

    @Test
    void anUnwritableDirectoryIsToldAndEndsExclusiveOnly() {
        LeaseDirectory nowhere = new LeaseDirectory(HOST, UNWRITABLE);
        LockFiles locks = new LockFiles(HOST, UNWRITABLE);
        Reservation ours = Reservation.take(Reservation.Mode.SHARE, CpuSet.of(1), HOST, locks, nowhere);
        assertEquals(CpuSet.EMPTY, ours.held());
        assertEquals(1, ours.warnings().size());
        assertTrue(ours.warnings().getFirst().startsWith("CPU 1 cannot be reserved: /proc/cpu-1.lock cannot be "), ours.warnings().getFirst());
        assertTrue(ours.warnings().getFirst().contains(", and /proc/pinion-cpus-" + user + " cannot be made"), ours.warnings().getFirst());
        assertThrows(CoreTaken.class,
                () -> Reservation.take(Reservation.Mode.EXCLUSIVE, CpuSet.of(1), HOST, locks, nowhere));
    }

    @Test
    void aLeaseIsSeenByOtherProcessesAndEndsWithItsOwn() throws Exception {
        try (ReservingProcess other = new ReservingProcess(dir, "lease", 6)) {
            assertEquals("0", other.answer);
            assertEquals(other.pid(), leases().holder(6));
            assertEquals(other.pid(), leases().tryLock(6));
            leases().unlock(6);
            assertEquals(other.pid(), leases().holder(6), "nobody gives back another's lease");
            assertEquals(List.of("CPU 6 is reserved by process " + other.pid() + " (java), so they share it."),
                    take(Reservation.Mode.SHARE, 6).warnings());
            other.kill();
            assertTrue(Files.exists(leaseFile(6)));
            assertEquals(CpuLocks.NOBODY, leases().tryLock(6));
            assertEquals(PID, leases().holder(6));
        }
    }

    @Test
    void aLeaseOfAReusedProcessIdIsVoid() throws IOException {
        assertEquals(CpuLocks.NOBODY, leases().tryLock(1));
        String[] words = Files.readString(leaseFile(1)).trim().split(" ");
        assertEquals(PID, Long.parseLong(words[0]));
        Files.writeString(leaseFile(1), PID + " " + (Long.parseLong(words[1]) - 1) + "\n");
        assertEquals(CpuLocks.NOBODY, leases().holder(1));
        Files.writeString(leaseFile(1), "");
        assertEquals(CpuLocks.NOBODY, leases().holder(1));
        assertEquals(CpuLocks.NOBODY, leases().tryLock(1));
    }

    @Test
    void leasesCanBeReadByEverybodyAndWrittenByTheirOwner() throws IOException {
        assertEquals(CpuLocks.NOBODY, leases().tryLock(1));
        assertEquals("rwxr-xr-x", PosixFilePermissions.toString(Files.getPosixFilePermissions(leaseFile(1).getParent())));
        assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(leaseFile(1))));
    }

    @Test
    void anotherUsersLeaseIsSeen() throws IOException {
        assertEquals(CpuLocks.NOBODY, leases().tryLock(1));
        LeaseDirectory stranger = new LeaseDirectory(HOST, dir, user + 1, 1L << 40);
        assertEquals(PID, stranger.holder(1));
        assertEquals(PID, stranger.tryLock(1));
        assertEquals(CpuLocks.NOBODY, stranger.holder(2));
    }

    @Test
    void nobodyLeasesInAnothersName() throws Exception {
        Path theirs = dir.resolve("pinion-cpus-" + (user + 1));
        Files.createDirectory(theirs);
        Files.writeString(theirs.resolve("cpu-1"), PID + " " + ProcessIdentity.startTime(HOST, PID) + "\n");
        assertEquals(CpuLocks.NOBODY, leases().holder(1), "the directory is not the user's whose name it has");
    }

    @Test
    void aDirectoryThatIsNotOursIsRefused() throws IOException {
        Files.createDirectory(dir.resolve("pinion-cpus-" + (user + 1)));
        String message = assertThrows(IOException.class, () -> new LeaseDirectory(HOST, dir, user + 1, PID).tryLock(1)).getMessage();
        assertTrue(message.endsWith("is not a directory that belongs to user " + (user + 1) + " and that only they can write"), message);
    }

    @Test
    void aDirectoryThatOthersCanWriteIsRefused() throws IOException {
        Path ours = Files.createDirectory(dir.resolve("pinion-cpus-" + user));
        Files.setPosixFilePermissions(ours, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThrows(IOException.class, () -> leases().tryLock(1));
    }

    @Test
    void aSymbolicLinkInPlaceOfTheDirectoryIsRefused() throws IOException {
        Path elsewhere = Files.createDirectory(dir.resolve("elsewhere"));
        Files.createSymbolicLink(dir.resolve("pinion-cpus-" + user), elsewhere);
        assertThrows(IOException.class, () -> leases().tryLock(1));
        try (var files = Files.list(elsewhere)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void asRootTheLeaseOfARealOtherUserCounts() throws Exception {
        assumeTrue(user == 0 && Files.exists(Path.of("/usr/bin/setpriv")), "needs root and setpriv to be two users");
        Process nobody = new ProcessBuilder("/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "cat").start();
        try {
            nobody.getOutputStream().write('x');
            nobody.getOutputStream().flush();
            assertEquals('x', nobody.getInputStream().read()); // now it is cat, as that user
            Path theirs = Files.createDirectory(dir.resolve("pinion-cpus-65534"));
            Path lease = theirs.resolve("cpu-7");
            Files.writeString(lease, nobody.pid() + " " + ProcessIdentity.startTime(HOST, nobody.pid()) + "\n");
            Files.setAttribute(theirs, "unix:uid", 65534);
            assertEquals(nobody.pid(), leases().holder(7));
            assertEquals("CPU 7 is reserved by process " + nobody.pid() + " (cat), and reserve=exclusive was said; choose other CPUs with cpus=, "
                            + "or say reserve=share.",
                    assertThrows(CoreTaken.class, () -> take(Reservation.Mode.EXCLUSIVE, 7)).getMessage());
            Files.writeString(lease, PID + " " + ProcessIdentity.startTime(HOST, PID) + "\n");
            assertEquals(CpuLocks.NOBODY, leases().holder(7), "our process is not theirs to lease with");
        } finally {
            nobody.destroyForcibly().waitFor();
        }
    }

    @Test
    void twoSchedulersOfOneProcessDoNotTakeTheSameCore() {
        try (Reservation first = take(Reservation.Mode.SHARE, 1)) {
            assertEquals(CpuSet.of(1), first.held());
            assertEquals(List.of("CPU 1 is reserved by another scheduler of this process, so they share it."),
                    take(Reservation.Mode.SHARE, 1).warnings());
        }
    }

    @Test
    void theLibraryAgreesOnTheMask() throws Exception {
        OpenHftAffinity library = new OpenHftAffinity();
        CpuSet before = library.get();
        int cpu = before.last();
        try {
            library.set(CpuSet.of(cpu));
            assertEquals(CpuSet.of(cpu), library.get());
            String status = Files.readString(Path.of("/proc/thread-self/status"));
            assertTrue(status.contains("Cpus_allowed_list:\t" + cpu + "\n"), status);
        } finally {
            library.set(before);
        }
        assertEquals(before, library.get());
        assertThrows(IllegalStateException.class, () -> library.set(CpuSet.of(1000)));
    }
}
