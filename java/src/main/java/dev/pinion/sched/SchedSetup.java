package dev.pinion.sched;

import dev.pinion.cpu.AllowedCpus;
import dev.pinion.cpu.CorePlacement;
import dev.pinion.cpu.CpuChoice;
import dev.pinion.cpu.CpuLoad;
import dev.pinion.cpu.CpuQuota;
import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.DefaultGomaxprocs;
import dev.pinion.cpu.HostFiles;
import dev.pinion.cpu.Reservation;
import dev.pinion.cpu.StatLoad;
import dev.pinion.cpu.Topology;
import dev.pinion.nativelib.Natives;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.vthread.VThreads;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a user may say about a scheduler, checked against the machine and made into a {@link Sched}. Every refusal is an
 * {@link IllegalArgumentException} of one sentence, before anything is started. Not thread-safe.
 */
public final class SchedSetup {
    private static final int MASK_WORDS = 1024 / 64;
    /** Go's forcePreemptNS. */
    private static final int DEFAULT_SLICE_MILLIS = 10;

    private static final long MILLI = 1_000_000;
    private static final long MOST_SLICE_MILLIS = 60_000;
    private static final Object STARTS = new Object();

    /** Of the JDK: who sets it wants the JDK's own pollers. */
    private static final String POLLER_MODE = "jdk.pollerMode";

    private static boolean inheritanceInstalled;

    private String name = "pinion";
    private int gomaxprocs;
    private String cpus;
    private String housekeeping;
    private IdleStrategy idle = IdleStrategy.ADAPTIVE;
    private final Map<Integer, IdleStrategy> idleOfP = new HashMap<>();
    private boolean unpinned;
    private Reservation.Mode reserve;
    private Retake.Mode retake = Retake.Mode.TRIPWIRE;
    private long sliceNanos = DEFAULT_SLICE_MILLIS * MILLI;
    private String threadPrefix = "pinion";
    private int maxThreads = ThreadLimit.DEFAULT;
    private boolean netpoll = true;

    /**
     * The agent makes this object first thing, and places the Ps some tens of milliseconds later: long enough for a few ticks of the kernel's
     * load, so that a core with a hog shows (and the one on which the JVM starts). The API makes it and starts at once: then nothing is
     * known, the rotation decides, and who came down on a busy core moves within the first second ({@link Rehomer}).
     */
    private final StatLoad load = new StatLoad(HostFiles.ofThisMachine(), System.nanoTime());

    public SchedSetup name(String newName) {
        if (newName.isBlank()) {
            throw new IllegalArgumentException("name is blank; give a scheduler a name of at least one letter.");
        }
        name = newName;
        return this;
    }

    /** @param value a number from 1 to {@link SchedConfig#MAX_PROCS} */
    public SchedSetup gomaxprocs(int value) {
        if (value < 1 || value > SchedConfig.MAX_PROCS) {
            throw new IllegalArgumentException(
                    "gomaxprocs " + value + " is out of range: it is a number from 1 to " + SchedConfig.MAX_PROCS + ".");
        }
        gomaxprocs = value;
        return this;
    }

    /** As {@link #gomaxprocs(int)}, from text. */
    public SchedSetup gomaxprocs(String text) {
        int value;
        try {
            value = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("gomaxprocs '" + text + "' is no number: it is a whole number from 1 to "
                    + SchedConfig.MAX_PROCS + ".");
        }
        return gomaxprocs(value);
    }

    /** @param value the most Ms there may be, from 1 to 2^22 */
    public SchedSetup maxThreads(int value) {
        if (value < 1 || value > ThreadLimit.MOST) {
            throw new IllegalArgumentException(
                    "maxthreads " + value + " is out of range: it is a number from 1 to " + ThreadLimit.MOST + ".");
        }
        maxThreads = value;
        return this;
    }

    /** As {@link #maxThreads(int)}, from text. */
    public SchedSetup maxThreads(String text) {
        int value;
        try {
            value = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("maxthreads '" + text + "' is no number: it is a whole number from 1 to "
                    + ThreadLimit.MOST + ".");
        }
        return maxThreads(value);
    }

    /** @param list as in {@code 0-3,8} */
    public SchedSetup cpus(String list) {
        cpus = list;
        return this;
    }

    public SchedSetup housekeeping(String list) {
        housekeeping = list;
        return this;
    }

    /** @param strategy {@code park}, {@code adaptive} or {@code spin} */
    public SchedSetup idle(String strategy) {
        idle = IdleStrategy.of(strategy);
        return this;
    }

    /** Another strategy for one P, by its number; for as many Ps as GOMAXPROCS ever makes. */
    public SchedSetup idle(int p, String strategy) {
        if (p < 0 || p >= SchedConfig.MAX_PROCS) {
            throw new IllegalArgumentException("P " + p + " does not exist: Ps have numbers from 0 to " + (SchedConfig.MAX_PROCS - 1) + ".");
        }
        idleOfP.put(p, IdleStrategy.of(strategy));
        return this;
    }

    public SchedSetup unpinned(boolean value) {
        unpinned = value;
        return this;
    }

    /** @param mode {@code share} (warn about cores that others reserved) or {@code exclusive} (refuse to start on them) */
    public SchedSetup reserve(String mode) {
        reserve = switch (mode) {
            case "share" -> Reservation.Mode.SHARE;
            case "exclusive" -> Reservation.Mode.EXCLUSIVE;
            default -> throw new IllegalArgumentException("reserve '" + mode + "' is unknown: it is share or exclusive.");
        };
        return this;
    }

    /** @param mode {@code tripwire}, {@code sysmon} or {@code off}: what finds calls that block and were not announced */
    public SchedSetup retake(String mode) {
        retake = switch (mode) {
            case "tripwire" -> Retake.Mode.TRIPWIRE;
            case "sysmon" -> Retake.Mode.SYSMON;
            case "off" -> Retake.Mode.OFF;
            default -> throw new IllegalArgumentException("retake '" + mode + "' is unknown: it is tripwire, sysmon or off.");
        };
        return this;
    }

    /** @param millis what a G may compute while others wait, from 1 on; 0: without limit */
    public SchedSetup slice(long millis) {
        if (millis < 0 || millis > MOST_SLICE_MILLIS) {
            throw new IllegalArgumentException("slice " + millis + " is out of range: it is a number of milliseconds from 0 (without limit) to "
                    + MOST_SLICE_MILLIS + ".");
        }
        sliceNanos = millis * MILLI;
        return this;
    }

    /** As {@link #slice(long)}, from text. */
    public SchedSetup slice(String millis) {
        try {
            return slice(Long.parseLong(millis));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("slice '" + millis + "' is no number: it is a whole number of milliseconds from 0 (without limit) to "
                    + MOST_SLICE_MILLIS + ".");
        }
    }

    /** @param mode {@code on} (the Ps poll the sockets of their Gs) or {@code off} (the JDK's pollers do) */
    public SchedSetup netpoll(String mode) {
        if (!mode.equals("on") && !mode.equals("off")) {
            throw new IllegalArgumentException("netpoll '" + mode + "' is unknown: it is on or off.");
        }
        netpoll = mode.equals("on");
        return this;
    }

    /** Whether the Ps poll sockets. */
    public boolean polls() {
        return netpoll;
    }

    public SchedSetup threadPrefix(String prefix) {
        if (prefix.isBlank()) {
            throw new IllegalArgumentException("threadPrefix is blank; Ms are named after it, as in pinion-P0-M3.");
        }
        threadPrefix = prefix;
        return this;
    }

    /** Checks everything and starts it. @throws IllegalArgumentException one sentence; nothing was started */
    public Sched start() {
        if (unpinned && cpus != null) {
            throw new IllegalArgumentException("unpinned and cpus " + cpus + " contradict each other: say one of them.");
        }
        synchronized (STARTS) {
            HostFiles host = HostFiles.ofThisMachine();
            CpuSet mask = processMask();
            Topology topology = Topology.read(host, mask);
            DefaultGomaxprocs defaults = new DefaultGomaxprocs(host);
            CpuSet chosen = cpus == null ? null : CpuChoice.check("cpus", cpus, topology, defaults.cpuset().read());
            CpuSet kept = housekeeping == null ? null : CpuChoice.check("housekeeping", housekeeping, topology, defaults.cpuset().read());
            CpuSet usable = chosen != null ? chosen : mask;
            if (kept != null) {
                usable = usable.minus(kept);
            }
            int procs = gomaxprocs != 0 ? gomaxprocs : fromEnvironment();
            if (procs == 0) {
                procs = Math.max(1, defaults.compute(usable.isEmpty() ? mask : usable));
            }
            if (maxThreads < procs) {
                throw new IllegalArgumentException("maxthreads " + maxThreads + " is too few: each of the " + procs + " Ps needs a thread.");
            }
            CpuSet free = mask.minus(CoreClaims.all());
            CpuSet allowed = chosen == null && !free.isEmpty() ? free : mask;
            int places = Math.max(1, (chosen != null ? usable : kept == null ? allowed : allowed.minus(kept)).size());
            CorePlacement placement = CorePlacement.choose(
                    topology, allowed, chosen, kept, Math.min(places, SchedConfig.MAX_PROCS), measured(), rotation());
            warn(topology.warnings());
            warn(placement.warnings());
            int[] cpuOfP = unpinned ? new int[0] : placement.cpuOfP();
            CpuSet cores = CpuSet.EMPTY;
            for (int i = 0; i < Math.min(procs, cpuOfP.length); i++) {
                cores = cores.with(cpuOfP[i]);
            }
            CoreReservation reservation = reserve == null ? null : new CoreReservation(reserve, host);
            if (reserve == Reservation.Mode.EXCLUSIVE) {
                reservation.take(cores);
            }
            VThreads.bind(); // where that fails, nothing has been started or changed
            installInheritance();
            if (netpoll && System.getProperty(POLLER_MODE) == null) {
                Sockets.install();
            }
            Sched sched;
            try {
                sched = Sched.start(new SchedConfig(
                        name, procs, cpuOfP, mask.toMask(), idle, Map.copyOf(idleOfP), defaults.quota().read() != CpuQuota.UNLIMITED,
                        threadPrefix, retake, sliceNanos, topology.withoutTick(), unpinned ? null : stealOrder(topology, cpuOfP), maxThreads, netpoll));
            } catch (Throwable e) {
                if (reservation != null) {
                    reservation.close();
                }
                throw e;
            }
            Places homes = null;
            MaskCheck masks = null;
            if (!unpinned) {
                homes = new Places(sched, topology, new Housekeeping(kept, mask));
                homes.claim();
                AllowedCpus now = new AllowedCpus(host, defaults.cpuset(), usable);
                masks = new MaskCheck(sched, homes, topology, now, usable, mask, reservation);
                sched.keepHomes(new Rehomer(sched, homes, topology, now, reservation, host));
            }
            sched.atStop(new GiveBack(sched, reservation));
            sched.eachSecond(new Upkeep(
                    sched, gomaxprocs == 0 && System.getenv("GOMAXPROCS") == null, defaults, usable, homes, masks, reservation));
            return sched;
        }
    }

    private record GiveBack(Sched sched, CoreReservation reservation) implements Runnable {
        @Override
        public void run() {
            CoreClaims.drop(sched);
            if (reservation != null) {
                reservation.close();
            }
        }
    }

    private CpuLoad measured() {
        return load.sample(System.nanoTime()) ? load.pressing() : CpuLoad.NONE;
    }

    /** Another number in each process: its id alone is 1 in every container. */
    private static int rotation() {
        return Long.hashCode(Natives.getpid() * 31L + System.nanoTime() / 1000);
    }

    private static CpuSet processMask() {
        long[] words = new long[MASK_WORDS];
        int r = Natives.getAffinity(Natives.getpid(), words); // the main thread's: an M's own would be one CPU
        if (r < 0) {
            throw new IllegalArgumentException("The kernel does not say which CPUs this process may use (errno " + -r + ").");
        }
        return CpuSet.ofMask(words);
    }

    private static int fromEnvironment() {
        String text = System.getenv("GOMAXPROCS");
        if (text == null || text.isBlank()) {
            return 0;
        }
        try {
            int value = Integer.parseInt(text.trim());
            if (value >= 1 && value <= SchedConfig.MAX_PROCS) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        Warnings.say("GOMAXPROCS=" + text + " is not a number from 1 to " + SchedConfig.MAX_PROCS + "; the default is used.");
        return 0;
    }

    static int[][] stealOrder(Topology topology, int[] cpuOfP) {
        int[][] orders = new int[cpuOfP.length][];
        for (int p = 0; p < cpuOfP.length; p++) {
            int[] order = new int[cpuOfP.length - 1];
            int n = 0;
            for (int[] ring : CorePlacement.stealOrder(topology, cpuOfP, p)) {
                for (int other : ring) {
                    order[n++] = other;
                }
            }
            orders[p] = order;
        }
        return orders;
    }

    private static void installInheritance() {
        if (!inheritanceInstalled) {
            inheritanceInstalled = true;
            int got = Natives.installInheritance();
            if (got != SharedLayout.INHERIT_ALL) {
                Warnings.say("threads and processes that a G starts may inherit its core: of the wrappers (mask "
                        + SharedLayout.INHERIT_ALL + ") only " + got + " could be installed in this JDK.");
            }
        }
    }

    private static void warn(List<String> sentences) {
        for (String sentence : sentences) {
            Warnings.say(sentence);
        }
    }
}
