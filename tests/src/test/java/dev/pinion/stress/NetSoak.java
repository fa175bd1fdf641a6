package dev.pinion.stress;

import dev.pinion.Pinion;
import dev.pinion.Scheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;

/**
 * A program that uses the network in all ways at once, counts everything, prints a line every ten seconds, and at the end what does not add up. Exit
 * code 0: all does.
 *
 * <pre>
 *   ./pinion run -- -cp tests/target/test-classes dev.pinion.stress.NetSoak seconds=1800
 * </pre>
 *
 * Arguments, each {@code name=value}:
 * <ul>
 *   <li>{@code seconds}: how long, from when all connections are open (60); time in which the process is stopped does not count
 *   <li>{@code connections}: how many at once (500), fewer if there are too few file descriptors
 *   <li>{@code gs}: {@code threads}, virtual threads of whatever scheduler the JVM has, or {@code scheduler}, of one that the program makes (threads)
 *   <li>{@code resets}: {@code no} where the network loses packets: a reset that is lost is not sent again (yes)
 *   <li>{@code mixed}: {@code no} for sockets alone; else pipes, datagrams and timers are used beside them and GOMAXPROCS changes all the time (yes)
 * </ul>
 */
public final class NetSoak {
    /** For the JVM, for Pinion, and for sockets that are between two connections. */
    private static final int SPARE_DESCRIPTORS = 500;

    private static final double LINE_SECONDS = 10;

    private NetSoak() {}

    public static void main(String[] arguments) throws Exception {
        Map<String, String> options = options(arguments);
        int wanted = Integer.parseInt(options.get("connections"));
        int connections = (int) Math.min(wanted, (descriptorLimit() - SPARE_DESCRIPTORS) / 2);
        if (connections < wanted) {
            System.out.println(connections + " connections, not " + wanted + ": " + descriptorLimit() + " file descriptors");
        }
        boolean own = options.get("gs").equals("scheduler");
        try (Scheduler scheduler = own ? Scheduler.builder().gomaxprocs(2).build() : null) {
            ThreadFactory factory = own ? scheduler : Thread.ofVirtual().factory();
            System.exit(run(options, factory, own ? scheduler : null, connections));
        }
    }

    private static Map<String, String> options(String[] arguments) {
        Map<String, String> options = new TreeMap<>(Map.of("seconds", "60", "connections", "500", "gs", "threads", "resets", "yes", "mixed", "yes"));
        for (String argument : arguments) {
            String[] both = argument.split("=", 2);
            if (both.length != 2 || options.put(both[0], both[1]) == null) {
                throw new IllegalArgumentException(argument + " is none of " + options.keySet() + " with a value");
            }
        }
        return options;
    }

    private static long descriptorLimit() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/limits"))) {
            String limit = lines.filter(line -> line.startsWith("Max open files")).findFirst().orElseThrow().split(" +")[3];
            return limit.equals("unlimited") ? Integer.MAX_VALUE : Long.parseLong(limit);
        }
    }

    private static int run(Map<String, String> options, ThreadFactory factory, Scheduler scheduler, int connections) throws Exception {
        List<Conversation> kinds = new ArrayList<>(List.of(Conversation.values()));
        kinds.removeIf(what -> what.resets && options.get("resets").equals("no"));
        SocketLoad load = new SocketLoad(factory, connections, kinds.toArray(Conversation[]::new));
        load.begin();
        int open = load.awaitAllOpen();
        System.out.println(open + " open at once");
        RunningTime time = new RunningTime();
        double seconds = Double.parseDouble(options.get("seconds"));
        boolean mixed = options.get("mixed").equals("yes");
        Sideshows sideshows = new Sideshows(load, !mixed ? null : scheduler == null ? Pinion.scheduler() : scheduler);
        sideshows.begin();
        double line = LINE_SECONDS;
        while (time.seconds() < seconds) {
            sideshows.disturb();
            if (time.seconds() >= line) {
                System.out.println((int) line + " s: " + load.figures() + sideshows.figures());
                line += LINE_SECONDS;
            }
        }
        sideshows.end();
        load.end();
        List<String> complaints = load.complaints();
        if (open != connections) {
            complaints.add(open + " were open at once, not " + connections);
        }
        complaints.addAll(sideshows.complaints());
        System.out.println("in all: " + load.figures() + sideshows.figures());
        complaints.forEach(System.out::println);
        System.out.println(complaints.isEmpty() ? "all adds up" : complaints.size() + " complaints");
        return complaints.isEmpty() ? 0 : 1;
    }
}
