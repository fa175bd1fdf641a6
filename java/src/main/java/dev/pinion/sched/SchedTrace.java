package dev.pinion.sched;

import dev.pinion.vthread.VThreads;

/** Go's {@code schedtrace} and {@code scheddetail}, field for field. Any thread; reads hints, stops nobody. */
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
        return out.append(" ]").toString();
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
        out.append(" gcwaiting=false nmidlelocked=0 stopwait=0 sysmonwait=").append(s.sysmon.isDeep());
        for (P p : s.allPs()) {
            out.append("\n  P").append(p.id).append(": status=").append(PWord.stateAcquire(p.word));
            out.append(" schedtick=").append(Integer.toUnsignedString(p.schedTick)).append(" syscalltick=").append(p.handOffs);
            out.append(" m=").append(holder(p)).append(" runqsize=").append(p.queue.size());
            out.append(" gfreecnt=").append(p.deadHosts.count()).append(" timerslen=").append(p.timers.size());
            out.append(" cpu=").append(p.cpu).append(" rehomed=").append(p.rehomed);
        }
        for (P p : s.allPs()) {
            for (M m : p.idleSlots) {
                if (m != null) {
                    long current = m.currentId;
                    out.append("\n  M").append(m.number).append(": p=").append(m.p == null ? "nil" : String.valueOf(p.id));
                    out.append(" curg=").append(current == 0 ? "nil" : String.valueOf(current));
                    out.append(" mallocing=0 throwing=0 preemptoff= locks=0 dying=0 spinning=").append(m.spinning);
                    out.append(" blocked=").append(m.announced).append(" lockedg=nil");
                }
            }
        }
        s.hosts.busy().forEach(g -> out.append("\n  G").append(g.threadId()).append(": status=").append(VThreads.stateOf(g))
                .append('(').append(g.getState()).append(") m=").append(g.getState() == Thread.State.RUNNABLE ? "?" : "nil")
                .append(" lockedm=nil"));
        return out.toString();
    }

    private static String holder(P p) {
        for (M m : p.idleSlots) {
            if (m != null && m.p == p) {
                return String.valueOf(m.number);
            }
        }
        return "nil";
    }
}
