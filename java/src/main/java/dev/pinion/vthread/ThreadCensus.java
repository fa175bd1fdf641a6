package dev.pinion.vthread;

import static dev.pinion.vthread.Shapes.U;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
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

    /** The one with this id; null: it is not listed. Any thread; looks at every thread of the JVM, perhaps. */
    public static Thread find(Executor scheduler, long id) {
        return find(ThreadContainers.root(), scheduler, id);
    }

    private static Thread find(ThreadContainer container, Executor scheduler, long id) {
        return container.threads().filter(thread -> thread.threadId() == id && isOf(thread, scheduler)).findFirst()
                .orElseGet(() -> container.children().map(child -> find(child, scheduler, id)).filter(Objects::nonNull).findFirst().orElse(null));
    }

    private static boolean isOf(Thread thread, Executor scheduler) {
        return thread.getClass() == VIRTUAL_THREAD && U.getReference(thread, SCHEDULER) == scheduler;
    }

    private static void collect(ThreadContainer container, Executor scheduler, Set<Thread> found) {
        container.threads()
                .filter(thread -> isOf(thread, scheduler))
                .forEach(found::add);
        container.children().forEach(child -> collect(child, scheduler, found));
    }
}
