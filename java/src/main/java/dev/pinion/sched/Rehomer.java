package dev.pinion.sched;

import dev.pinion.cpu.AllowedCpus;
import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.HostFiles;
import dev.pinion.cpu.Rehoming;
import dev.pinion.cpu.StatLoad;
import dev.pinion.cpu.Topology;
import dev.pinion.nativelib.Natives;
import java.io.File;
import java.util.Arrays;

/**
 * A P leaves a core that others keep busy, while an allowed CPU is free. Go leaves that to the kernel's balancer; a pinned P has none, so
 * sysmon looks about twenty times a second, at busy Ps only, and half as often where that has not helped for some seconds. {@link Rehoming} has the rule,
 * {@link Places} makes the move.
 *
 * <p>Reserved cores: a CPU is asked for on another thread, since that reads and writes files, and the move is made at a later look. A CPU
 * that another process has reserved is not free, however idle it is.
 *
 * <p>A place without a live P that had the new CPU gets the old one: a P that GOMAXPROCS adds later does not come down on a neighbour.
 *
 * <p>Everything here is sysmon's alone.
 */
final class Rehomer {
    /** Between two looks at busy Ps. Two of them fit into what {@link Rehoming#SUSTAINED_NANOS} asks for; each took 50 us for a P. */
    static final long LOOK_NANOS = 50_000_000;

    /** The kernel counts load in ticks of 1 to 10 ms: at least ten of them. 200 us more, so only while a P is kept from its core. */
    private static final long LOAD_NANOS = 100_000_000;

    /** Where a P is kept from its core for ever, since there is no other for it, the load is read less and less often, down to this. */
    private static final long MOST_LOAD_NANOS = 16 * LOAD_NANOS;

    /** So long a CPU that another process has reserved is not asked for again. */
    private static final long REFUSAL_NANOS = 10_000_000_000L;

    private static final int SHARED_PERMILLE = 20;

    /** What sysmon's own turns take from the core that it runs on: themselves, and two switches each. */
    private static final int OWN_SHARE = 2;

    private final Sched sched;
    private final Places places;
    private final Topology topology;
    private final AllowedCpus allowed;
    private final CoreReservation reservation;
    private final HostFiles host;
    private final boolean measures;
    private StatLoad load;
    private long loadNanos;
    private long loadPause = LOAD_NANOS;
    private CoreWatch[] watches = {};
    private CpuSet refused = CpuSet.EMPTY;
    private long refusedNanos;
    private int asking = -1;
    private int askedFor;
    private long ownNanos;
    private long ownCpu;
    private int ownPermille;

    /** @param reservation null: cores are not reserved */
    Rehomer(Sched sched, Places places, Topology topology, AllowedCpus allowed, CoreReservation reservation, HostFiles host) {
        this.sched = sched;
        this.places = places;
        this.topology = topology;
        this.allowed = allowed;
        this.reservation = reservation;
        this.host = host;
        measures = new File(host.proc("self/schedstat")).exists(); // some sandboxes have none; `pinion topology` says so
    }

    /** After {@link #pauseNanos}. @param now {@code System.nanoTime()} */
    void look(long now) {
        if (!measures) {
            return;
        }
        measureOwn(now);
        P[] ps = sched.allPs();
        int n = Math.min(sched.procs(), ps.length);
        for (int i = watches.length; i < n; i++) {
            watches = Arrays.copyOf(watches, i + 1);
            watches[i] = new CoreWatch(ps[i], host, now);
        }
        boolean kept = false;
        for (int i = 0; i < n; i++) {
            watches[i].look(now);
            kept |= watches[i].sustainedNanos() > 0;
        }
        if (asking >= 0) {
            settleQuestion(now);
        } else if (!kept) {
            loadNanos = 0;
            loadPause = LOAD_NANOS;
        } else if (loadNanos == 0) {
            beginLoad(now);
        } else if (now - loadNanos >= loadPause && load.sample(now)) {
            loadNanos = now;
            loadPause = Math.min(2 * loadPause, MOST_LOAD_NANOS);
            decide(n, now);
        }
    }

    /** How long it may be until the next look, in nanoseconds. */
    long pauseNanos() {
        return loadPause == MOST_LOAD_NANOS ? 2 * LOOK_NANOS : LOOK_NANOS;
    }

    /**
     * Whether others have kept its Ms from their core of late, for a fiftieth of the time. Sysmon is none of them: it looks more often where a
     * core is shared, and would find for ever that it is.
     */
    boolean isShared(P p) {
        return p.id < watches.length && watches[p.id].delayPermille() > SHARED_PERMILLE + OWN_SHARE * ownPermille;
    }

    private void measureOwn(long now) {
        long cpu = Natives.threadCpuNanos(Natives.gettid());
        ownPermille = (int) Math.min(1000, (cpu - ownCpu) * 1000 / Math.max(1, now - ownNanos));
        ownCpu = cpu;
        ownNanos = now;
    }

    private void beginLoad(long now) {
        loadNanos = now;
        if (load == null) {
            load = new StatLoad(host, now);
        } else {
            load.sample(now);
        }
    }

    /** One P at a time: after a move the load is another one. */
    private void decide(int n, long now) {
        for (int i = 0; i < n; i++) {
            CoreWatch watch = watches[i];
            if (watch.sustainedNanos() < Rehoming.SUSTAINED_NANOS) {
                continue;
            }
            if (now - refusedNanos > REFUSAL_NANOS) {
                refused = CpuSet.EMPTY;
            }
            int delay = watch.delayPermille();
            int from = watch.p.cpu;
            CpuSet taken = places.live().union(CoreClaims.all()).union(refused);
            int to = Rehoming.freeCpu(topology, from, allowed.read(), taken, load.pressing(), Rehoming.freeBelow(delay));
            if (!Rehoming.shouldRehome(delay, watch.sustainedNanos(), watch.ownPermille(), load.busyPermille(from), to)) {
                continue;
            }
            if (reservation == null) {
                move(i, to, now);
            } else {
                asking = i;
                askedFor = to;
                reservation.ask(to);
            }
            return;
        }
    }

    private void settleQuestion(long now) {
        CoreReservation.Answer answer = reservation.answer();
        if (answer == CoreReservation.Answer.PENDING) {
            return;
        }
        int id = asking;
        asking = -1;
        if (answer == CoreReservation.Answer.REFUSED) {
            refused = refused.with(askedFor);
            refusedNanos = now;
        } else if (places.live().contains(askedFor)) {
            return; // meanwhile another P has fled there, or one that GOMAXPROCS added lives there: it is reserved for that one
        } else if (id >= sched.procs()) {
            reservation.giveBack(askedFor); // this P has gone
        } else if (!move(id, askedFor, now)) {
            reservation.giveBack(askedFor);
        }
    }

    private boolean move(int id, int cpu, long now) {
        int[] to = sched.places().clone();
        int place = id % to.length;
        int from = to[place];
        for (int i = 0; i < to.length; i++) {
            if (to[i] == cpu) {
                to[i] = from;
            }
        }
        to[place] = cpu;
        loadNanos = 0;
        loadPause = LOAD_NANOS;
        if (!places.move(to)) {
            return false;
        }
        watches[id].moved(now);
        places.fled(from, cpu);
        if (reservation != null) {
            reservation.follow(from, cpu, places.live());
        }
        return true;
    }

    /** After the last look. */
    void close() {
        for (CoreWatch watch : watches) {
            watch.close();
        }
    }
}
