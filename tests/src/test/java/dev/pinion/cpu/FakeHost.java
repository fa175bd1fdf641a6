package dev.pinion.cpu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory that looks like the /proc, /sys and cgroup mounts of a machine. */
public final class FakeHost {
    private final Path root;
    public final HostFiles files;

    public FakeHost(Path root) {
        this.root = root;
        this.files = new HostFiles(root.resolve("proc"), root.resolve("sys"), root);
    }

    public FakeHost write(String path, String content) {
        try {
            Path file = root.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, content.endsWith("\n") ? content : content + "\n");
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public FakeHost delete(String path) {
        try {
            Files.delete(root.resolve(path));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public FakeHost cpuFile(int cpu, String name, String content) {
        return write("sys/devices/system/cpu/cpu" + cpu + "/" + name, content);
    }

    public FakeHost online(String cpus) {
        return write("sys/devices/system/cpu/online", cpus).write("sys/devices/system/cpu/present", cpus);
    }

    /** Numbers CPUs as Linux does: first the first thread of every core of every socket, then the second ones. */
    public FakeHost machine(int sockets, int cachesPerSocket, int coresPerCache, int threads) {
        int coresPerSocket = cachesPerSocket * coresPerCache;
        int cores = sockets * coresPerSocket;
        online(cores * threads == 1 ? "0" : "0-" + (cores * threads - 1));
        write("sys/devices/system/node/online", sockets == 1 ? "0" : "0-" + (sockets - 1));
        for (int socket = 0; socket < sockets; socket++) {
            String cpus = span(socket * coresPerSocket, coresPerSocket, cores, threads);
            write("sys/devices/system/node/node" + socket + "/cpulist", cpus);
            for (int c = 0; c < coresPerSocket; c++) {
                int core = socket * coresPerSocket + c;
                int cache = core / coresPerCache * coresPerCache;
                for (int thread = 0; thread < threads; thread++) {
                    int cpu = thread * cores + core;
                    cpuFile(cpu, "topology/physical_package_id", "" + socket);
                    cpuFile(cpu, "topology/core_id", "" + c * 4); // with holes, and the same in each socket
                    cpuFile(cpu, "topology/package_cpus_list", cpus);
                    cpuFile(cpu, "topology/thread_siblings_list", span(core, 1, cores, threads));
                    cpuFile(cpu, "cache/index3/level", "3");
                    cpuFile(cpu, "cache/index3/shared_cpu_list", span(cache, coresPerCache, cores, threads));
                }
            }
        }
        return this;
    }

    private static String span(int first, int count, int cores, int threads) {
        CpuSet set = CpuSet.EMPTY;
        for (int thread = 0; thread < threads; thread++) {
            set = set.union(CpuSet.range(thread * cores + first, thread * cores + first + count - 1));
        }
        return set.toString();
    }

    public Topology topology() {
        return Topology.read(files, CpuSet.EMPTY);
    }
}
