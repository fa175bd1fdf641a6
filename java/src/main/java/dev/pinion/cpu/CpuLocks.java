package dev.pinion.cpu;

import java.io.IOException;

/** Locks on CPUs that other programs see as well. Any thread may call. */
public interface CpuLocks {
    /** What {@link #tryLock} returns when the lock is ours now, and {@link #holder} when nobody has it. */
    long NOBODY = 0;
    /** The lock is taken, by a process that cannot be named. */
    long UNNAMED = -1;

    /**
     * Takes the lock on a CPU if it is free; locks of dead processes are.
     *
     * @param cpu the CPU
     * @return {@link #NOBODY} if it is ours now, else the process that has it or {@link #UNNAMED}; our own process id if it was ours
     * @throws IOException if nothing can be told about this CPU this way: the file is another user's, the directory not writable.
     *                     The message is fit for a user
     */
    long tryLock(int cpu) throws IOException;

    /** @param cpu a CPU whose lock {@link #tryLock} gave us; nothing happens otherwise */
    void unlock(int cpu);

    /**
     * @param cpu the CPU
     * @return the process that has the lock, {@link #NOBODY} or {@link #UNNAMED}
     * @throws IOException as {@link #tryLock}
     */
    long holder(int cpu) throws IOException;
}
