package dev.pinion.bench;

import dev.pinion.terminal.Terminal;
import dev.pinion.terminal.TerminalWidth;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** {@code pinion bench show}: table, Markdown and page of {@code --json} files, several sessions on one machine as one. */
final class Show {

    static final String HELP = """
            pinion bench show FILE.json ... [--html FILE] [--markdown] [--wide]: what --json files say; several files count as one session
            """;

    private Show() {
    }

    /** Runs the command and returns its exit code. */
    static int run(List<String> arguments, PrintStream out, PrintStream err) throws IOException {
        List<Results> all = new ArrayList<>();
        Path html = null;
        boolean markdown = false;
        boolean wide = false;
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            switch (argument) {
                case "--help", "-h" -> {
                    out.print(HELP);
                    return 0;
                }
                case "--markdown" -> markdown = true;
                case "--wide" -> wide = true;
                case "--html" -> {
                    if (++i == arguments.size()) {
                        throw new Invalid("--html wants a file");
                    }
                    html = Path.of(arguments.get(i));
                }
                default -> {
                    if (argument.startsWith("-")) {
                        throw new Invalid("'" + argument + "' is no option of bench show; --help shows them");
                    }
                    all.add(JsonReport.read(Path.of(argument), err));
                }
            }
        }
        OptionValue.requireWritable("--html", html);
        if (all.isEmpty()) {
            throw new Invalid("show wants at least one file of --json");
        }
        Results results = joined(all, err);
        if (results.lines().isEmpty()) {
            throw new Invalid("there is no figure in it");
        }
        if (html != null) {
            HtmlReport.page(results).write(html);
        }
        out.print(markdown ? Markdown.text(results) : new Table(results.subject(), results.others(), wide, Terminal.of(1), TerminalWidth.columns()).all(results));
        return 0;
    }

    private static Results joined(List<Results> all, PrintStream err) {
        Results first = all.getFirst();
        List<Results.Entry> entries = new ArrayList<>();
        Set<String> commands = new LinkedHashSet<>();
        for (Results each : all) {
            first.machine().differences(each.machine()).forEach(difference ->
                    err.println("pinion bench: warning: the files are not from one machine: " + difference));
            commands.add(each.command());
            entries.addAll(each.entries());
        }
        return new Results(first.machine(), String.join("; ", commands), List.copyOf(entries));
    }
}
