package dev.pinion.vthread;

import static dev.pinion.vthread.Shapes.U;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import jdk.internal.vm.ThreadContainer;
import jdk.internal.vm.ThreadContainers;

/**
 * The virtual threads of one scheduler, from the lists that thread dumps show: the JDK's, and {@link HostContainer}'s where those stand in for it.
 * What is listed nowhere, nobody finds: with {@code -Djdk.trackAllThreads=false} those started in no executor or scope.
 */
public final class ThreadCensus {
    private static final Class<?> VIRTUAL_THREAD = Shapes.type("java.lang.VirtualThread");
    private static final long SCHEDULER = Shapes.offset(VIRTUAL_THREAD, "scheduler");

    private ThreadCensus() {}

    /** Those that were started and have not ended, as they were at some moment. Any thread; looks at every thread of the JVM. */
    public static List<Thread> of(Executor scheduler) {
        Set<Thread> found = new LinkedHashSet<>();
        collect(ThreadContainers.root(), scheduler, found);
        return new ArrayList<>(found);
    }

    private static void collect(ThreadContainer container, Executor scheduler, Set<Thread> found) {
        container.threads()
                .filter(thread -> thread.getClass() == VIRTUAL_THREAD && U.getReference(thread, SCHEDULER) == scheduler)
                .forEach(found::add);
        container.children().forEach(child -> collect(child, scheduler, found));
    }
}
