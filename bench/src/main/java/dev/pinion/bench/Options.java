package dev.pinion.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The command line.
 *
 * @param workloads    what to run, in the catalogue's order
 * @param named        whether the user named them, so that all pairs are run even of long ones
 * @param pairs        number of rounds
 * @param procs        numbers of Ps to run with
 * @param conditions   what else happens on the machine
 * @param subject      side A
 * @param against      side B
 * @param cpus         CPUs of every child, or empty for the choice of {@link CpuSet#choose}
 * @param heapMiB      heap of every JVM, or 0 for the workload's
 * @param gc           collector, as in {@code -XX:+UseG1GC} without the frame: {@code G1}
 * @param jvmFlags     further flags of both sides
 * @param agentOptions appended to {@code gomaxprocs=P}
 * @param againstOptions appended to that on side B, when it is Pinion
 * @param jar          Pinion's jar, or null to look for it
 * @param peers        directory of the peers' sources, or null to look for it
 * @param json         file for all samples, or null
 * @param noise        whether side B is run a second time in every round
 * @param verbose      whether every run is printed
 * @param task         what to do at all
 */
record Options(List<Workload> workloads, boolean named, int pairs, List<Integer> procs, List<Condition> conditions,
        Side subject, Side against, List<Integer> cpus, int heapMiB, String gc, List<String> jvmFlags, String agentOptions,
        String againstOptions, Path jar, Path peers, Path json, boolean noise, boolean verbose, Task task) {

    /** What the command line asks for. */
    enum Task { RUN, LIST, HELP }

    static final int PAIRS = 9;
    static final int QUICK_PAIRS = 3;

    static final String HELP = """
            pinion bench: a workload on two schedulers, in interleaved pairs of forked processes

              --workload NAME,...   what to run (spawn, 'tokio*', all; default all; --list names them)
              --procs N,...         numbers of Ps (default 1)
              --condition C,...     quiet, hog, hogs4, quota (default quiet)
              --against SIDE        jdk, go, go-1ns (timer slack 1 ns), floor (C on epoll and futex), minimal, pinion (default jdk)
              --subject SIDE        the same (default pinion)
              --pairs N             rounds (default 9)    --quick   3 rounds
              --no-noise            do not run the other side a second time in each round
              --cpus LIST           CPUs of every child (default: one more than Ps; beside a hog as many as Ps)
              --heap MIB  --gc G1   heap and collector of both sides (default: the workload's, G1)
              --jvm FLAG            a further flag for both sides (may be repeated)
              --agent-options TEXT  added to Pinion's gomaxprocs=P, as in PINION_OPTS
              --against-options TEXT  with --against pinion: added to that on the other side, so that two Pinions are compared
              --jar FILE            Pinion's jar (default: -Dpinion.jar, or the one on the class path)
              --peers DIR           sources of the peers (default: bench/peers of the checkout)
              --json FILE           all samples
              --verbose             print every run
              --list, --help
              --jmh [PATTERN] ...   instead of all this, first and alone: JMH over the queues, the P's word, timers and
                                    WaitGroup; what follows is for JMH, such as -l (list) or -h (its help)
            """;

    /** A bad command line or a machine that lacks something: one sentence, exit code 2. */
    static final class Invalid extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        Invalid(String sentence) {
            super(sentence);
        }
    }

    /**
     * Reads a command line.
     *
     * @throws Invalid with one sentence that names the value and what is allowed
     */
    static Options parse(String... arguments) {
        List<String> names = List.of("all");
        boolean named = false;
        int pairs = PAIRS;
        List<Integer> procs = List.of(1);
        List<Condition> conditions = List.of(Condition.QUIET);
        Side subject = Side.PINION;
        Side against = Side.JDK;
        List<Integer> cpus = List.of();
        int heap = 0;
        String gc = "G1";
        List<String> flags = new ArrayList<>();
        String agentOptions = "";
        String againstOptions = "";
        Path jar = null;
        Path peers = null;
        Path json = null;
        boolean noise = true;
        boolean verbose = false;
        Task task = Task.RUN;
        for (int i = 0; i < arguments.length; i++) {
            String option = arguments[i];
            switch (option) {
                case "--quick" -> pairs = QUICK_PAIRS;
                case "--no-noise" -> noise = false;
                case "--verbose" -> verbose = true;
                case "--list" -> task = Task.LIST;
                case "--help", "-h" -> task = Task.HELP;
                case "--jmh" -> throw new Invalid("--jmh goes first, and what follows it to JMH");
                case "--workload", "--procs", "--condition", "--against", "--subject", "--pairs", "--cpus", "--heap", "--gc",
                        "--jvm", "--agent-options", "--against-options", "--jar", "--peers", "--json" -> {
                    if (++i == arguments.length) {
                        throw new Invalid(option + " wants a value; --help shows which");
                    }
                    String value = arguments[i];
                    switch (option) {
                        case "--workload" -> {
                            names = list(value, Function.identity());
                            named = true;
                        }
                        case "--procs" -> procs = list(value, word -> number(option, word, 1, 1024));
                        case "--condition" -> conditions = list(value, Condition::named);
                        case "--against" -> against = Side.named(value);
                        case "--subject" -> subject = Side.named(value);
                        case "--pairs" -> pairs = number(option, value, 1, 1000);
                        case "--cpus" -> cpus = CpuSet.parse(value);
                        case "--heap" -> heap = number(option, value, 16, 1 << 20);
                        case "--gc" -> gc = value;
                        case "--jvm" -> flags.add(value);
                        case "--agent-options" -> agentOptions = value;
                        case "--against-options" -> againstOptions = value;
                        case "--jar" -> jar = Path.of(value);
                        case "--peers" -> peers = Path.of(value);
                        default -> json = Path.of(value);
                    }
                }
                default -> throw new Invalid("'" + option + "' is no option of bench; --help shows them");
            }
        }
        if (!againstOptions.isEmpty() && against != Side.PINION) {
            throw new Invalid("--against-options " + againstOptions + " is for --against pinion, not for " + against.label());
        }
        return new Options(Catalogue.select(names), named, pairs, procs, conditions, subject, against, cpus, heap, gc,
                List.copyOf(flags), agentOptions, againstOptions, jar, peers, json, noise, verbose, task);
    }

    /** Options of a Pinion on the subject's side. */
    String subjectOptions() {
        return agentOptions;
    }

    /** Options of a Pinion on the other side: of one given twice, the later counts. */
    String otherOptions() {
        return agentOptions.isEmpty() || againstOptions.isEmpty() ? agentOptions + againstOptions : agentOptions + "," + againstOptions;
    }

    /** What the other side is called: different from the subject. */
    String againstLabel() {
        return subject == against ? against.label() + "-B" : against.label();
    }

    private static <T> List<T> list(String value, Function<String, T> element) {
        List<T> list = new ArrayList<>();
        for (String word : value.split(",", -1)) {
            list.add(element.apply(word));
        }
        return List.copyOf(list);
    }

    private static int number(String option, String word, int least, int most) {
        try {
            int value = Integer.parseInt(word);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // falls through to the one sentence below
        }
        throw new Invalid(option + " " + word + ": allowed are whole numbers from " + least + " to " + most);
    }
}
