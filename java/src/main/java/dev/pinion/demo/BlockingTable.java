package dev.pinion.demo;

import java.util.Locale;
import java.util.function.Function;

/** {@link BlockingFigures} of the JDK's scheduler beside Pinion's; no line is longer than 39 characters. */
final class BlockingTable {
    private BlockingTable() {}

    static String of(BlockingFigures jdk, BlockingFigures pinion) {
        StringBuilder out = new StringBuilder(row("", "JDK", "Pinion"));
        out.append(row("requests", f -> number(f.requests()), jdk, pinion));
        out.append(row("answers given", f -> number(f.answered()), jdk, pinion));
        out.append(row("answer p50, ms", f -> millis(f.p50Millis()), jdk, pinion));
        out.append(row("answer p99, ms", f -> millis(f.p99Millis()), jdk, pinion));
        out.append(row("answer max, ms", f -> millis(f.maxMillis()), jdk, pinion));
        out.append(row("computed, M steps", f -> number(f.millionSteps()), jdk, pinion));
        out.append(row("reads noticed", f -> f.readsNoticed() + " of " + f.reads(), jdk, pinion));
        out.append(row("read to next G", f -> "", jdk, pinion));
        out.append(row("  p50, ms", f -> millis(f.nextP50Millis()), jdk, pinion));
        out.append(row("  max, ms", f -> millis(f.nextMaxMillis()), jdk, pinion));
        out.append(row("blocks found", f -> f.found() == null ? "-" : number(f.found().blocks()), jdk, pinion));
        out.append(row("hand-offs", f -> f.found() == null ? "-" : number(f.found().handOffs()), jdk, pinion));
        out.append(row("found to next G", f -> "", jdk, pinion));
        out.append(row("  p50, ms", f -> f.found() == null ? "-" : millis(f.found().nextP50Millis()), jdk, pinion));
        return out.toString();
    }

    private static String row(String name, Function<BlockingFigures, String> figure, BlockingFigures jdk, BlockingFigures pinion) {
        return row(name, figure.apply(jdk), figure.apply(pinion));
    }

    private static String row(String name, String jdk, String pinion) {
        return String.format(Locale.ROOT, "  %-17s%10s%10s", name, jdk, pinion).stripTrailing() + "\n";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String millis(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
    }
}
