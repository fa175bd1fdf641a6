package dev.pinion.agent;

import dev.pinion.sched.SchedSetup;
import java.util.List;

/**
 * The text after {@code -javaagent:pinion.jar=}: {@code key=value} pairs with commas between. A piece without {@code =} belongs to the
 * value before it, so that {@code cpus=0,1,gomaxprocs=2} means what it says; the flags {@code unpinned}, {@code scheddetail} and
 * {@code or-jdk} may stand alone.
 */
final class AgentOptions {
    private static final String[] KEYS = {
        "cpus", "gomaxprocs", "housekeeping", "idle", "maxthreads", "name", "netpoll", "or-jdk", "reserve", "retake", "scheddetail",
        "schedtrace", "slice", "unpinned"
    };

    final SchedSetup setup = new SchedSetup();
    long traceMillis;
    boolean traceDetail;
    boolean orJdk;

    /** @throws IllegalArgumentException one sentence */
    static AgentOptions parse(String text) {
        AgentOptions options = new AgentOptions();
        options.setup.reserve("share");
        if (text == null || text.isBlank()) {
            return options;
        }
        String key = null;
        StringBuilder value = new StringBuilder();
        int from = 0;
        while (from <= text.length()) {
            int comma = text.indexOf(',', from);
            String piece = text.substring(from, comma < 0 ? text.length() : comma).trim();
            from = comma < 0 ? text.length() + 1 : comma + 1;
            int equals = piece.indexOf('=');
            if (piece.isEmpty() && !isList(key)) {
                continue; // as a comma at the end leaves it
            }
            if (equals < 0 && key != null && !isFlag(piece)) {
                value.append(',').append(piece);
                continue;
            }
            options.take(key, value.toString());
            key = equals < 0 ? piece : piece.substring(0, equals).trim();
            value.setLength(0);
            value.append(equals < 0 ? "" : piece.substring(equals + 1).trim());
        }
        options.take(key, value.toString());
        if (options.traceDetail && options.traceMillis == 0) {
            throw new IllegalArgumentException("scheddetail adds lines to the trace: say schedtrace=MS beside it, in milliseconds.");
        }
        return options;
    }

    private static boolean isList(String key) {
        return "cpus".equals(key) || "housekeeping".equals(key);
    }

    private static boolean isFlag(String piece) {
        return piece.equals("unpinned") || piece.equals("or-jdk") || piece.equals("scheddetail");
    }

    private void take(String key, String value) {
        if (key == null) {
            return;
        }
        switch (key) {
            case "cpus" -> setup.cpus(value);
            case "gomaxprocs" -> setup.gomaxprocs(value);
            case "housekeeping" -> setup.housekeeping(value);
            case "idle" -> setup.idle(value);
            case "maxthreads" -> setup.maxThreads(value);
            case "name" -> setup.name(value);
            case "netpoll" -> setup.netpoll(value);
            case "or-jdk" -> orJdk = flag(key, value);
            case "unpinned" -> setup.unpinned(flag(key, value));
            case "reserve" -> setup.reserve(value);
            case "retake" -> setup.retake(value);
            case "slice" -> setup.slice(value);
            case "scheddetail" -> traceDetail = flag(key, value);
            case "schedtrace" -> traceMillis = millis(value);
            default -> throw new IllegalArgumentException(
                    "there is no option '" + key + "'" + meant(key) + " There are " + String.join(", ", KEYS) + ".");
        }
    }

    private static boolean flag(String key, String value) {
        return switch (value) {
            case "", "true", "yes" -> true;
            case "false", "no" -> false;
            default -> throw new IllegalArgumentException(key + " '" + value + "' is unknown: it is true or false.");
        };
    }

    private static long millis(String value) {
        try {
            long n = Long.parseLong(value);
            if (n >= 1 && n <= 86_400_000) {
                return n;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("schedtrace '" + value + "' is not a number of milliseconds from 1 to 86400000.");
    }

    private static String meant(String key) {
        String nearest = NearestName.of(key, List.of(KEYS));
        return nearest == null ? "." : "; did you mean '" + nearest + "'?";
    }
}
