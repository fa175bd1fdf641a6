package dev.pinion.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A running load generator. What it prints belongs to the child's sample, but for {@code @begin} and {@code @end N}, which go on to the
 * child's stdin without the {@code @}: the child then counts its own CPU time from one to the other. After the generator has ended the
 * child is told to {@code quit}.
 */
final class LoadProcess implements AutoCloseable {
    private final Process process;
    private final Thread reader;
    private final List<String> lines = new ArrayList<>();

    LoadProcess(List<String> command, String port, OutputStream child) throws IOException {
        List<String> whole = new ArrayList<>(command);
        whole.add(port);
        process = new ProcessBuilder(whole).redirectErrorStream(true).start();
        reader = Thread.ofPlatform().daemon().name("bench-load").start(() -> forward(child));
    }

    private void forward(OutputStream child) {
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.equals("@begin") || line.startsWith("@end ")) {
                    tell(child, line.substring(1));
                } else {
                    lines.add(line);
                }
            }
            tell(child, "quit");
        } catch (IOException e) {
            // The child has ended, and its exit code says why.
            process.destroyForcibly();
        }
    }

    private static void tell(OutputStream child, String word) throws IOException {
        child.write((word + "\n").getBytes(StandardCharsets.US_ASCII));
        child.flush();
    }

    /** Waits for the end and returns all lines but those handed on. After the child's end. */
    List<String> await() throws InterruptedException {
        reader.join();
        process.waitFor();
        return lines;
    }

    /** Only after {@link #await}. */
    int exitValue() {
        return process.exitValue();
    }

    /** Ends it, if it has not ended. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
