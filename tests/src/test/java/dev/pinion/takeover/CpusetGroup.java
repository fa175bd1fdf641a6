package dev.pinion.takeover;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A cgroup whose CPUs can be changed, where the kernel and this user's rights give one; else the test is skipped with the reason. */
final class CpusetGroup implements AutoCloseable {
    private final Path directory;
    private final Path parentMembers;
    private final String membersFile;

    private CpusetGroup(Path directory, String membersFile) {
        this.directory = directory;
        this.membersFile = membersFile;
        this.parentMembers = directory.getParent().resolve(membersFile);
    }

    static CpusetGroup make(String cpus) throws IOException {
        String name = "pinion-test-" + ProcessHandle.current().pid();
        Path first = Path.of("/sys/fs/cgroup/cpuset"); // version 1
        Path second = Path.of("/sys/fs/cgroup"); // version 2
        CpusetGroup group;
        if (Files.exists(first.resolve("cpuset.mems"))) {
            group = new CpusetGroup(first.resolve(name), "tasks");
        } else if (Files.exists(second.resolve("cgroup.subtree_control"))
                && Files.readString(second.resolve("cgroup.subtree_control")).contains("cpuset")) {
            group = new CpusetGroup(second.resolve(name), "cgroup.procs");
        } else {
            return abort("no cgroup here has a cpuset controller");
        }
        try {
            Files.createDirectory(group.directory);
            if (group.membersFile.equals("tasks")) {
                Files.writeString(group.directory.resolve("cpuset.mems"), Files.readString(first.resolve("cpuset.mems")));
            }
            group.cpus(cpus);
        } catch (IOException e) {
            group.close();
            return abort("this user may not make a cpuset: " + e);
        }
        return group;
    }

    void cpus(String list) throws IOException {
        Files.writeString(directory.resolve("cpuset.cpus"), list);
    }

    /** Who writes their process id here is in it. */
    Path members() {
        return directory.resolve(membersFile);
    }

    @Override
    public void close() throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<String> left = Files.readAllLines(members());
        for (String task : left) {
            try {
                Files.writeString(parentMembers, task);
            } catch (IOException e) {
                continue; // it has ended
            }
        }
        Files.delete(directory);
    }
}
