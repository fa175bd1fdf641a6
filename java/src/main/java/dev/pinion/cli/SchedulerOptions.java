package dev.pinion.cli;

import picocli.CommandLine.Option;

/** The options that become options of the agent, which checks their values. The launcher script knows the same names. */
final class SchedulerOptions {
    @Option(names = "--cpus", paramLabel = "LIST", description = "CPUs for the Ps, such as 0-3,6")
    private String cpus;

    @Option(names = "--gomaxprocs", paramLabel = "N", description = "Number of Ps; default: the CPUs, or the cgroup's quota if lower, but at least 2 then")
    private String gomaxprocs;

    @Option(names = "--idle", paramLabel = "park|adaptive|spin", description = "What a P without work does (adaptive if not said)")
    private String idle;

    @Option(names = "--housekeeping", paramLabel = "LIST", description = "CPUs that the Ps keep off; Pinion's own threads run there")
    private String housekeeping;

    @Option(names = "--maxthreads", paramLabel = "N", description = "The most threads that run or block Gs; default: 10000")
    private String maxthreads;

    @Option(names = "--netpoll", paramLabel = "on|off", description = "Sockets are polled by the Ps, or by the JDK's own pollers")
    private String netpoll;

    @Option(names = "--reserve", paramLabel = "share|exclusive", description = "When another process has a core: warn, or refuse to start")
    private String reserve;

    @Option(names = "--retake", paramLabel = "tripwire|sysmon|off", description = "What finds calls that block and were not announced")
    private String retake;

    @Option(names = "--slice", paramLabel = "MS", description = "What a G may compute while others wait; 0: without limit; default: 10")
    private String slice;

    @Option(names = "--schedtrace", paramLabel = "MS", description = "Print the scheduler's state every MS milliseconds")
    private String schedtrace;

    @Option(names = "--scheddetail", description = "With --schedtrace: a line for each P, M and G too")
    private boolean scheddetail;

    @Option(names = "--unpinned", description = "Do not pin Ms to cores")
    private boolean unpinned;

    @Option(names = "--or-jdk", description = "On a JDK that Pinion cannot bind to: warn and go on with the JDK's scheduler")
    private boolean orJdk;

    /** As after {@code -javaagent:JAR=}. {@code PINION_OPTS} comes first, so that the command line has the last word. */
    String toAgentOptions(String environment) {
        StringBuilder options = new StringBuilder(environment == null ? "" : environment);
        append(options, "cpus", cpus);
        append(options, "gomaxprocs", gomaxprocs);
        append(options, "idle", idle);
        append(options, "housekeeping", housekeeping);
        append(options, "maxthreads", maxthreads);
        append(options, "netpoll", netpoll);
        append(options, "reserve", reserve);
        append(options, "retake", retake);
        append(options, "slice", slice);
        append(options, "schedtrace", schedtrace);
        append(options, "scheddetail", scheddetail ? "true" : null);
        append(options, "unpinned", unpinned ? "true" : null);
        append(options, "or-jdk", orJdk ? "true" : null);
        return options.toString();
    }

    private static void append(StringBuilder options, String key, String value) {
        if (value == null) {
            return;
        }
        if (value.isBlank() || value.indexOf('=') >= 0) {
            throw new Commands.Failure(Commands.BAD_INPUT, "option --" + key + " cannot have the value '" + value + "'");
        }
        options.append(options.isEmpty() ? "" : ",").append(key).append('=').append(value);
    }
}
