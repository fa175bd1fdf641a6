package dev.pinion.vthread;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import jdk.internal.vm.ThreadContainer;
import jdk.internal.vm.ThreadContainers;

/**
 * The virtual threads of one scheduler, which may have two names in them, from the lists that thread dumps show: the JDK's, and {@link HostContainer}'s where those stand in for it.
 * What is listed nowhere, nobody finds: with {@code -Djdk.trackAllThreads=false} those started in no executor or scope.
 */
public final class ThreadCensus {

    private ThreadCensus() {}

    /**
     * Those that were started and have not ended, as they were at some moment. Any thread; looks at every thread of the JVM.
     *
     * @param other may be null
     */
    public static List<Thread> of(Executor scheduler, Executor other) {
        Set<Thread> found = new LinkedHashSet<>();
        collect(ThreadContainers.root(), scheduler, other, found);
        return new ArrayList<>(found);
    }

    /** The one with this id; null: it is not listed. Any thread; looks at every thread of the JVM, perhaps. */
    public static Thread find(Executor scheduler, Executor other, long id) {
        return find(ThreadContainers.root(), scheduler, other, id);
    }

    private static Thread find(ThreadContainer container, Executor scheduler, Executor other, long id) {
        return container.threads().filter(thread -> thread.threadId() == id && thread.isVirtual() && isOf(thread, scheduler, other)).findFirst()
                .orElseGet(() -> container.children().map(child -> find(child, scheduler, other, id)).filter(Objects::nonNull).findFirst().orElse(null));
    }

    private static void collect(ThreadContainer container, Executor scheduler, Executor other, Set<Thread> found) {
        container.threads()
                .filter(thread -> thread.isVirtual() && isOf(thread, scheduler, other))
                .forEach(found::add);
        container.children().forEach(child -> collect(child, scheduler, other, found));
    }

    private static boolean isOf(Thread thread, Executor scheduler, Executor other) {
        Executor its = VThreads.schedulerOf(thread);
        return its != null && (its == scheduler || its == other);
    }
}
