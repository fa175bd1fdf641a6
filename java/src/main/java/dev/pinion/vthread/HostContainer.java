package dev.pinion.vthread;

import java.util.function.Supplier;
import java.util.stream.Stream;
import jdk.internal.vm.ThreadContainer;
import jdk.internal.vm.ThreadContainers;

/**
 * Makes the virtual threads that run {@code go}'s tasks visible to {@code jcmd Thread.dump_to_file}. The JDK's own root container keeps
 * a hash table of all threads, which costs more than a spawn here; this one asks the scheduler for its hosts when somebody looks.
 */
public final class HostContainer extends ThreadContainer {
    static final long CONTAINER = Shapes.offset(Thread.class, "container");

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
