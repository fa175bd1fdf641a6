package dev.pinion.sched;

import dev.pinion.nativelib.Boot;
import dev.pinion.vthread.SchedulerPool;
import dev.pinion.vthread.VThreads;

/** Locks the calling G to the thread under it (Go: LockOSThread, dolockOSThread). The rules are in {@link LockedMs}. */
public final class OsThread {
    static {
        Boot.withLibrary();
    }

    private OsThread() {}

    /** @throws IllegalStateException one sentence: on a thread that is no G */
    public static void lock() {
        M m = mounted("lockOSThread");
        if (m.locked != null) {
            if (m.locked.count == Integer.MAX_VALUE) {
                throw new IllegalStateException("lockOSThread was called " + Integer.MAX_VALUE + " times without unlockOSThread.");
            }
            m.locked.count++;
            return;
        }
        LockedMs locks = m.sched.lockedMs;
        SchedulerPool pool = locks.prepare();
        Thread self = Thread.currentThread();
        LockedG g = new LockedG(self, VThreads.continuationOf(self));
        locks.lock(g, mounted("lockOSThread"), pool); // asked again: it may have parked so far, to load a class, and be elsewhere
    }

    /** Undoes one {@link #lock}; without one it does nothing. @throws IllegalStateException one sentence: on a thread that is no G */
    public static void unlock() {
        M m = mounted("unlockOSThread");
        if (m.locked != null && --m.locked.count == 0) {
            m.sched.lockedMs.unlock(m);
        }
    }

    private static M mounted(String what) {
        M m = M.underG();
        if (m != null) {
            return m;
        }
        throw new IllegalStateException(what + " was called on " + Thread.currentThread() + ", which is no G: only a G can be locked to its M.");
    }
}
