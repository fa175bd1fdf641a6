package dev.pinion.vthread;

import java.util.function.Supplier;
import java.util.stream.Stream;
import jdk.internal.vm.ThreadContainer;
import jdk.internal.vm.ThreadContainers;

/**
 * Makes the virtual threads that run {@code go}'s tasks, and plain ones where {@link #listThreadsHere} was called, visible to
 * {@code jcmd Thread.dump_to_file}. The JDK's own root container keeps a hash table of all threads, which costs more than a spawn here; this one
 * asks the scheduler for its threads when somebody looks.
 */
public final class HostContainer extends ThreadContainer {
    static final long CONTAINER = Shapes.offset(Thread.class, "container");

    private static final String TRACK_ALL_THREADS = "jdk.trackAllThreads";

    private static volatile boolean listedHere;

    private final String name;
    private final Supplier<Stream<Thread>> hosts;
    private final Object registration;

    /** @param hosts any thread may call it at any time */
    public HostContainer(String name, Supplier<Stream<Thread>> hosts) {
        super(true);
        this.name = name;
        this.hosts = hosts;
        registration = ThreadContainers.registerContainer(this);
    }

    /**
     * Has the JDK leave the listing of plain threads to Pinion, unless the property {@value #TRACK_ALL_THREADS} says what it shall do. Before the
     * first thread container is made; too late it does nothing.
     */
    public static void listThreadsHere() {
        if (System.getProperty(TRACK_ALL_THREADS) == null) {
            System.setProperty(TRACK_ALL_THREADS, "false");
            listedHere = !ThreadContainers.trackAllThreads(); // the JDK reads the property now
            System.clearProperty(TRACK_ALL_THREADS);
        }
    }

    /** Whether plain threads need no list of Pinion's: the JDK has one, or the user wants none. */
    public static boolean jdkListsThreads() {
        return !listedHere;
    }

    /** True for a plain thread: no executor's, no scope's, no scheduler's. */
    public static boolean inNoContainer(Thread thread) {
        return Shapes.U.getReference(thread, CONTAINER) == ThreadContainers.root();
    }

    /** True for a thread started in this container. */
    public boolean holds(Thread thread) {
        return Shapes.U.getReference(thread, CONTAINER) == this;
    }

    /** Takes it off the JDK's list. */
    public void close() {
        ThreadContainers.deregisterContainer(registration);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public ThreadContainer parent() {
        return ThreadContainers.root();
    }

    @Override
    public Stream<Thread> threads() {
        return hosts.get().filter(Thread::isAlive);
    }
}
