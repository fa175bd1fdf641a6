package dev.pinion.compare;

import dev.pinion.bench.CPeer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which program makes the load: chosen by the first answer, then the same for all runs. One thread. */
final class Generator {
    /** What bench/peers/c/load.c has room for, less what a head takes. */
    private static final int MOST_BYTES_FOR_C = 1024;

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1");

    private final Options options;
    private final Path scratch;
    private final String cpu;
    private Path c;
    private String description;

    /** @param cpu the one that the program leaves to it, or null where there is but one */
    Generator(Options options, Path scratch, String cpu) {
        this.options = options;
        this.scratch = scratch;
        this.cpu = cpu;
    }

    /** One line: what makes the load, and why not the C program if it is another. After the first {@link #command}. */
    String description() {
        return description;
    }

    /** The command line; the C program prefers a CPU of its own and is small, a JVM is the other one. */
    List<String> command(FirstAnswer answer) throws IOException, InterruptedException {
        if (description == null) {
            String obstacle = obstacle(answer);
            description = obstacle == null ? "a C program on one thread" : "java.net.http.HttpClient in a JVM of its own, since " + obstacle;
        }
        URI url = options.load();
        int warmUp = Math.max(1000, options.seconds() * 500);
        List<String> command = new ArrayList<>(cpu == null ? List.of() : List.of("taskset", "-c", cpu));
        if (c != null) {
            String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
            command.addAll(List.of(c.toString(), "load", "closed", Integer.toString(options.connections()),
                    url.getRawQuery() == null ? path : path + "?" + url.getRawQuery(), Integer.toString(warmUp),
                    Integer.toString(options.seconds() * 1000), Integer.toString(url.getPort() < 0 ? 80 : url.getPort())));
        } else {
            command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp",
                    System.getProperty("java.class.path"), HttpClientLoad.class.getName(), Integer.toString(options.connections()),
                    url.toString(), Integer.toString(warmUp), Integer.toString(options.seconds() * 1000)));
        }
        return command;
    }

    /** Why the C program will not do, or null; builds it. */
    private String obstacle(FirstAnswer answer) throws IOException, InterruptedException {
        URI url = options.load();
        if (!url.getScheme().equals("http")) {
            return "the C program knows no " + url.getScheme();
        }
        if (!LOOPBACK.contains(url.getHost())) {
            return "the C program knows no host but localhost";
        }
        if (!answer.plain()) {
            return "the C program understands only answers of code 200 with a Content-Length";
        }
        if (answer.bytes() > MOST_BYTES_FOR_C) {
            return "the C program has no room for an answer of " + answer.bytes() + " bytes";
        }
        if (cpu == null) {
            return "the C program needs a CPU to itself";
        }
        String sources = System.getProperty("pinion.peers");
        if (sources == null) {
            return "the C program's sources are not known (-Dpinion.peers)";
        }
        try {
            CPeer peer = CPeer.build(Path.of(sources), scratch);
            c = peer.program();
            return peer.missing();
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }
}
