package dev.pinion;

import dev.pinion.observe.Cause;
import dev.pinion.observe.Counters;
import dev.pinion.observe.Histogram;
import dev.pinion.observe.LostWakes;
import dev.pinion.sched.Sched;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * What has happened in a scheduler since its start, where Gs blocked and Ps changed their Ms: {@link Scheduler#stats}. Counts never go back and none is
 * lost, but they are read one after the other while work goes on, so they fit each other only when nothing does.
 *
 * @param scheduler its name
 * @param ps of each P there ever was, by its number; those beyond GOMAXPROCS are out of service and keep their counts
 * @param blockToNextG from the moment a G said that it would block, or was found blocked, until its P had the next G to run, where there was one
 * @param blocked how long blocks took: announced ones from the announcement to the end of the call; those that were found from then until their M
 *     came back to the scheduler, so with what its G did after the block: computing, or blocking again
 * @param lost wake-ups that the watchdog proved lost
 */
public record SchedulerStats(String scheduler, List<OfP> ps, Durations blockToNextG, Durations blocked, Lost lost) {
    /**
     * Wake-ups that were lost and made good: 0 in all, or there is a bug in Pinion, which has said so in a line on stderr. Ms that merely get no CPU do
     * not count. It takes milliseconds; of {@code spinning} 50 ms and more; of {@code edges} a second for each 255 waits for sockets at worst, which are
     * looked through in turn.
     *
     * @param queued how often a G lay queued though a P was idle, nobody searched, and a call for a searcher had no effect
     * @param unpolled how often sockets were ready, and nobody came to look
     * @param edges how many Gs waited for a socket that was ready, its event gone
     * @param spinning of those queued, how often it was because the count of searchers was not 0 without one
     */
    public record Lost(long queued, long unpolled, long edges, long spinning) {
        private static Lost of(LostWakes counts) {
            return new Lost(counts.ofQueued(), counts.ofUnpolled(), counts.ofEdges(), counts.ofSpinning());
        }
    }

    /**
     * What has happened to one P.
     *
     * @param id its number
     * @param blocksAnnounced blocks that its Gs said beforehand: {@link Syscalls} that would wait, {@link Blocking}, calls that the JDK announces
     * @param handOffs how often it was given from one M to another. Not after every announced block: a P with nothing to run is just idle
     * @param takenByTripwire how often its M was blocked without having said so, and the core's tripwire noticed. However often its G
     *     blocks from then until it parks, that is one: without a P it keeps nobody waiting, so nobody looks
     * @param takenBySysmon the same, noticed by sysmon
     * @param takenBySlice how often its G had run for a slice while others waited
     * @param takenStalled how often others waited while its M could run and got no CPU: their Gs and timers went to other Ps
     * @param takenOnRequest how often {@link Scheduler#takeP} took it
     * @param falseAlarms how often its M seemed to be blocked, and was not: it kept the P
     * @param returnsWithP how often a G came back from an announced block and had its P at once
     * @param returnsWithoutP how often it had not, and queued. (Also after calls that seldom block, when the P was taken during one.)
     * @param ranWithoutP how often an M came back to the scheduler to learn that its P had been taken from under its G
     * @param msMade threads made for it
     * @param msParked of those, how many sleep now until they get the P
     * @param msEnded how many have ended
     * @param msWithoutP how many run a G now though the P was taken from them, or are still in the block for which it was; those beyond the 64th
     *     thread of the P are not seen
     */
    public record OfP(int id, long blocksAnnounced, long handOffs, long takenByTripwire, long takenBySysmon, long takenBySlice, long takenStalled,
            long takenOnRequest, long falseAlarms, long returnsWithP, long returnsWithoutP, long ranWithoutP, long msMade, int msParked, long msEnded, int msWithoutP) {
        /** Blocks that nobody announced. */
        public long blocksFound() {
            return takenByTripwire + takenBySysmon;
        }
    }

    /**
     * Durations in nanoseconds; at most a sixteenth too much, and none above 73 minutes.
     *
     * @param count how many there were; the others are 0 if none
     */
    public record Durations(long count, long p50Nanos, long p90Nanos, long p99Nanos, long p999Nanos, long maxNanos) {
        private static Durations of(long[] sums) {
            return new Durations(Histogram.total(sums), Histogram.percentile(sums, 0.5), Histogram.percentile(sums, 0.9),
                    Histogram.percentile(sums, 0.99), Histogram.percentile(sums, 0.999), Histogram.percentile(sums, 1));
        }
    }

    static SchedulerStats of(Sched sched) {
        int n = sched.everProcs();
        List<OfP> ps = new ArrayList<>();
        for (int id = 0; id < n; id++) {
            ps.add(ofP(sched, id));
        }
        return new SchedulerStats(sched.name(), List.copyOf(ps), durations(sched, n, Counters::blockToNextG), durations(sched, n, Counters::blocked),
                Lost.of(sched.lostWakes()));
    }

    private static OfP ofP(Sched sched, int id) {
        Counters c = sched.counters(id);
        return new OfP(id, c.blocksAnnounced(), c.handOffs(), c.changes(Cause.TRIPWIRE), c.changes(Cause.SYSMON), c.changes(Cause.SLICE),
                c.changes(Cause.STALLED), c.changes(Cause.REQUEST), c.falseAlarms(), c.returnsWithP(), c.returnsWithoutP(), c.runsWithoutP(), c.msMade(), sched.msParked(id),
                c.msEnded(), sched.msWithoutP(id));
    }

    private static Durations durations(Sched sched, int n, Function<Counters, Histogram> which) {
        long[] sums = new long[Histogram.BUCKETS];
        for (int id = 0; id < n; id++) {
            which.apply(sched.counters(id)).addTo(sums);
        }
        return Durations.of(sums);
    }

    /** One count of all Ps together. */
    public long sum(ToLongFunction<OfP> count) {
        return ps.stream().mapToLong(count).sum();
    }
}
