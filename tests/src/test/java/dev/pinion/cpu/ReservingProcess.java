package dev.pinion.cpu;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.openhft.affinity.AffinityLock;
import net.openhft.affinity.LockCheck;
import net.openhft.affinity.lockchecker.FileLockBasedLockChecker;

/** Another process, in which a test reserves a CPU or looks at one. It says what it found and stays until its input ends. */
final class ReservingProcess implements AutoCloseable {
    private final Process process;
    /** What the process found. */
    final String answer;

    ReservingProcess(Path temporary, String what, int cpu) throws IOException {
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow(),
                "-Djava.io.tmpdir=" + temporary, "--enable-native-access=ALL-UNNAMED", "-Xshare:auto", "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("java.class.path"), ReservingProcess.class.getName(), what, Integer.toString(cpu)));
        process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        answer = new BufferedReader(new InputStreamReader(process.getInputStream())).readLine();
    }

    long pid() {
        return process.pid();
    }

    /** Without any clean-up. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.onExit().join();
    }

    public static void main(String[] args) throws IOException {
        int cpu = Integer.parseInt(args[1]);
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        HostFiles host = HostFiles.ofThisMachine();
        String answer = switch (args[0]) {
            case "lease" -> "" + new LeaseDirectory(host, temporary).tryLock(cpu);
            case "reserve" -> Reservation.take(Reservation.Mode.SHARE, CpuSet.of(cpu), host, new LockFiles(host, temporary),
                    new LeaseDirectory(host, temporary)).held().toString();
            case "openhft-look" -> LockCheck.isCpuFree(cpu) ? "free" : "taken by " + LockCheck.getProcessForCpu(cpu);
            case "openhft-obtain" -> "" + FileLockBasedLockChecker.getInstance().obtainLock(cpu, 0, "" + LockCheck.getPID());
            case "openhft-affinity" -> "" + AffinityLock.acquireLock(cpu).cpuId();
            default -> throw new IllegalArgumentException(args[0]);
        };
        System.out.println(answer);
        while (System.in.read() >= 0) {
            continue; // until the test closes its end
        }
    }
}
