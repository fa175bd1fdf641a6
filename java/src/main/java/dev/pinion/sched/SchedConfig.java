package dev.pinion.sched;

import dev.pinion.cpu.CpuSet;
import java.util.Map;

/**
 * What a scheduler is made from.
 *
 * @param name in traces and dumps
 * @param gomaxprocs Ps at the start, from 1 on
 * @param cpus the CPU of each P, used round and round; empty: unpinned
 * @param processMask the CPUs that threads and processes started by a G get, as the kernel's mask words
 * @param idle what an idle P does
 * @param idleOfP where it is another for some Ps, by their numbers
 * @param quota a cgroup limits the CPU time of the process; that may change ({@link Upkeep})
 * @param threadPrefix Ms are named {@code prefix-P0-M3}
 * @param retake what finds blocks that nobody announced
 * @param sliceNanos what a G may compute while a fresh one waits; 0: without limit
 * @param withoutTick the CPUs in {@code nohz_full}
 * @param stealOrder for each CPU of {@code cpus} by position: the positions of the others, nearest first; null: any order
 * @param maxThreads the most Ms there may be
 * @param netpoll sockets are polled by the Ps
 */
public record SchedConfig(
        String name, int gomaxprocs, int[] cpus, long[] processMask, IdleStrategy idle, Map<Integer, IdleStrategy> idleOfP, boolean quota, String threadPrefix,
        Retake.Mode retake, long sliceNanos, CpuSet withoutTick, int[][] stealOrder,
        int maxThreads, boolean netpoll) {
    /** More Ps than this are refused. */
    public static final int MAX_PROCS = 4096;

    IdleStrategy idleOf(int p) {
        return idleOfP.getOrDefault(p, idle);
    }
}
