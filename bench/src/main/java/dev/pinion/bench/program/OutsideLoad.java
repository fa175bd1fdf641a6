package dev.pinion.bench.program;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * The server's side of a load that comes from another process. The runner starts it when it reads {@code @serve PORT}, and writes
 * {@code begin} and {@code end N} at the borders of the measured window, N answers long, and {@code quit}.
 */
final class OutsideLoad {
    private OutsideLoad() {
    }

    /** Reports usage and CPU time an answer ({@code cpu}) of the window, at the end, on the calling platform thread. */
    static void serve(Report report, int port) throws IOException {
        // The first call links native functions, and compiling what that takes would fill most of the window on a server's only core.
        ResourceUsage.now();
        BufferedReader words = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        System.out.println("@serve " + port);
        serve(report, words);
    }

    /** @throws IOException for anything but the three words in their order, or the end of the input before the last */
    static void serve(Report report, BufferedReader words) throws IOException {
        ResourceUsage before = null;
        ResourceUsage used = null;
        long answers = 0;
        for (String line = words.readLine(); line != null; line = words.readLine()) {
            if (line.equals("begin")) {
                before = ResourceUsage.now();
            } else if (line.startsWith("end ") && before != null) {
                used = ResourceUsage.now().since(before);
                answers = Long.parseLong(line.substring(4)); // reported when no load is left that would notice
            } else if (line.equals("quit")) {
                if (used != null) {
                    report.usage(used, answers);
                    report.metric("cpu", used.cpuNanos() / (double) answers);
                }
                return;
            } else {
                throw new IOException("not understood on stdin: " + line);
            }
        }
        throw new IOException("stdin ended before the load did");
    }
}
