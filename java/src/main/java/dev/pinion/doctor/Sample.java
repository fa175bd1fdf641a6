package dev.pinion.doctor;

import dev.pinion.cpu.Cgroup;
import dev.pinion.cpu.CpuTable;
import dev.pinion.cpu.HostFiles;
import dev.pinion.cpu.StealTime;
import dev.pinion.cpu.Throttling;
import java.io.File;
import java.util.HashMap;
import java.util.Map;

/**
 * The host's counters at one moment; two of them, a second apart, tell who does what where. Immutable after {@link #read}.
 */
public final class Sample {
    /** Of /proc/PID/stat's flags: a thread of the kernel's own. */
    private static final long PF_KTHREAD = 0x0020_0000;
    private static final int COLUMNS = 8;
    private static final int IDLE = 3;
    private static final int IOWAIT = 4;

    final long nanos;
    final CpuTable interrupts;
    final CpuTable softirqs;
    /** Ticks of 10 ms of each CPU: busy (stolen ones among them), idle. */
    final Map<Integer, long[]> ticks = new HashMap<>();
    final Map<Integer, StealTime> steal;
    final Map<Integer, Task> tasks = new HashMap<>();
    /** Of the cgroup and its parents; null where one does not tell. */
    final Throttling.Reading throttled;
    /** How long threads waited for CPUs, as the kernel writes it: of the cgroup, null where it does not tell, and of the machine. */
    final String groupPressure;
    final Fact machinePressure;

    /** A thread. */
    record Task(int process, String name, long ticks, int cpu, boolean kernels) {
    }

    private Sample(HostFiles files, long nanos) {
        this.nanos = nanos;
        interrupts = new CpuTable(files.read(files.proc("interrupts")));
        softirqs = new CpuTable(files.read(files.proc("softirqs")));
        steal = StealTime.readEach(files);
        throttled = Throttling.find(files).read();
        Cgroup.Place place = new Cgroup(files).find("cpu");
        groupPressure = place != null && place.v2() ? files.read(place.directories().getFirst() + "cpu.pressure") : null;
        machinePressure = Fact.read(files, files.proc("pressure/cpu"));
    }

    /**
     * Reads all of it; with thousands of threads that takes some tens of milliseconds.
     *
     * @param files the host's
     * @param nanos {@code System.nanoTime()}
     * @return what was there to read
     */
    public static Sample read(HostFiles files, long nanos) {
        Sample sample = new Sample(files, nanos);
        sample.readTicks(files.read(files.proc("stat")));
        sample.readTasks(files);
        return sample;
    }

    private void readTicks(String text) {
        for (String line : text == null ? new String[0] : text.split("\n")) {
            String[] words = line.split("\\s+");
            long cpu = words[0].startsWith("cpu") ? Fact.number(words[0].substring(3)) : -1;
            if (cpu < 0) {
                continue;
            }
            long[] sums = new long[2];
            for (int i = 0; i < COLUMNS && i + 1 < words.length; i++) {
                sums[i == IDLE || i == IOWAIT ? 1 : 0] += Math.max(0, Fact.number(words[i + 1]));
            }
            ticks.put((int) cpu, sums);
        }
    }

    private void readTasks(HostFiles files) {
        for (String process : names(files.proc(""))) {
            int pid = (int) Fact.number(process);
            if (pid <= 0) {
                continue;
            }
            for (String thread : names(files.proc(process + "/task"))) {
                Task task = task(pid, files.read(files.proc(process + "/task/" + thread + "/stat")));
                if (task != null) {
                    tasks.put((int) Fact.number(thread), task);
                }
            }
        }
    }

    private static String[] names(String directory) {
        String[] names = new File(directory).list();
        return names == null ? new String[0] : names;
    }

    /** The name in parentheses may hold anything; the state follows the last of them. */
    private static Task task(int pid, String stat) {
        int close = stat == null ? -1 : stat.lastIndexOf(')');
        String[] words = close < 0 ? new String[0] : stat.substring(close + 1).trim().split(" ");
        if (words.length < 37) {
            return null; // it has ended meanwhile
        }
        return new Task(pid, stat.substring(stat.indexOf('(') + 1, close), Fact.number(words[11]) + Fact.number(words[12]),
                (int) Fact.number(words[36]), (Fact.number(words[6]) & PF_KTHREAD) != 0);
    }
}
