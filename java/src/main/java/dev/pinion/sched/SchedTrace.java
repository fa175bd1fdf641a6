package dev.pinion.sched;

import dev.pinion.observe.Cause;
import dev.pinion.observe.Counters;
import dev.pinion.observe.Histogram;
import dev.pinion.observe.LostWakes;
import dev.pinion.vthread.VThreads;

/** Go's {@code schedtrace} and {@code scheddetail}, field for field, and behind those our own. Any thread; reads hints, stops nobody. */
final class SchedTrace {
    private SchedTrace() {}

    static String line(Sched s) {
        StringBuilder out = new StringBuilder(160);
        head(s, out);
        P[] ps = s.allPs();
        int n = Math.min(s.procs(), ps.length);
        out.append(" runqueue=").append(s.global.size()).append(" [");
        for (int i = 0; i < n; i++) {
            out.append(' ').append(ps[i].queue.size());
        }
        out.append(" ] schedticks=[");
        for (int i = 0; i < n; i++) {
            out.append(' ').append(Integer.toUnsignedString(ps[i].schedTick));
        }
        out.append(" ]");
        own(s, out);
        return out.toString();
    }

    /** Of all Ps, those out of service too. */
    private static void own(Sched s, StringBuilder out) {
        long announced = 0;
        long found = 0;
        long handOffs = 0;
        long slices = 0;
        long stalled = 0;
        long falseAlarms = 0;
        int withoutP = 0;
        long[] nextG = new long[Histogram.BUCKETS];
        for (P p : s.allPs()) {
            Counters c = p.counters;
            announced += c.blocksAnnounced();
            found += c.blocksFound();
            handOffs += c.handOffs();
            slices += c.changes(Cause.SLICE);
            stalled += c.changes(Cause.STALLED);
            falseAlarms += c.falseAlarms();
            withoutP += p.msWithoutP();
            c.blockToNextG().addTo(nextG);
        }
        out.append(" announced=").append(announced).append(" found=").append(found).append(" handoffs=").append(handOffs);
        out.append(" slice=").append(slices).append(" stalled=").append(stalled).append(" falsealarms=").append(falseAlarms).append(" withoutp=").append(withoutP);
        durations(" nextg=", nextG, out);
        LostWakes lost = s.watchdog.counts;
        out.append(" lost=").append(lost.ofQueued()).append('/').append(lost.ofUnpolled()).append('/').append(lost.ofEdges());
    }

    private static void durations(String name, long[] sums, StringBuilder out) {
        out.append(name).append(Histogram.percentile(sums, 0.5) / 1000).append('/').append(Histogram.percentile(sums, 0.99) / 1000).append("us");
    }

    private static void own(P p, StringBuilder out) {
        Counters c = p.counters;
        out.append(" announced=").append(c.blocksAnnounced()).append(" handoffs=").append(c.handOffs());
        out.append(" tripwire=").append(c.changes(Cause.TRIPWIRE)).append(" sysmon=").append(c.changes(Cause.SYSMON));
        out.append(" slice=").append(c.changes(Cause.SLICE)).append(" stalled=").append(c.changes(Cause.STALLED)).append(" request=").append(c.changes(Cause.REQUEST));
        out.append(" falsealarms=").append(c.falseAlarms());
        out.append(" returns=").append(c.returnsWithP()).append('/').append(c.returnsWithoutP()).append(" ranwithoutp=").append(c.runsWithoutP());
        out.append(" mmade=").append(c.msMade()).append(" mparked=").append(p.idleMs()).append(" mended=").append(c.msEnded());
        out.append(" mwithoutp=").append(p.msWithoutP());
        long[] sums = new long[Histogram.BUCKETS];
        c.blockToNextG().addTo(sums);
        durations(" nextg=", sums, out);
        sums = new long[Histogram.BUCKETS];
        c.blocked().addTo(sums);
        durations(" blocked=", sums, out);
    }

    private static void head(Sched s, StringBuilder out) {
        int idleMs = 0;
        for (P p : s.allPs()) {
            idleMs += p.idleMs();
        }
        out.append("SCHED ").append((System.nanoTime() - s.startNanos) / 1_000_000).append("ms: gomaxprocs=").append(s.procs());
        out.append(" idleprocs=").append(s.idle.count()).append(" threads=").append(s.machines.alive() + 1);
        out.append(" spinningthreads=").append(s.spinning.get()).append(" needspinning=0 idlethreads=").append(idleMs);
    }

    static String detail(Sched s) {
        StringBuilder out = new StringBuilder(1024);
        head(s, out);
        out.append(" runqueue=").append(s.global.size());
        out.append(" gcwaiting=false nmidlelocked=").append(s.lockedMs.all.asleep()).append(" stopwait=0 sysmonwait=").append(s.sysmon.isDeep());
        for (P p : s.allPs()) {
            out.append("\n  P").append(p.id).append(": status=").append(PWord.stateAcquire(p.word));
            out.append(" schedtick=").append(Integer.toUnsignedString(p.schedTick)).append(" syscalltick=").append(p.counters.handOffs());
            out.append(" m=").append(holder(p)).append(" runqsize=").append(p.queue.size());
            out.append(" gfreecnt=").append(p.deadHosts.count()).append(" timerslen=").append(p.timers.size());
            out.append(" cpu=").append(p.cpu).append(" rehomed=").append(p.rehomed);
            own(p, out);
        }
        for (P p : s.allPs()) {
            for (M m : p.idleSlots) {
                if (m != null) {
                    machine(m, out);
                }
            }
        }
        for (M m : s.machines.withoutSlot()) {
            machine(m, out);
        }
        s.hosts.busy().forEach(g -> out.append("\n  G").append(g.threadId()).append(": status=").append(VThreads.stateOf(g))
                .append('(').append(g.getState()).append(") m=").append(g.getState() == Thread.State.RUNNABLE ? "?" : "nil")
                .append(" lockedm=").append(lockedM(s, g)));
        return out.toString();
    }

    private static void machine(M m, StringBuilder out) {
        long current = m.currentId;
        P p = m.p;
        LockedG locked = m.locked;
        out.append("\n  M").append(m.number).append(": p=").append(p == null ? "nil" : String.valueOf(p.id));
        out.append(" curg=").append(current == 0 ? "nil" : String.valueOf(current));
        out.append(" mallocing=0 throwing=0 preemptoff= locks=0 dying=0 spinning=").append(m.spinning);
        out.append(" blocked=").append(m.announced);
        out.append(" lockedg=").append(locked == null ? "nil" : String.valueOf(locked.thread.threadId()));
    }

    private static String lockedM(Sched s, Thread g) {
        LockedG locked = s.lockedMs.all.find(g);
        return locked == null ? "nil" : String.valueOf(locked.m.number);
    }

    private static String holder(P p) {
        for (M m : p.idleSlots) {
            if (m != null && m.p == p) {
                return String.valueOf(m.number);
            }
        }
        for (M m : p.sched.machines.withoutSlot()) {
            if (m.p == p) {
                return String.valueOf(m.number);
            }
        }
        return "nil";
    }
}
