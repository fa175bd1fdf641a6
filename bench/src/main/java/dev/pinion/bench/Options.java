package dev.pinion.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The command line.
 *
 * @param workloads    what to run, in the catalogue's order
 * @param named        whether the user named them, so that all pairs are run even of long ones
 * @param pairs        number of rounds, or 0 for the choice of {@link Plan}
 * @param quick        whether all of it shall take less than three minutes
 * @param procs        numbers of Ps to run with
 * @param conditions   what else happens on the machine
 * @param subject      side A
 * @param against      the sides that it is compared with, in the table's order
 * @param cpus         CPUs of every child, or empty for the choice of {@link CpuSet#choose}
 * @param heapMiB      heap of every JVM, or 0 for the workload's
 * @param gc           collector, as in {@code -XX:+UseG1GC} without the frame: {@code G1}
 * @param jvmFlags     further flags of both sides
 * @param agentOptions appended to {@code gomaxprocs=P}
 * @param againstOptions appended to that on side B, when it is Pinion
 * @param jar          Pinion's jar, or null to look for it
 * @param peers        directory of the peers' sources, or null to look for it
 * @param json         file for all samples, or null
 * @param html         file for the page, or null
 * @param markdown     whether the table comes out as Markdown
 * @param wide         whether the table has all columns
 * @param noise        whether the first other side is run a second time in every round
 * @param verbose      whether every run is printed
 * @param task         what to do at all
 */
record Options(List<Workload> workloads, boolean named, int pairs, boolean quick, List<Integer> procs, List<Condition> conditions,
        Side subject, List<Side> against, List<Integer> cpus, int heapMiB, String gc, List<String> jvmFlags,
        String agentOptions, String againstOptions, Path jar, Path peers, Path json, Path html, boolean markdown, boolean wide,
        boolean noise, boolean verbose, Task task) {

    /** What the command line asks for. */
    enum Task { RUN, LIST, HELP }

    static final String HELP = """
            pinion bench: a workload on several schedulers, in interleaved rounds of forked processes
            pinion bench diff A.json B.json [--tolerance 5%]   what changed between two --json files
            pinion bench show FILE.json ... [--html FILE] [--markdown] [--wide]   what --json files say, several as one

              --workload NAME,...   what to run (spawn, 'tokio*', all; default all; --list names them)
              --procs N,...         numbers of Ps (default 1)
              --condition C,...     quiet, hog, hogs4, quota (default quiet)
              --against SIDE,...    jdk, platform (threads), go, go-1ns (timer slack 1 ns), kotlin (coroutines), tokio,
                                    floor (C on epoll and futex), minimal, pinion
                                    (default jdk,go; without go on the PATH jdk)
              --subject SIDE        one of them (default pinion)
              --quick               the essential workloads, shortened, 3 rounds: under three minutes
              --pairs N             rounds (default: 9 of what --workload names; else 5, 3 of what takes long)
              --no-noise            do not run the first other side a second time in each round
              --cpus LIST           CPUs of every child (default: one more than Ps; beside a hog as many as Ps)
              --heap MIB  --gc G1   heap and collector of both sides (default: the workload's, G1)
              --jvm FLAG            a further flag for both sides (may be repeated)
              --agent-options TEXT  added to Pinion's gomaxprocs=P, as in PINION_OPTS
              --against-options TEXT  with --against pinion: added to that on the other side, so that two Pinions are compared
              --jar FILE            Pinion's jar (default: -Dpinion.jar, or the one on the class path)
              --peers DIR           sources of the peers (default: bench/peers of the checkout)
              --json FILE           all samples, for diff and show
              --html FILE           a page with table and plots
              --markdown            the table as Markdown, and nothing else on standard output
              --wide                CPU time, switches, spread and fairness too
              --verbose             print every run
              --list, --help
              --jmh [PATTERN] ...   instead of all this, first and alone: JMH over the queues, the P's word, timers and
                                    WaitGroup; what follows is for JMH, such as -l (list) or -h (its help)
            """;

    /**
     * Reads a command line.
     *
     * @throws Invalid with one sentence that names the value and what is allowed
     */
    static Options parse(String... arguments) {
        List<String> names = List.of("all");
        boolean named = false;
        int pairs = 0;
        boolean quick = false;
        List<Integer> procs = List.of(1);
        List<Condition> conditions = List.of(Condition.QUIET);
        Side subject = Side.PINION;
        List<Side> against = null;
        List<Integer> cpus = List.of();
        int heap = 0;
        String gc = "G1";
        List<String> flags = new ArrayList<>();
        String agentOptions = "";
        String againstOptions = "";
        Path jar = null;
        Path peers = null;
        Path json = null;
        Path html = null;
        boolean markdown = false;
        boolean wide = false;
        boolean noise = true;
        boolean verbose = false;
        Task task = Task.RUN;
        for (int i = 0; i < arguments.length; i++) {
            String option = arguments[i];
            switch (option) {
                case "--quick" -> quick = true;
                case "--markdown" -> markdown = true;
                case "--wide" -> wide = true;
                case "--no-noise" -> noise = false;
                case "--verbose" -> verbose = true;
                case "--list" -> task = Task.LIST;
                case "--help", "-h" -> task = Task.HELP;
                case "--jmh" -> throw new Invalid("--jmh goes first, and what follows it to JMH");
                case "--workload", "--procs", "--condition", "--against", "--subject", "--pairs", "--cpus", "--heap", "--gc",
                        "--jvm", "--agent-options", "--against-options", "--jar", "--peers", "--json", "--html" -> {
                    if (++i == arguments.length) {
                        throw new Invalid(option + " wants a value; --help shows which");
                    }
                    String value = arguments[i];
                    switch (option) {
                        case "--workload" -> {
                            names = list(value, Function.identity());
                            named = true;
                        }
                        case "--procs" -> procs = list(value, word -> OptionValue.number(option, word, 1, 1024));
                        case "--condition" -> conditions = list(value, Condition::named);
                        case "--against" -> against = list(value, Side::named);
                        case "--subject" -> subject = Side.named(value);
                        case "--pairs" -> pairs = OptionValue.number(option, value, 1, 1000);
                        case "--cpus" -> cpus = CpuSet.parse(value);
                        case "--heap" -> heap = OptionValue.number(option, value, 16, 1 << 20);
                        case "--gc" -> gc = value;
                        case "--jvm" -> flags.add(value);
                        case "--agent-options" -> agentOptions = value;
                        case "--against-options" -> againstOptions = value;
                        case "--jar" -> jar = Path.of(value);
                        case "--peers" -> peers = Path.of(value);
                        case "--json" -> json = Path.of(value);
                        default -> html = Path.of(value);
                    }
                }
                default -> throw new Invalid("'" + option + "' is no option of bench; --help shows them");
            }
        }
        List<Side> others = against == null ? defaultAgainst(subject) : against;
        check(subject, others, againstOptions);
        if (quick && !named) {
            names = Plan.ESSENTIAL;
        }
        return new Options(Catalogue.select(names), named, pairs, quick, procs, conditions, subject,
                others, cpus, heap, gc,
                List.copyOf(flags), agentOptions, againstOptions, jar, peers, json, html, markdown, wide, noise, verbose, task);
    }

    private static List<Side> defaultAgainst(Side subject) {
        return Stream.of(Side.JDK, Side.GO).filter(side -> side != subject).toList();
    }

    private static void check(Side subject, List<Side> against, String againstOptions) {
        if (Set.copyOf(against).size() < against.size()) {
            throw new Invalid("--against names a side twice: " + labels(against));
        }
        if (!againstOptions.isEmpty() && !against.contains(Side.PINION)) {
            throw new Invalid("--against-options " + againstOptions + " is for --against pinion, not for " + labels(against));
        }
        if (!againstOptions.isEmpty() && subject != Side.PINION) {
            throw new Invalid("--against-options compares two Pinions, and --subject is " + subject.label());
        }
    }

    private static String labels(List<Side> sides) {
        return String.join(",", sides.stream().map(Side::label).toList());
    }

    /** These options with fewer other sides. */
    Options withAgainst(List<Side> fewer) {
        return new Options(workloads, named, pairs, quick, procs, conditions, subject, fewer, cpus, heapMiB, gc, jvmFlags,
                agentOptions, againstOptions, jar, peers, json, html, markdown, wide, noise, verbose, task);
    }

    /** Options of a Pinion on the subject's side. */
    String subjectOptions() {
        return agentOptions;
    }

    /** Options of a Pinion on the other side: of one given twice, the later counts. */
    String otherOptions() {
        return agentOptions.isEmpty() || againstOptions.isEmpty() ? agentOptions + againstOptions : agentOptions + "," + againstOptions;
    }

    private static <T> List<T> list(String value, Function<String, T> element) {
        List<T> list = new ArrayList<>();
        for (String word : value.split(",", -1)) {
            list.add(element.apply(word));
        }
        return List.copyOf(list);
    }
}
