package dev.pinion.vthread;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import jdk.internal.vm.ThreadContainer;
import jdk.internal.vm.ThreadContainers;

/**
 * The virtual threads of one scheduler, which may have two names in them, from the lists that thread dumps show: the JDK's, and {@link
 * HostContainer}'s where those stand in for it.
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
        return below(ThreadContainers.root(), scheduler, other).distinct().toList();
    }

    /** The one with this id; null: it is not listed. Any thread; looks at every thread of the JVM, perhaps. */
    public static Thread find(Executor scheduler, Executor other, long id) {
        return below(ThreadContainers.root(), scheduler, other).filter(thread -> thread.threadId() == id).findFirst().orElse(null);
    }

    private static Stream<Thread> below(ThreadContainer container, Executor scheduler, Executor other) {
        return Stream.concat(container.threads().filter(thread -> thread.isVirtual() && isOf(thread, scheduler, other)),
                container.children().flatMap(child -> below(child, scheduler, other)));
    }

    private static boolean isOf(Thread thread, Executor scheduler, Executor other) {
        Executor its = VThreads.schedulerOf(thread);
        return its != null && (its == scheduler || its == other);
    }
}
