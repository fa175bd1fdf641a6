package dev.pinion.sched;

import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.observe.Cause;
import dev.pinion.observe.Counters;
import dev.pinion.observe.LostWakes;
import dev.pinion.queue.GlobalRunQueue;
import dev.pinion.timer.Timer;
import dev.pinion.timer.TimerHeap;
import dev.pinion.vthread.HostContainer;
import dev.pinion.vthread.SchedulerPool;
import dev.pinion.vthread.ThreadCensus;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** One scheduler: its Ps, its global queue, its counts. The rules are in the classes beside it. */
public final class Sched implements SchedulerPool.Target, Lifetime.Owner {
    static final int EINVAL = 22;
    static final int ETIMEDOUT = 110;
    static final Runnable RELAX = new YieldCpu();
    private static final long OOM_PAUSE_NANOS = 1_000_000;

    private static final class YieldCpu implements Runnable {
        @Override
        public void run() {
            Natives.schedYield();
        }
    }

    final String threadPrefix;

    /** A cgroup limits the CPU time of the process. By sysmon. */
    volatile boolean quota;

    /** How long an idle P may spin at most, nanoseconds. */
    final long spinLimit = Natives.isVirtualMachine() ? IdleSpin.LIMIT_IN_VM_NANOS : IdleSpin.LIMIT_NANOS;

    final GlobalRunQueue global = new GlobalRunQueue(RELAX);

    /** Gs that have never run and wait until some core has room for them ({@link Crowd}). */
    final GlobalRunQueue newcomers = new GlobalRunQueue(RELAX);

    final IdlePs idle = new IdlePs(SchedConfig.MAX_PROCS);
    final AtomicInteger spinning = new AtomicInteger();
    final HostRegistry hosts = new HostRegistry();
    final LongAdder foreignSpawned = new LongAdder();
    final LongAdder foreignFinished = new LongAdder();
    final Machines machines = new Machines(this);
    final LockedMs lockedMs = new LockedMs(this);
    final ThreadLimit threadLimit;
    final Resize resize = new Resize(this);
    final Sysmon sysmon;
    final Network network;
    final Watchdog watchdog = new Watchdog(this);
    final HostContainer container;
    final PlainThreads plainThreads;
    final SchedulerPool pool;
    final Lifetime lifetime;
    final long startNanos = System.nanoTime();
    volatile boolean closed;

    final SchedConfig config;
    private volatile P[] ps = new P[0];
    private volatile int[][] stealOrders = new int[0][];

    /** The CPU of each place; P n is at place n modulo their number. Empty: unpinned. Under the GOMAXPROCS lock, as what follows from it. */
    private volatile int[] places;

    private int[][] nearPlaces;
    private volatile int procs;
    private volatile boolean setByHand;
    private volatile Runnable atStop;

    /** Tests have {@link #wake} do nothing, to see that it is noticed. */
    volatile boolean wakesLost;

    /** Makes and starts it. The calling thread is not one of a scheduler's Ms. */
    public static Sched start(SchedConfig config) {
        Fatal.prepare();
        Recordings.look();
        Sched s = new Sched(config);
        s.growTo(config.gomaxprocs());
        s.procs = config.gomaxprocs();
        s.machines.prepare(s.ps[0]);
        for (int i = 0; i < s.procs; i++) {
            s.idle.add(i);
            s.machines.start(s.ps[i], Machines.FIRST, false);
        }
        s.sysmon.start();
        Exit.watch(s);
        return s;
    }

    private Sched(SchedConfig config) {
        this.config = config;
        places = config.cpus();
        nearPlaces = config.stealOrder();
        threadPrefix = config.threadPrefix();
        quota = config.quota();
        pool = new SchedulerPool(this);
        network = new Network(this, config.netpoll());
        lifetime = new Lifetime(config.name(), this);
        threadLimit = new ThreadLimit(this, config.maxThreads());
        plainThreads = new PlainThreads(this);
        container = new HostContainer(config.name(), plainThreads);
        Retake retake = new Retake(this, config.retake(), config.sliceNanos());
        sysmon = new Sysmon(this, retake, config.retake() == Retake.Mode.TRIPWIRE ? new Tripwires(this, config.withoutTick()) : null);
        Natives.setProcessMask(config.processMask());
    }

    /** The face to the JDK: what virtual threads of this scheduler are made with. */
    public SchedulerPool pool() {
        return pool;
    }

    /** Starts a task of {@code go}. Any thread. */
    public void go(GTask task) {
        Submit.submit(this, task);
    }

    @Override
    public void execute(Runnable task) {
        Submit.submit(this, task);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delayNanos) {
        long when = deadline(delayNanos);
        while (true) {
            try {
                Timer timer = new Timer(when, command);
                set(timer);
                return timer;
            } catch (OutOfMemoryError e) {
                napForMemory(); // called while a G parks: an exception here would lose the G
            }
        }
    }

    /**
     * Sets a timer. Its command runs on an M, in the run loop: it may only make Gs runnable, parks, locks and loads nothing, and throws nothing but
     * OutOfMemoryError; then it runs again. Any thread; a full fence.
     *
     * @throws OutOfMemoryError before anything changed
     */
    public void set(Timer timer) {
        long when = timer.when();
        M current = M.current();
        M m = current != null && current.sched == this ? current : null;
        P p = m == null ? ps[0] : m.home;
        if (!p.timers.add(timer)) {
            p = ps[0];
            p.timers.add(timer);
        }
        fence();
        boolean mine = m != null && m.stillHolds(p);
        long first = p.timers.nextWhen();
        if (!mine && first >= when) {
            timerAdded(p); // the P may sleep, or be about to, with a later deadline in mind
        }
        // The M itself sets it while it parks a G: then it comes to the heap next. A G that sets it may compute when the time has come.
        if (!mine || Thread.currentThread() != m || !p.queue.isEmpty()) {
            sysmon.timerAdded(first); // perhaps an earlier one, of which sysmon has not been told because its setter parked
        }
    }

    /** {@link System#nanoTime} so many nanoseconds from now; less than a century. */
    public static long deadline(long delayNanos) {
        return System.nanoTime() + Math.clamp(delayNanos, 0, Long.MAX_VALUE / 4);
    }

    /** Shows all timers that are set, cancelled ones too. Any thread that is not in scheduler code; holds up changes of GOMAXPROCS meanwhile. */
    public void eachTimer(Consumer<Timer> look) {
        for (Timer timer : resize.unchanged(() -> {
            List<Timer> all = new ArrayList<>();
            for (P p : ps) {
                all.addAll(Arrays.asList(p.timers.snapshot()));
            }
            return all;
        })) {
            look.accept(timer);
        }
    }

    /** Gives the collector a moment, as the JDK's own unpark does. By a thread that holds no P in SCHED, and no lock. */
    void napForMemory() {
        Natives.futexWait(sysmon.nap(), 0, OOM_PAUSE_NANOS);
    }

    /** A P that sleeps must learn of an earlier deadline. */
    void timerAdded(P p) {
        fence(); // pairs with the idler's between its ticket and its look at nextWhen
        if (p.timers.nextWhen() != TimerHeap.NEVER && idle.tryTake(p.id)) {
            HandOff.start(p, false);
        }
    }

    /**
     * Sends one M to search, if none does and a P is idle (Go: wakep). After a full fence that follows the push.
     *
     * <p>The loop is not thrift: while this thread counted as spinning, others relied on it. If it finds no ticket it must look again after
     * it has lowered the count, at the tickets themselves: a P that was about to give its own out counted on the searcher it saw
     * (found by the model, {@code wakerLowersTheSpinningCountAndGoes}).
     *
     * @return whether a P was started
     */
    boolean wake(int near) {
        while (spinning.get() == 0 && idle.any() && !wakesLost && spinning.compareAndSet(0, 1)) {
            int id = idle.takeAny(near);
            if (id >= 0) {
                HandOff.start(ps[id], true);
                return true;
            }
            spinning.decrementAndGet();
            if (!idle.anyTicket()) {
                return false;
            }
        }
        return false;
    }

    void fence() {
        VarHandle.fullFence();
    }

    /** Work that a P without any could take: not runnext, which its own P is about to run. */
    boolean anyQueued() {
        if (global.size() != 0) {
            return true;
        }
        for (P p : ps) {
            if (p.queue.size() != 0) {
                return true;
            }
        }
        return false;
    }

    /** No P runs or looks for a G. A hint. */
    boolean allIdle() {
        return idle.count() >= procs;
    }

    /** Something that this P, which has just gone idle, would run, or would wait for. After the full fence of its ticket. */
    boolean wants(P p) {
        return anyQueued() || p.hasLockedReady() || newcomers.size() != 0 && p.crowd.hasRoom();
    }

    /** As {@link #anyQueued}, and what lies in the runnext of any P but {@code own}: it may lie there under a long G. */
    boolean anyStealable(P own) {
        if (global.size() != 0) {
            return true;
        }
        for (P p : ps) {
            if (p.queue.size() != 0 || p != own && p.queue.peekNext() != null) {
                return true;
            }
        }
        return false;
    }

    /** What a G may compute while a fresh one waits, nanoseconds; 0: without limit. */
    long slice() {
        return config.sliceNanos();
    }

    /** GOMAXPROCS. */
    public int procs() {
        return procs;
    }

    void setProcs(int n) {
        procs = n;
    }

    /** @return the former value. Any thread but one in scheduler code. */
    public int setProcsByHand(int n) {
        setByHand = true;
        return resize.set(n);
    }

    boolean procsSetByHand() {
        return setByHand;
    }

    /** Every P there ever was; those from {@link #procs()} on are dead or about to be. */
    P[] allPs() {
        return ps;
    }

    /** The timers of the P that never goes. */
    TimerHeap refuge() {
        return ps[0].timers;
    }

    int[] stealOrder(int id) {
        return stealOrders[id];
    }

    /** Under the GOMAXPROCS lock, or before the start. New Ps come up idle at epoch 0, or dead if others run already. */
    void growTo(int n) {
        P[] old = ps;
        if (n <= old.length) {
            return;
        }
        P[] larger = new P[n];
        System.arraycopy(old, 0, larger, 0, old.length);
        int count = n - old.length;
        long memory = Natives.mapShared((long) count * SharedLayout.P_SIZE);
        if (memory < 0) {
            throw new OutOfMemoryError("no memory for " + count + " Ps: errno " + -memory);
        }
        int[] cpus = places;
        for (int i = old.length; i < n; i++) {
            long address = memory + (long) (i - old.length) * SharedLayout.P_SIZE;
            larger[i] = new P(this, i, address, cpus.length == 0 ? -1 : cpus[i % cpus.length]);
            if (procs != 0) {
                PWord.transitionKill(larger[i].word, 0);
            }
        }
        stealOrders = orders(n);
        ps = larger;
    }

    /** The CPU of each place; to be copied before a change. */
    int[] places() {
        return places;
    }

    /** Under the GOMAXPROCS lock, after the Ps have moved. @param near as in {@link SchedConfig#stealOrder}, null: not known */
    void setPlaces(int[] cpus, int[][] near) {
        places = cpus;
        nearPlaces = near;
        stealOrders = orders(ps.length);
    }

    private int[][] orders(int n) {
        int[][] orders = new int[n][];
        for (int i = 0; i < n; i++) {
            orders[i] = othersOf(i, n);
        }
        return orders;
    }

    /** Nearest first where the places are known, else by number; a thief starts anywhere in it ({@link Stealing}). */
    private int[] othersOf(int id, int n) {
        int[] others = new int[n - 1];
        int count = 0;
        int[][] near = nearPlaces;
        int modulus = places.length;
        if (near != null && modulus != 0) {
            for (int place : near[id % modulus]) {
                for (int other = place; other < n; other += modulus) {
                    if (other != id) {
                        others[count++] = other;
                    }
                }
            }
            for (int other = id % modulus; other < n; other += modulus) {
                if (other != id) {
                    others[count++] = other;
                }
            }
            return others;
        }
        for (int other = 0; other < n; other++) {
            if (other != id) {
                others[count++] = other;
            }
        }
        return others;
    }

    /** Gs started and not ended: tasks of {@code go} and virtual threads. Approximate while they come and go. */
    @Override
    public long numG() {
        long finished = foreignFinished.sum();
        for (P p : ps) {
            for (long n : p.finished) {
                finished += n;
            }
        }
        fence();
        long spawned = foreignSpawned.sum();
        for (P p : ps) {
            spawned += p.spawned;
        }
        return Math.max(0, spawned - finished);
    }

    /**
     * Takes a P from the M that runs a G on it and gives it to another M, as a block that nobody announced would. For tests.
     *
     * @return false: its M was just scheduling, or nothing runs there
     */
    public boolean takeP(int id) {
        return HandOff.take(ps[id], Cause.REQUEST);
    }

    /** Go's trace line; with {@code detail}, a line for each P, M and G too. */
    public String trace(boolean detail) {
        return detail ? SchedTrace.detail(this) : SchedTrace.line(this);
    }

    /** Prints {@link #trace} to stderr every so many milliseconds; 0: never. */
    public void traceEvery(long millis, boolean detail) {
        sysmon.traceEvery(millis, detail);
    }

    /** What looks after the homes of its Ps, on the sysmon thread. */
    void keepHomes(Rehomer rehomer) {
        sysmon.keepHomes(rehomer);
    }

    /** Something to call about once a second while Gs run, at once when they do again, and once in any case; on the sysmon thread. */
    public void eachSecond(Runnable check) {
        sysmon.eachSecond(check);
    }

    /** The Gs that are left never run again. */
    @Override
    public void stop() {
        closed = true;
        container.close();
        Runnable besides = atStop;
        if (besides != null) {
            besides.run();
        }
        sysmon.wake();
    }

    /** What its end shall do besides. Before the scheduler is handed out. */
    void atStop(Runnable action) {
        atStop = action;
    }

    public String name() {
        return config.name();
    }

    /** The way to its end. */
    public Lifetime lifetime() {
        return lifetime;
    }

    /** The threads that run or wait now: those of the Gs that {@code go} started, and virtual threads of its own. Before its end. */
    public List<Thread> threads() {
        return ThreadCensus.of(pool, lockedMs.pool());
    }

    /** True on one of this scheduler's Gs. */
    public boolean runsCaller() {
        M m = M.underG();
        return m != null && m.sched == this;
    }

    /** How many Ps there ever were: those from {@link #procs()} on are out of service, and keep their counts. */
    public int everProcs() {
        return ps.length;
    }

    /** What its watchdog has found. */
    public LostWakes lostWakes() {
        return watchdog.counts;
    }

    /** What has happened to a P. */
    public Counters counters(int id) {
        return ps[id].counters;
    }

    /** Ms of a P that sleep until they get it. A hint. */
    public int msParked(int id) {
        return ps[id].idleMs();
    }

    /** Ms of a P that go on with a G though the P was taken from them, or are still in the block for which it was. A hint. */
    public int msWithoutP(int id) {
        return ps[id].msWithoutP();
    }

    /** The CPU of a P; -1: unpinned. */
    public int cpuOf(int id) {
        return ps[id].cpu;
    }

    @Override
    public int parallelism() {
        return procs;
    }

    @Override
    public int setParallelism(int parallelism) {
        return setProcsByHand(Math.min(parallelism, SchedConfig.MAX_PROCS));
    }

    @Override
    public int machines() {
        return machines.alive();
    }

    @Override
    public int mounted() {
        int n = 0;
        for (P p : ps) {
            for (M m : p.idleSlots) {
                if (m != null && m.currentId != 0) {
                    n++;
                }
            }
        }
        return n;
    }

    @Override
    public long queuedLocally() {
        long n = 0;
        for (P p : ps) {
            n += p.queue.size() + (p.queue.peekNext() == null ? 0 : 1);
        }
        return n;
    }

    @Override
    public int queuedGlobally() {
        return global.size();
    }

    @Override
    public long steals() {
        long n = 0;
        for (P p : ps) {
            n += p.steals;
        }
        return n;
    }

    @Override
    public long delayed() {
        long n = 0;
        for (P p : ps) {
            n += p.timers.size();
        }
        return n;
    }

    @Override
    public String describe() {
        return "Pinion " + name() + "[" + SchedTrace.line(this) + "]";
    }
}
