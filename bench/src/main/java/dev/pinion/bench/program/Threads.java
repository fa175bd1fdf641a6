package dev.pinion.bench.program;

import java.io.File;

/** OS threads of this process. */
final class Threads {
    private Threads() {
    }

    static int count() {
        String[] names = new File("/proc/self/task").list();
        if (names == null) {
            throw new IllegalStateException("/proc/self/task cannot be read");
        }
        return names.length;
    }
}
