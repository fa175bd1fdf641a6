package dev.pinion.pin;

import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.HostFiles;
import dev.pinion.nativelib.NativeCallException;
import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SignalHandlers;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A command on CPUs of its own from its first instruction: the thread that starts it binds itself before, and a child has its creator's CPUs.
 * It shares our standard streams and our process group. {@link dev.pinion.nativelib.Boot} must have succeeded.
 */
public final class PinnedProcess {
    /** What a JVM lets its program handle, of the signals with which processes are told something. */
    private static final List<String> PASSED_ON = List.of("HUP", "INT", "TERM", "USR1", "CONT");

    private static final int INTERRUPT = 2;

    /** {@code /proc} tells of no new thread. While something happens that costs a thread of ours some percent of a CPU, later nothing. */
    private static final long OFTEN_MILLIS = 2;

    private static final long SELDOM_MILLIS = 200;
    private static final long CHILDREN_NANOS = 100_000_000;

    private final HostFiles host;
    private Process process;
    private int early;

    private PinnedProcess(HostFiles host) {
        this.host = host;
    }

    private void begin(List<String> command, CpuSet cpus) throws IOException {
        for (String signal : PASSED_ON) {
            SignalHandlers.handle(signal, this::passOn);
        }
        Starter starter = new Starter(command, cpus);
        Thread thread = Thread.ofPlatform().name("pin").start(starter);
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true; // the child may be there already, and somebody has to know it
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        starter.check();
    }

    /** A signal that came before the child did is for it. An interrupt in the moment after its birth it may get twice. */
    private synchronized void born(Process child) {
        process = child;
        if (early != 0) {
            send(early);
        }
    }

    private final class Starter implements Runnable {
        private final List<String> command;
        private final CpuSet cpus;
        private IOException refused;
        private int result;

        Starter(List<String> command, CpuSet cpus) {
            this.command = command;
            this.cpus = cpus;
        }

        @Override
        public void run() {
            result = Natives.setAffinity(0, cpus.toMask());
            if (result < 0) {
                return;
            }
            try {
                born(new ProcessBuilder(command).inheritIO().start());
            } catch (IOException e) {
                refused = e;
            }
        }

        void check() throws IOException {
            NativeCallException.check("sched_setaffinity to CPUs " + cpus, result);
            if (refused != null) {
                throw refused;
            }
        }
    }

    /**
     * Starts it; from now on this process passes its signals on. Once in a process, by one thread.
     *
     * @throws IOException          if the kernel does not run the command
     * @throws NativeCallException  if the CPUs cannot be had
     */
    public static PinnedProcess start(HostFiles host, List<String> command, CpuSet cpus) throws IOException {
        PinnedProcess process = new PinnedProcess(host);
        process.begin(command, cpus);
        return process;
    }

    /** @return its process id */
    public long pid() {
        return process.pid();
    }

    /** @return its exit code; 128 and the signal's number, if it was killed */
    public int await() throws InterruptedException {
        return process.waitFor();
    }

    /**
     * Waits, and moves threads of it and of its children meanwhile: looks often as long as there are new ones, seldom later.
     *
     * @return as {@link #await()}
     */
    public int await(ThreadMover mover) throws InterruptedException {
        long pause = OFTEN_MILLIS;
        long childrenAt = System.nanoTime();
        Set<Long> family = Set.of(pid());
        do {
            int moved = mover.look(family);
            if (System.nanoTime() - childrenAt >= 0) {
                family = new LinkedHashSet<>(Set.of(pid()));
                process.descendants().map(ProcessHandle::pid).forEach(family::add);
                childrenAt = System.nanoTime() + CHILDREN_NANOS;
                moved += mover.look(family);
            }
            pause = moved > 0 ? OFTEN_MILLIS : Math.min(SELDOM_MILLIS, pause + Math.max(1, pause / 8));
        } while (!process.waitFor(pause, TimeUnit.MILLISECONDS));
        return await();
    }

    private synchronized void passOn(int signal) {
        if (process == null) {
            early = signal;
        } else if (signal != INTERRUPT || !inForeground(host.read(host.proc("self/stat")))) {
            send(signal);
        }
    }

    private void send(int signal) {
        if (process.isAlive()) {
            Natives.sendSignal((int) process.pid(), signal); // a child that is gone meanwhile, or another user's, needs none from us
        }
    }

    /**
     * A terminal sends the interrupt of its Ctrl-C to all processes of the group in its foreground, so the child has it already, and many a program ends without
     * cleaning up at a second one.
     *
     * @param stat the content of {@code /proc/self/stat}
     */
    static boolean inForeground(String stat) {
        if (stat == null) {
            return false;
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" "); // state, parent, group, session, terminal, its foreground group
        return !fields[4].equals("0") && fields[2].equals(fields[5]);
    }
}
