package dev.pinion.bench.program;

import java.util.Map;

/** The main class of a forked JVM: runs the program named by its argument. */
public final class Child {

    /** A workload's inside. */
    private interface Program {
        void run(Report report) throws Exception;
    }

    private static final Map<String, Program> PROGRAMS = Map.ofEntries(
            Map.entry("spawn", Spawn::run),
            Map.entry("yield", PairOfTasks::yielding),
            Map.entry("handoff", PairOfTasks::handoff),
            Map.entry("wake", Lateness::wake),
            Map.entry("sleep", Lateness::sleep),
            Map.entry("parked-bytes", Parked::bytes),
            Map.entry("million", Parked::million),
            Map.entry("timers-million", Timers::million),
            Map.entry("tasks-million", Timers::tasks),
            Map.entry("tokio-spawn-many-local", Tokio::spawnManyLocal),
            Map.entry("tokio-spawn-many-remote", Tokio::spawnManyRemote),
            Map.entry("tokio-yield-many", Tokio::yieldMany),
            Map.entry("tokio-ping-pong", Tokio::pingPong),
            Map.entry("tokio-chained-spawn", Tokio::chainedSpawn),
            Map.entry("delisle-cycle", Delisle::cycle),
            Map.entry("delisle-yield", Delisle::yielding),
            Map.entry("delisle-churn", Delisle::churn),
            Map.entry("delisle-locality", Delisle::locality),
            Map.entry("skynet", Skynet::run),
            Map.entry("hog-beside", HogBeside::run),
            Map.entry("announced-block", BlockedReader::announced),
            Map.entry("block-unannounced", BlockedReader::unannounced),
            Map.entry("block-unannounced-light", BlockedReader::unannouncedLight),
            Map.entry("call-not-blocking", CallNotBlocking::run),
            Map.entry("wakeup-syscall", WakeupSyscall::run),
            Map.entry("fifo-burst", FifoBurst::run),
            Map.entry("hogs-beside-sleeper", HogsAndSleeper::endless),
            Map.entry("many-hogs", HogsAndSleeper::many),
            Map.entry("blocking-mix", BlockingMix::run),
            Map.entry("fsync-many", FsyncMany::run),
            Map.entry("lone-reader", LoneReader::run),
            Map.entry("timers-beside-hogs", SleepersBesideHogs::run),
            Map.entry("cpu-bound", CpuBound::run),
            Map.entry("wake-parked", Wakes::run),
            Map.entry("wake-spinning", Wakes::run),
            Map.entry("net-pingpong", NetPairs::one),
            Map.entry("net-64", NetPairs::many),
            Map.entry("net-serve", EchoServer::run),
            Map.entry("net-http-jdk", HttpServers::jdk),
            Map.entry("net-http-jetty", HttpServers::jetty),
            Map.entry("net-http-helidon", HttpServers::helidon),
            Map.entry("idle10", Idle::run));

    private Child() {
    }

    /** Runs one program and ends; exit code 1 with the reason when it fails. */
    public static void main(String... arguments) {
        Program program = arguments.length == 1 ? PROGRAMS.get(arguments[0]) : null;
        if (program == null) {
            System.err.println("name one program of " + PROGRAMS.keySet());
            System.exit(2);
            return;
        }
        try {
            Report report = new Report();
            if (!Spawner.isPlatform()) {
                report.carrier(Spawner.carrier());
            }
            program.run(report);
            if (Spawner.isPlatform()) { // only the end tells whether there was a virtual thread
                report.carrier(WorkThread.carrier());
            }
        } catch (Exception e) {
            System.err.println(e + (e.getCause() == null ? "" : ", caused by " + e.getCause()));
            System.exit(1);
        }
    }
}
