package dev.pinion.bench;

import dev.pinion.bench.program.Child;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.HdrHistogram.Histogram;

/** The command {@code pinion bench}. Exit codes: 0 all measured, 1 something could not be measured, 2 bad command line. */
public final class Main {

    private Main() {
    }

    /** Runs the benchmarks that {@code arguments} ask for; {@code --help} says which there are. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        System.exit(run(arguments));
    }

    private static int run(String... arguments) throws IOException, InterruptedException {
        try {
            if (arguments.length > 0 && arguments[0].equals("--jmh")) {
                return JmhRows.run(List.of(arguments).subList(1, arguments.length));
            }
            Options options = Options.parse(arguments);
            switch (options.task()) {
                case HELP -> System.out.print(Options.HELP);
                case LIST -> Catalogue.ALL.forEach(w -> System.out.printf("%-24s %s%n", w.name(), w.about()));
                case RUN -> {
                    return measure(options) == 0 ? 0 : 1;
                }
            }
            return 0;
        } catch (Options.Invalid e) {
            System.err.println("pinion bench: " + e.getMessage());
            return 2;
        }
    }

    private static int measure(Options options) throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory("pinion-bench");
        try {
            boolean go = options.subject().isGo() || options.against().isGo();
            boolean floor = options.subject() == Side.FLOOR || options.against() == Side.FLOOR;
            boolean load = options.workloads().stream().anyMatch(workload -> workload.load() != null);
            boolean pinion = options.subject() == Side.PINION || options.against() == Side.PINION;
            requireTaskset();
            CPeer peer = floor || load ? CPeer.build(peers(options), scratch) : CPeer.NOT_BUILT;
            if (floor && peer.program() == null) {
                throw new Options.Invalid("there is no floor: " + peer.missing());
            }
            Launch launch = new Launch(Path.of(System.getProperty("java.home"), "bin", "java"),
                    origin(Child.class) + System.getProperty("path.separator") + origin(Histogram.class),
                    origin(Histogram.class).getParent().resolve("*").toString(),
                    pinion ? pinionJar(options) : null, EmptyAgentJar.write(scratch),
                    go ? GoPeer.build(peers(options), scratch) : null, peer, scratch);
            return new Runner(options, launch, System.out).runAll();
        } finally {
            delete(scratch);
        }
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
        throw new Options.Invalid("the command taskset (package util-linux) is needed to give both sides the same CPUs");
    }

    private static Path pinionJar(Options options) {
        Path jar = options.jar();
        if (jar == null && System.getProperty("pinion.jar") != null) {
            jar = Path.of(System.getProperty("pinion.jar"));
        }
        if (jar == null) {
            try {
                jar = origin(Class.forName("dev.pinion.Pinion", false, Main.class.getClassLoader()));
            } catch (ClassNotFoundException e) {
                throw new Options.Invalid("Pinion is not on the class path; name its jar with --jar");
            }
        }
        if (!Files.isRegularFile(jar)) {
            throw new Options.Invalid(jar + " is no jar; name Pinion's with --jar");
        }
        return jar.toAbsolutePath();
    }

    /** {@code bench/peers}, from {@code --peers} or upwards from where this class was built. */
    private static Path peers(Options options) {
        if (options.peers() != null) {
            return options.peers();
        }
        for (Path place = origin(Main.class); place != null; place = place.getParent()) {
            if (Files.isDirectory(place.resolve("peers/go"))) {
                return place.resolve("peers");
            }
        }
        throw new Options.Invalid("the sources of the peers are not beside the program; name bench/peers with --peers");
    }

    private static Path origin(Class<?> type) {
        URL location = type.getProtectionDomain().getCodeSource().getLocation();
        try {
            return Path.of(location.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("class path entry that is no path: " + location, e);
        }
    }

    private static void delete(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
