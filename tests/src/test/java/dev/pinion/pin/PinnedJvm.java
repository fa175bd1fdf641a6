package dev.pinion.pin;

import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.ThreadSort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Compiles and collects until its collector's threads and its compilers' may run on the CPUs in the first argument only, and prints where the main thread and
 * those may run. Gives up after a while, and prints the same.
 */
final class PinnedJvm {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(40);

    private PinnedJvm() {}

    public static void main(String[] arguments) throws Exception {
        CpuSet wanted = CpuSet.parse("wanted", arguments[0]);
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            List<CpuSet> gc = masks(ThreadSort.GC);
            List<CpuSet> jit = masks(ThreadSort.JIT);
            boolean there = !gc.isEmpty() && !jit.isEmpty() && Stream.of(gc, jit).flatMap(List::stream).allMatch(wanted::equals);
            if (there || System.nanoTime() - end >= 0) {
                System.out.println("main: " + mask(Path.of("/proc/thread-self")) + ", GC and JIT: " + (there ? wanted : gc + " " + jit));
                return;
            }
            byte[][] garbage = new byte[1000][];
            Arrays.setAll(garbage, i -> new byte[i]);
            System.gc();
        }
    }

    private static List<CpuSet> masks(ThreadSort sort) throws IOException {
        List<CpuSet> masks = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                try {
                    if (ThreadSort.of(Files.readString(task.resolve("comm")).strip()) == sort) {
                        masks.add(mask(task));
                    }
                } catch (IOException e) {
                    continue; // a thread that ended meanwhile
                }
            }
        }
        return masks;
    }

    private static CpuSet mask(Path task) throws IOException {
        try (Stream<String> lines = Files.lines(task.resolve("status"))) {
            return CpuSet.parseKernel(lines.filter(line -> line.startsWith("Cpus_allowed_list:")).findFirst().orElseThrow().split(":")[1]);
        }
    }
}
