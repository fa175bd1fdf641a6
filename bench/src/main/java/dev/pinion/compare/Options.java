package dev.pinion.compare;

import dev.pinion.bench.Invalid;
import dev.pinion.bench.OptionValue;
import dev.pinion.cli.JavaArguments;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

/**
 * The command line.
 *
 * @param runs           pairs of runs
 * @param warmUps        pairs before them that do not count
 * @param until          the run is over when a line has this text, or null
 * @param load           what is asked for by the load, or null
 * @param connections    of the load
 * @param seconds        of load that are measured
 * @param timeoutSeconds the longest a run may take to its end, its text or its first answer
 * @param json           file for all samples, or null
 * @param help           nothing is to be run
 * @param javaArguments  what comes after the word java
 */
record Options(int runs, int warmUps, String until, URI load, int connections, int seconds, int timeoutSeconds, Path json, boolean help,
        List<String> javaArguments) {

    static final String HELP = """
            Usage: pinion compare [OPTIONS] -- JAVA_ARGUMENTS

            Your own program on the JDK's scheduler and on Pinion, in turn, and what can be said of the difference.

              --runs N           pairs of runs (default 9; at least 5 for a verdict)
              --warmup N         pairs before them that do not count (default 1)
              --until TEXT       a run is over when the program prints a line that has TEXT; it is then ended by SIGTERM
              --load URL         a run waits until the URL answers, puts it under load, and is then ended by SIGTERM
              --connections N    with --load: how many, each with one request out at a time, a closed loop (default 64)
              --seconds N        with --load: how long is measured, after half as long that is not (default 6)
              --timeout SECONDS  a run without end, TEXT or answer has failed by then (default 300)
              --json FILE        all samples
              -h, --help         print this

            PINION_OPTS has options for Pinion's side (gomaxprocs=2,idle=park). Exit code 1: a run failed.
            """;

    private static final String NO_SEPARATOR =
            "there must be a -- between the options of pinion and the arguments of java: pinion compare -- -jar server.jar";

    /**
     * Reads a command line.
     *
     * @throws Invalid with one sentence
     */
    static Options parse(List<String> arguments) {
        int runs = 9;
        int warmUps = 1;
        String until = null;
        URI load = null;
        int connections = 64;
        int seconds = 6;
        int timeout = 300;
        Path json = null;
        String loadsOnly = null;
        int i = 0;
        for (; i < arguments.size() && !arguments.get(i).equals("--"); i++) {
            String option = arguments.get(i);
            if (option.equals("--help") || option.equals("-h")) {
                return new Options(runs, warmUps, null, null, connections, seconds, timeout, null, true, List.of());
            }
            int equals = option.startsWith("--") ? option.indexOf('=') : -1;
            String name = equals < 0 ? option : option.substring(0, equals);
            if (!List.of("--runs", "--warmup", "--until", "--load", "--connections", "--seconds", "--timeout", "--json").contains(name)) {
                throw new Invalid(arguments.contains("--") ? "'" + option + "' is no option of compare; --help shows them" : NO_SEPARATOR);
            }
            if (equals < 0 && (i + 1 == arguments.size() || arguments.get(i + 1).equals("--"))) {
                throw new Invalid("option " + name + " needs a value");
            }
            String value = equals < 0 ? arguments.get(++i) : option.substring(equals + 1);
            switch (name) {
                case "--runs" -> runs = OptionValue.number(name, value, 1, 1000);
                case "--warmup" -> warmUps = OptionValue.number(name, value, 0, 100);
                case "--until" -> until = text(value);
                case "--load" -> load = url(value);
                case "--connections" -> connections = OptionValue.number(loadsOnly = name, value, 1, 10_000);
                case "--seconds" -> seconds = OptionValue.number(loadsOnly = name, value, 1, 3600);
                case "--timeout" -> timeout = OptionValue.number(name, value, 1, 86_400);
                default -> json = Path.of(value);
            }
        }
        if (i == arguments.size()) {
            throw new Invalid(NO_SEPARATOR);
        }
        if (until != null && load != null) {
            throw new Invalid("--until and --load exclude each other: each says when a run is over");
        }
        if (loadsOnly != null && load == null) {
            throw new Invalid(loadsOnly + " is for --load, which is missing");
        }
        List<String> java = List.copyOf(arguments.subList(i + 1, arguments.size()));
        String problem = JavaArguments.problem(java);
        if (problem != null) {
            throw new Invalid(problem);
        }
        return new Options(runs, warmUps, until, load, connections, seconds, timeout, json, false, java);
    }

    private static String text(String value) {
        if (value.isEmpty() || value.contains("\n")) {
            throw new Invalid("--until wants a text of one line to look for");
        }
        return value;
    }

    private static URI url(String value) {
        try {
            URI url = new URI(value);
            if (("http".equals(url.getScheme()) || "https".equals(url.getScheme())) && url.getHost() != null) {
                return url;
            }
        } catch (URISyntaxException e) {
            // falls through to the one sentence below
        }
        throw new Invalid("--load " + value + ": wanted is a URL such as http://localhost:8080/");
    }
}
