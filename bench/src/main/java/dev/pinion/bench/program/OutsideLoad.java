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

    /** Reports usage and CPU time an answer ({@code cpu}) of the window, on the calling platform thread; returns at the end. */
    static void serve(Report report, int port) throws IOException {
        BufferedReader words = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        System.out.println("@serve " + port);
        serve(report, words);
    }

    /** @throws IOException for anything but the three words in their order, or the end of the input before the last */
    static void serve(Report report, BufferedReader words) throws IOException {
        ResourceUsage before = null;
        for (String line = words.readLine(); line != null; line = words.readLine()) {
            if (line.equals("begin")) {
                before = ResourceUsage.now();
            } else if (line.startsWith("end ") && before != null) {
                ResourceUsage used = ResourceUsage.now().since(before);
                long answers = Long.parseLong(line.substring(4));
                report.usage(used, answers);
                report.metric("cpu", used.cpuNanos() / (double) answers);
            } else if (line.equals("quit")) {
                return;
            } else {
                throw new IOException("not understood on stdin: " + line);
            }
        }
        throw new IOException("stdin ended before the load did");
    }
}
