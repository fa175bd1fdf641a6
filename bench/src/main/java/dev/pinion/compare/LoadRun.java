package dev.pinion.compare;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A load generator's run. It prints {@code @begin} and {@code @end N} at the borders of the measured window, N answers long, and
 * {@code @metric NAME VALUE}.
 *
 * @param answers within the window
 * @param metrics by name
 */
record LoadRun(long answers, Map<String, Double> metrics) {
    private static final int PATIENCE_SECONDS = 60;

    /** In the sentence of bench/peers/c/load.c that is not about the server. */
    private static final String DISTURBED = "kept off its CPU";

    /** What happens at the window's borders. */
    interface Window {
        void begins() throws IOException;

        void ends() throws IOException;
    }

    /**
     * Runs it to its end.
     *
     * @param seconds how long it should take at most
     * @throws RunFailed when it fails, which is the server's fault as a rule, or does not end
     */
    static LoadRun of(List<String> command, int seconds, Window window) throws IOException, InterruptedException, RunFailed {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Thread hook = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(hook);
        Thread guard = Thread.ofPlatform().daemon().name("compare-load-guard").start(() -> {
            try {
                if (!process.waitFor(seconds + PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                // it has ended
            }
        });
        try (BufferedReader output = process.inputReader()) {
            long answers = -1;
            Map<String, Double> metrics = new HashMap<>();
            List<String> said = new ArrayList<>();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                String[] words = line.split(" ");
                if (line.equals("@begin")) {
                    window.begins();
                } else if (words[0].equals("@end") && words.length == 2) {
                    window.ends();
                    answers = Long.parseLong(words[1]);
                } else if (words[0].equals("@metric") && words.length == 3) {
                    metrics.put(words[1], words[2].equals("never") ? Double.POSITIVE_INFINITY : Double.parseDouble(words[2]));
                } else {
                    said.add(line);
                }
            }
            int code = process.waitFor();
            if (code != 0 || answers <= 0) {
                String sentence = "its load ended with code " + code + ": " + (said.isEmpty() ? "nothing said" : String.join(" | ", said));
                throw said.stream().anyMatch(line -> line.contains(DISTURBED)) ? new RunFailed.Disturbed(sentence) : new RunFailed(sentence);
            }
            return new LoadRun(answers, metrics);
        } finally {
            guard.interrupt();
            process.destroyForcibly().waitFor();
            removeHook(hook);
        }
    }

    static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is ending, and the hook does its work
        }
    }
}
