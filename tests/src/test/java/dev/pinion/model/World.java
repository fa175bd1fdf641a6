package dev.pinion.model;

import dev.pinion.model.Setting.Kind;
import dev.pinion.model.Setting.Start;

/**
 * One state, and what a step may do to it: shared memory through a store buffer for each process (x86-TSO), each process's own variables,
 * and the ghosts by which promises are checked. One byte a variable.
 *
 * <p>A step sets {@link #self} and works on {@link #b}. {@link #store} delays, {@link #drain} is a full fence, an RMW drains first.
 */
final class World {
    // shared
    static final int IDLE_BITS = 0;
    static final int IDLE_COUNT = 1;
    static final int SPINNING = 2;
    static final int PROCS = 3;
    static final int LOCK = 4;
    static final int RAN = 5;
    static final int TAKES = 6;
    static final int CLOCK = 7;
    static final int STARTED = 8;
    static final int DEEP = 9;
    /** A ghost: the Ms whose P was taken while they were in a call, as bits. */
    static final int TAKEN_IN_CALL = 10;

    // the epoll; Gs as bits
    static final int EVENTS = 11;
    static final int WAKE_EVENT = 12;
    static final int IN_EPOLL = 13;
    static final int WAITING = 14;
    static final int WAITERS = 15;
    static final int READY = 16;
    static final int PARKED = 17;
    static final int PERMITS = 18;

    static final int GLOBAL = 19;

    // of a P
    static final int STATE = 0;
    static final int EPOCH = 1;
    static final int NEXT = 2;
    static final int RETIRED = 3;
    static final int SLOTS = 4;
    static final int SLEEPER = 5;
    static final int OWNER = 6;
    static final int WANTED = 7;
    static final int WANTED_SPIN = 8;
    static final int TIMERS = 9;
    static final int TIMERS_LOCK = 10;
    static final int CLOSED = 11;
    static final int SEEN_NEXT = 12;
    static final int SEEN_EPOCH = 13;
    static final int HOLDER = 14;
    static final int ALARM_EPOCH = 15;
    static final int ALARM_STATE = 16;
    static final int RING = 17;

    // of a process
    static final int PC = 0;
    static final int RETURN = 1;
    static final int OTHERWISE = 2;
    static final int FLAGS = 3;
    static final int MY_EPOCH = 4;
    static final int G = 5;
    static final int OP = 6;
    static final int X = 7;
    static final int I = 8;
    static final int T = 9;
    static final int T_EPOCH = 10;
    static final int HAND = 11;
    static final int FUTEX = 12;
    static final int OFFERED_EPOCH = 13;
    static final int OFFERED_SPIN = 14;
    static final int DEADLINE = 15;
    static final int MORE_FLAGS = 16;
    static final int BUFFER = 17;
    static final int BUFFER_ENTRIES = 2;
    static final int PROCESS_SIZE = BUFFER + 2 * BUFFER_ENTRIES;

    // flags of a process
    static final int HOLDS = 1;
    static final int SPINS = 2;
    static final int OFFERED = 4;
    static final int DUTY = 8;
    static final int ANNOUNCED = 16;
    static final int GIVE_SPIN = 32;
    static final int FOUND = 64;
    static final int STARTS = 128;

    // more flags of a process
    static final int NET = 1 << 8;
    static final int LEAVES = 1 << 9;

    // states of a P's word
    static final int IDLE = 0;
    static final int SCHED = 1;
    static final int RUNNING = 2;
    static final int SYSCALL = 3;
    static final int DEAD = 4;

    // what an M's futex word says
    static final int ASLEEP = 0;
    static final int GIVEN = 1;
    static final int ALARM = 2;
    static final int POLLING = 3;

    // kinds of buffered stores
    static final int STORE_WORD = 1;
    private static final int STORE_RING = 2;
    private static final int STORE_GLOBAL = 3;
    private static final int STORE_TIMER = 4;

    final Setting setting;
    final int pBase;
    final int pSize;
    final int processBase;
    private final int placeBase;
    private final int length;

    byte[] b;
    int self;

    /** Which of several outcomes this execution of the step takes; the step says by {@link #choose} how many there are. */
    int choice;

    int choices;

    /** Set by a step that need never be taken: what only it can save counts as stuck. */
    boolean optional;

    World(Setting setting) {
        this.setting = setting;
        int gs = setting.gs.size();
        placeBase = GLOBAL + 1 + gs;
        pBase = placeBase + gs;
        pSize = RING + 1 + gs;
        processBase = pBase + setting.ps * pSize;
        length = (processBase + setting.processes() * PROCESS_SIZE + 7) & ~7;
    }

    byte[] initial() {
        b = new byte[length];
        set(PROCS, setting.ps);
        set(TAKES, setting.takes);
        for (int g : setting.queued) {
            append(GLOBAL, g);
        }
        for (int p = 0; p < setting.ps; p++) {
            setP(p, EPOCH, 1);
            setP(p, TIMERS, setting.armed[p]);
            set(IDLE_BITS, get(IDLE_BITS) | 1 << p);
            set(IDLE_COUNT, get(IDLE_COUNT) + 1);
        }
        for (self = 0; self < setting.processes(); self++) {
            Kind kind = setting.kind(self);
            go(switch (kind) {
                case BIRTHS -> Pc.BIRTH_TAKE;
                case TAKER -> Pc.TAKE;
                case CLOCK -> setting.timers() ? Pc.TICK : Pc.DONE;
                case SYSMON -> setting.sysmon ? Pc.SYSMON_LOOK : Pc.DONE;
                case TRIPWIRE -> setting.tripwire ? Pc.TRIP_LOOK : Pc.DONE;
                case NETWORK -> setting.net() ? Pc.NET_EVENT : Pc.DONE;
                case RESIZER -> setting.sizes.length != 0 ? Pc.RESIZE_NEXT : Pc.DONE;
                case SUBMITTER -> Pc.SUBMITTER_NEXT;
                case M -> startOf(setting.machines.get(self));
            });
        }
        if (setting.tripwire) {
            of(setting.wire(), T, setting.watchedP);
        }
        set(WAITERS, setting.parked);
        set(PARKED, setting.parked);
        set(WAITING, Integer.bitCount(setting.parked));
        if (setting.net()) {
            of(setting.network(), X, setting.readers & ~setting.never);
        }
        return b;
    }

    private Pc startOf(Setting.Machine m) {
        if (m.start() == Start.UNBORN) {
            return Pc.UNBORN;
        }
        if (m.start() == Start.ASLEEP || m.start() == Start.ON_DUTY || m.start() == Start.POLLING) {
            setP(m.home(), SLOTS, getP(m.home(), SLOTS) | 1 << self);
            flag(OFFERED, true);
            if (m.start() != Start.ASLEEP) {
                setP(m.home(), SLEEPER, self + 1);
                flag(DUTY, true);
                my(DEADLINE, nextWhen(m.home()));
            }
            if (m.start() == Start.POLLING) {
                my(FUTEX, POLLING);
                set(IN_EPOLL, self + 1);
                flag(LEAVES, true);
                return Pc.NET_EPOLL;
            }
            return Pc.ASLEEP;
        }
        boolean searches = m.start() == Start.SEARCHING;
        setP(m.home(), STATE, searches ? SCHED : RUNNING);
        setP(m.home(), OWNER, self + 1);
        set(IDLE_BITS, get(IDLE_BITS) & ~(1 << m.home()));
        set(IDLE_COUNT, get(IDLE_COUNT) - 1);
        hold(1);
        if (searches) {
            flag(SPINS, true);
            set(SPINNING, get(SPINNING) + 1);
            return Pc.FIND_RETIRED;
        }
        my(G, m.g());
        set(STARTED, get(STARTED) | 1 << m.g());
        return Pc.G_OP;
    }

    /** Everything submitted has run, and who was to finish has finished. */
    boolean done() {
        for (int i = setting.resizer(); i < setting.processes(); i++) {
            if (at(i) != Pc.DONE) {
                return false;
            }
        }
        return (get(RAN) | setting.never) == (2 << setting.gs.size()) - 2;
    }

    // ---- variables

    int get(int at) {
        return b[at];
    }

    void set(int at, int value) {
        b[at] = (byte) value;
    }

    int getP(int p, int field) {
        return b[pBase + p * pSize + field];
    }

    void setP(int p, int field, int value) {
        b[pBase + p * pSize + field] = (byte) value;
    }

    int my(int field) {
        return b[processBase + self * PROCESS_SIZE + field];
    }

    void my(int field, int value) {
        b[processBase + self * PROCESS_SIZE + field] = (byte) value;
    }

    int of(int process, int field) {
        return b[processBase + process * PROCESS_SIZE + field];
    }

    void of(int process, int field, int value) {
        b[processBase + process * PROCESS_SIZE + field] = (byte) value;
    }

    Pc at(int process) {
        return Pc.of(of(process, PC));
    }

    boolean flag(int flag) {
        return flag >= NET ? (my(MORE_FLAGS) & flag >> 8) != 0 : (my(FLAGS) & flag) != 0;
    }

    void flag(int flag, boolean on) {
        int field = flag >= NET ? MORE_FLAGS : FLAGS;
        int bit = flag >= NET ? flag >> 8 : flag;
        my(field, on ? my(field) | bit : my(field) & ~bit);
    }

    int home() {
        return setting.machines.get(self).home();
    }

    /** M.hold: whose M it is shows only to who looks for blocked ones. */
    void hold(int epoch) {
        flag(HOLDS, true);
        my(MY_EPOCH, epoch);
        if (setting.tripwire) {
            setP(home(), HOLDER, self + 1);
        }
    }

    /** Epoll.addWaiting. */
    void wait(int change) {
        drain();
        set(WAITING, get(WAITING) + change);
        if (get(WAITING) < 0) {
            throw new Violation("the count of those that wait is below 0");
        }
    }

    /** How far a G had come in its script when it was queued again. */
    int place(int g) {
        return b[placeBase + g - 1];
    }

    void place(int g, int op) {
        b[placeBase + g - 1] = (byte) op;
    }

    boolean go(Pc pc) {
        my(PC, pc.ordinal());
        return true;
    }

    boolean goBack() {
        my(PC, my(RETURN));
        return true;
    }

    boolean has(Mistake mistake) {
        return setting.has(mistake);
    }

    int choose(int n) {
        choices = n;
        return choice;
    }

    // ---- the store buffer

    /** A release store of a P's word. */
    void storeWord(int p, int epoch, int state) {
        store(STORE_WORD << 5 | p << 3 | state, epoch);
    }

    /** The release store of the tail that makes a G appear in a ring. */
    void storeRing(int p, int g) {
        store(STORE_RING << 5 | p << 3, g);
    }

    /** The release stores of size and lock that make a G appear in the global queue; the lock was taken. */
    void storeGlobal(int g) {
        store(STORE_GLOBAL << 5, g);
    }

    /** TimerHeap.add: the stores of nextWhen and of the heap's lock, which was taken. Weaker than the code's, which are volatile. */
    void storeTimer(int p, int g) {
        setP(p, TIMERS_LOCK, self + 1);
        store(STORE_TIMER << 5 | p << 3, g);
    }

    private void store(int what, int value) {
        if (my(BUFFER + 2) != 0) {
            flush(); // no room: as the hardware, only smaller
        }
        int at = my(BUFFER) == 0 ? BUFFER : BUFFER + 2;
        my(at, what);
        my(at + 1, value);
    }

    boolean buffered() {
        return my(BUFFER) != 0;
    }

    /** The oldest store becomes visible. */
    void flush() {
        int what = my(BUFFER) & 0xff;
        int value = my(BUFFER + 1);
        int p = what >> 3 & 3;
        switch (what >> 5) {
            case STORE_WORD -> {
                setP(p, STATE, what & 7);
                setP(p, EPOCH, value);
            }
            case STORE_RING -> append(ring(p), value);
            case STORE_TIMER -> {
                setP(p, TIMERS, getP(p, TIMERS) | 1 << value);
                setP(p, TIMERS_LOCK, 0);
            }
            default -> {
                append(GLOBAL, value);
                set(LOCK, 0);
            }
        }
        my(BUFFER, my(BUFFER + 2));
        my(BUFFER + 1, my(BUFFER + 3));
        my(BUFFER + 2, 0);
        my(BUFFER + 3, 0);
    }

    /** A full fence; the first half of every RMW. */
    void drain() {
        while (buffered()) {
            flush();
        }
    }

    // ---- queues: a length, then the Gs, the oldest first

    int ring(int p) {
        return pBase + p * pSize + RING;
    }

    int size(int queue) {
        return b[queue];
    }

    void append(int queue, int g) {
        b[queue]++;
        b[queue + b[queue]] = (byte) g;
    }

    /** The oldest, or 0. */
    int poll(int queue) {
        int n = b[queue];
        if (n == 0) {
            return 0;
        }
        int g = b[queue + 1];
        System.arraycopy(b, queue + 2, b, queue + 1, n - 1);
        b[queue + n] = 0;
        b[queue]--;
        return g;
    }

    // ---- timers: a P's heap is a set of Gs, each with the deadline of its setting

    /** The earliest deadline of a P; 0: none. */
    int nextWhen(int p) {
        int timers = getP(p, TIMERS);
        return timers == 0 ? 0 : (timers & setting.never) == timers ? Setting.LATE : Setting.EARLY;
    }

    boolean isDue(int p) {
        return get(CLOCK) == Setting.EARLY && nextWhen(p) == Setting.EARLY;
    }

    // ---- accesses that several rooms share

    /** Clears a P's bit. @return false: it was clear, and this was no fence */
    boolean tryTake(int p) {
        if ((get(IDLE_BITS) & 1 << p) == 0) {
            return false;
        }
        drain();
        int bits = get(IDLE_BITS);
        set(IDLE_BITS, bits & ~(1 << p));
        return (bits & 1 << p) != 0;
    }

    void setBit(int p) {
        drain();
        set(IDLE_BITS, get(IDLE_BITS) | 1 << p);
    }

    void count(int change) {
        drain();
        set(IDLE_COUNT, get(IDLE_COUNT) + change);
    }

    void spinning(int change) {
        drain();
        set(SPINNING, get(SPINNING) + change);
        if (get(SPINNING) < 0) {
            throw new Violation("the spinning count is below 0");
        }
    }

    /** PWord.transitionAcquire. @return the new epoch */
    int acquire(int p) {
        drain();
        if (getP(p, STATE) != IDLE) {
            throw new Violation(setting.name(self) + " won the ticket of P" + p + ", whose word is not IDLE");
        }
        return own(p, getP(p, EPOCH) + 1);
    }

    /** Some M runs a G on the P, or is in a call with it. */
    boolean isBusy(int p) {
        return getP(p, STATE) == RUNNING || getP(p, STATE) == SYSCALL;
    }

    /** PWord.transitionTake of the word as it is, which {@link #isBusy}. @return the epoch */
    int take(int p) {
        drain();
        if (getP(p, STATE) == SYSCALL) {
            set(TAKEN_IN_CALL, get(TAKEN_IN_CALL) | 1 << getP(p, OWNER) - 1);
        }
        boolean keep = has(Mistake.TAKE_KEEPS_EPOCH) || has(Mistake.TAKE_AND_HAND_OFF_KEEP_EPOCH);
        return own(p, getP(p, EPOCH) + (keep ? 0 : 1));
    }

    private int own(int p, int epoch) {
        setP(p, STATE, SCHED);
        setP(p, EPOCH, epoch);
        setP(p, OWNER, self + 1);
        return epoch;
    }

    /** PWord.transitionTake from a word that was read before. @return the epoch; 0: it is another by now */
    int take(int p, int epoch, int state) {
        drain();
        return getP(p, STATE) == state && getP(p, EPOCH) == epoch ? take(p) : 0;
    }

    /** The CAS of block and unblock, by the M whose step this is. */
    boolean exchange(int from, int to) {
        drain();
        int p = home();
        if (!flag(HOLDS) || getP(p, STATE) != from || getP(p, EPOCH) != my(MY_EPOCH)) {
            return false;
        }
        setP(p, STATE, to);
        return true;
    }

    /** PWord.transitionEnter by the M whose step this is. */
    boolean enter() {
        drain();
        int p = home();
        if (!flag(HOLDS) || getP(p, STATE) != RUNNING || getP(p, EPOCH) != my(MY_EPOCH)) {
            flag(HOLDS, false);
            my(MY_EPOCH, 0);
            return false;
        }
        setP(p, STATE, SCHED);
        mustOwn(p, my(MY_EPOCH));
        return true;
    }

    /** What only the owner of a P may do is about to be done. */
    void mustOwn(int p, int epoch) {
        if (getP(p, OWNER) != self + 1) {
            int other = getP(p, OWNER) - 1;
            String holder = other < 0 ? "nobody" : setting.name(other);
            throw new Violation(setting.name(self) + " acts for P" + p + ", which " + holder + " holds");
        }
        if (getP(p, STATE) != SCHED || getP(p, EPOCH) != epoch) {
            throw new Violation(setting.name(self) + " acts for P" + p + " outside SCHED of its epoch");
        }
    }
}
