package dev.pinion.bench;

import dev.pinion.bench.program.Child;
import dev.pinion.cpu.HostFiles;
import dev.pinion.terminal.Terminal;
import dev.pinion.terminal.TerminalWidth;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * The command {@code pinion bench}. Exit codes: 0 all measured, 1 something could not be measured or written, 2 bad command line. {@link Diff} has its own.
 */
public final class Main {

    private Main() {
    }

    /** Runs the benchmarks that {@code arguments} ask for; {@code --help} says which there are. */
    public static void main(String... arguments) throws InterruptedException {
        System.exit(run(arguments));
    }

    private static int run(String... arguments) throws InterruptedException {
        try {
            if (arguments.length > 0 && arguments[0].equals("--jmh")) {
                return JmhRows.run(List.of(arguments).subList(1, arguments.length));
            }
            if (arguments.length > 0 && arguments[0].equals("diff")) {
                return Diff.run(List.of(arguments).subList(1, arguments.length), System.out, System.err, TerminalWidth.columns());
            }
            if (arguments.length > 0 && arguments[0].equals("show")) {
                return Show.run(List.of(arguments).subList(1, arguments.length), System.out, System.err);
            }
            Options options = Options.parse(arguments);
            switch (options.task()) {
                case HELP -> System.out.print(Options.HELP);
                case LIST -> Catalogue.ALL.forEach(w -> System.out.printf("%-24s %s%n", w.name(), w.about()));
                case RUN -> {
                    return measure(options, arguments) == 0 ? 0 : 1;
                }
            }
            return 0;
        } catch (Invalid e) {
            System.err.println("pinion bench: " + e.getMessage());
            return 2;
        } catch (IOException e) {
            System.err.println("pinion bench: " + (e.getMessage() == null ? e : e.getMessage()));
            return 1;
        }
    }

    private static int measure(Options asked, String... arguments) throws IOException, InterruptedException {
        OptionValue.requireWritable("--json", asked.json());
        OptionValue.requireWritable("--html", asked.html());
        requireAllowed(asked.cpus());
        Path scratch = Files.createTempDirectory("pinion-bench");
        try (AtExit.Held _ = AtExit.hold(() -> DirectoryTree.delete(scratch))) {
            requireTaskset();
            Map<Peer, Peer.Built> built = build(asked, scratch);
            Options options = withoutMissing(asked, built);
            boolean pinion = options.subject() == Side.PINION || options.against().contains(Side.PINION);
            Launch launch = new Launch(Path.of(System.getProperty("java.home"), "bin", "java"),
                    Origin.of(Child.class) + System.getProperty("path.separator") + Origin.of(Histogram.class),
                    Origin.of(Histogram.class).getParent().resolve("*").toString(),
                    pinion ? pinionJar(options) : null, EmptyAgentJar.write(scratch), built, scratch);
            // Standard output is the table's, unless it is Markdown's.
            PrintStream out = options.markdown() ? System.err : System.out;
            Runner runner = new Runner(options, launch, new Calibration(new Calibration.Loop()), out, Terminal.of(options.markdown() ? 2 : 1),
                    System.err, Terminal.of(2));
            Results results = runner.runAll(Machine.read(HostFiles.ofThisMachine(), versions(launch)), command(arguments));
            write(options, results);
            return runner.failures();
        }
    }

    private static void requireAllowed(List<Integer> cpus) throws IOException {
        List<Integer> allowed = CpuSet.allowed(HostFiles.ofThisMachine());
        if (!allowed.containsAll(cpus)) {
            throw new Invalid("--cpus " + CpuSet.format(cpus) + ": this process may use CPU " + CpuSet.format(allowed));
        }
    }

    private static void write(Options options, Results results) throws IOException {
        if (options.json() != null) {
            JsonReport.write(options.json(), results);
        }
        if (results.lines().isEmpty()) {
            return;
        }
        if (options.html() != null) {
            HtmlReport.page(results).write(options.html());
        }
        if (options.markdown()) {
            System.out.print(Markdown.text(results));
        }
    }

    /** Builds the programs of each peer that a side or a load needs. */
    private static Map<Peer, Peer.Built> build(Options options, Path scratch) throws IOException, InterruptedException {
        Set<Peer> needed = new LinkedHashSet<>();
        Stream.concat(Stream.of(options.subject()), options.against().stream()).map(Side::peer).filter(Objects::nonNull).forEach(needed::add);
        if (options.workloads().stream().anyMatch(workload -> workload.load() != null)) {
            needed.add(CPeer.PEER);
        }
        Map<Peer, Peer.Built> built = new LinkedHashMap<>();
        for (Peer peer : needed) {
            built.put(peer, peer.build(peers(options), scratch));
        }
        return built;
    }

    /** Says which sides cannot take part, and how to get what they lack; the rest goes on without them. */
    private static Options withoutMissing(Options options, Map<Peer, Peer.Built> built) {
        String subjects = lacks(options.subject(), built);
        if (subjects != null) {
            throw new Invalid("there is no " + options.subject().label() + ": " + subjects);
        }
        List<Side> there = new ArrayList<>();
        for (Side side : options.against()) {
            String lacks = lacks(side, built);
            if (lacks == null) {
                there.add(side);
            } else {
                System.err.println("pinion bench: without " + side.label() + ": " + lacks);
            }
        }
        if (there.isEmpty()) {
            throw new Invalid("no side is left to compare with");
        }
        return options.withAgainst(there);
    }

    private static String lacks(Side side, Map<Peer, Peer.Built> built) {
        return side.peer() == null ? null : built.get(side.peer()).missing();
    }

    private static Map<String, String> versions(Launch launch) throws IOException {
        Map<String, String> versions = new LinkedHashMap<>();
        if (launch.pinionJar() != null) {
            versions.put("Pinion", pinionVersion(launch.pinionJar()));
        }
        launch.built().forEach((peer, each) -> {
            if (!each.version().isEmpty()) {
                versions.put(peer.toolchain(), each.version());
            }
        });
        return versions;
    }

    static String pinionVersion(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            String version = manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION);
            return version == null ? Machine.UNKNOWN : version;
        }
    }

    private static String command(String... arguments) {
        StringBuilder command = new StringBuilder("./pinion bench");
        for (String argument : arguments) {
            command.append(' ').append(argument.matches("[-A-Za-z0-9_.,:/=%+]+") ? argument : "'" + argument + "'");
        }
        return command.toString();
    }

    private static void requireTaskset() throws InterruptedException {
        try {
            if (new ProcessBuilder("taskset", "-c", "-p", Long.toString(ProcessHandle.current().pid()))
                    .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0) {
                return;
            }
        } catch (IOException e) {
            // falls through to the one sentence below
        }
        throw new Invalid("the command taskset (package util-linux) is needed to give both sides the same CPUs");
    }

    private static Path pinionJar(Options options) {
        Path jar = options.jar();
        if (jar == null && System.getProperty("pinion.jar") != null) {
            jar = Path.of(System.getProperty("pinion.jar"));
        }
        if (jar == null) {
            try {
                jar = Origin.of(Class.forName("dev.pinion.Pinion", false, Main.class.getClassLoader()));
            } catch (ClassNotFoundException e) {
                throw new Invalid("Pinion is not on the class path; name its jar with --jar");
            }
        }
        if (!Files.isRegularFile(jar)) {
            throw new Invalid(jar + " is no jar; name Pinion's with --jar");
        }
        return jar.toAbsolutePath();
    }

    /** {@code bench/peers}, from {@code --peers} or upwards from where this class was built. */
    private static Path peers(Options options) {
        if (options.peers() != null) {
            return options.peers();
        }
        for (Path place = Origin.of(Main.class); place != null; place = place.getParent()) {
            if (Files.isDirectory(place.resolve("peers/go"))) {
                return place.resolve("peers");
            }
        }
        throw new Invalid("the sources of the peers are not beside the program; name bench/peers with --peers");
    }
}
