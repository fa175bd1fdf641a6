package dev.pinion.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * A foreign process that computes for ever on one CPU. It looks for its parent now and then and ends with it, so that a
 * runner that is killed leaves nothing behind.
 */
final class Hog implements AutoCloseable {

    private static final String LOOP =
            "while kill -0 $PPID 2>/dev/null; do i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; done";

    private final Process process;

    Hog(int cpu) throws IOException {
        process = new ProcessBuilder("taskset", "-c", Integer.toString(cpu), "/bin/sh", "-c", LOOP)
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
