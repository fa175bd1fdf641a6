package dev.pinion.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Foreign processes that compute for ever on one CPU. They look for their parent now and then and end with it, so that a
 * runner that is killed leaves nothing behind.
 */
final class Hogs implements AutoCloseable {

    private static final String LOOP =
            "while kill -0 $PPID 2>/dev/null; do i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; done";

    private final List<Process> processes = new ArrayList<>();

    Hogs(int count, int cpu) throws IOException {
        for (int i = 0; i < count; i++) {
            processes.add(new ProcessBuilder("taskset", "-c", Integer.toString(cpu), "/bin/sh", "-c", LOOP)
                    .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start());
        }
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        try {
            for (Process process : processes) {
                process.waitFor(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
