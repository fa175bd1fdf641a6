package dev.pinion.pin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pinion.cpu.CpuSet;
import dev.pinion.cpu.HostFiles;
import dev.pinion.cpu.ThreadSort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On a /proc of files. */
class ThreadMoverTest {
    private static final int EPERM = 1;
    private static final int ESRCH = 3;
    private static final long PID = 100;

    @TempDir
    private Path root;

    private final Map<Integer, CpuSet> cpusOf = new HashMap<>();
    private final List<String> told = new ArrayList<>();
    private int answer;
    private ThreadMover mover;

    @BeforeEach
    void make() {
        HostFiles host = new HostFiles(root.resolve("proc"), root.resolve("sys"), root);
        mover = new ThreadMover(host, (tid, cpus) -> {
            cpusOf.put(tid, cpus);
            return answer;
        }, Map.of(ThreadSort.GC, CpuSet.of(6), ThreadSort.JIT, CpuSet.of(6, 7)), told::add);
    }

    private void thread(int tid, String name) throws Exception {
        thread(PID, tid, name);
    }

    private void thread(long pid, int tid, String name) throws Exception {
        Path task = Files.createDirectories(root.resolve("proc/" + pid + "/task/" + tid));
        Files.writeString(task.resolve("comm"), name + "\n");
    }

    private void end(int tid) throws Exception {
        Path task = root.resolve("proc/" + PID + "/task/" + tid);
        Files.delete(task.resolve("comm"));
        Files.delete(task);
    }

    @ParameterizedTest
    @CsvSource({
        "GC Thread#0,GC", "G1 Main Marker,GC", "G1 Conc#0,GC", "G1 Refine#0,GC", "G1 Service,GC", "ZDirector,GC", "ZWorkerOld#0,GC",
        "Shenandoah GC T,GC", "C1 CompilerThre,JIT", "C2 CompilerThre,JIT", "JVMCI-native Co,JIT", "VM Thread,VM", "VM Periodic Tas,VM",
        "main,OTHER", "java,OTHER", "Zebra,OTHER", "Z,OTHER", "GCThread,OTHER", "C3PO,OTHER", "pinion-P0-M1,OTHER"
    })
    void aThreadIsKnownByItsName(String name, ThreadSort sort) {
        assertEquals(sort, ThreadSort.of(name));
    }

    @Test
    void eachThreadGoesOnceToTheCpusOfItsSort() throws Exception {
        thread(100, "java");
        thread(101, "GC Thread#0");
        thread(102, "C2 CompilerThre");
        thread(103, "VM Thread");

        assertEquals(2, mover.look(PID));
        assertEquals(0, mover.look(PID));

        assertEquals(Map.of(101, CpuSet.of(6), 102, CpuSet.of(6, 7)), cpusOf);
        assertEquals(2, told.size());
        assertEquals(List.of("1 GC thread moved to CPU 6: GC Thread#0", "1 JIT thread moved to CPUs 6-7: C2 CompilerThre"), mover.summary());
    }

    /** It is born with the name of its creator. */
    @Test
    void aThreadThatGetsItsNameLaterIsFound() throws Exception {
        thread(100, "java");
        thread(101, "java");
        assertEquals(0, mover.look(PID));
        thread(101, "C1 CompilerThre");

        assertEquals(1, mover.look(PID));
        assertEquals(CpuSet.of(6, 7), cpusOf.get(101));
    }

    @Test
    void aThreadOfTheProgramIsReadAFewTimesOnly() throws Exception {
        thread(100, "java");
        for (int i = 0; i < ThreadMover.LOOKS_AT_A_THREAD; i++) {
            mover.look(PID);
        }
        thread(100, "GC Thread#0");

        assertEquals(0, mover.look(PID));
    }

    @Test
    void anIdThatComesAgainIsAnotherThread() throws Exception {
        thread(101, "C2 CompilerThre");
        mover.look(PID);
        end(101);
        mover.look(PID);
        thread(101, "GC Thread#1");

        assertEquals(1, mover.look(PID));
        assertEquals(CpuSet.of(6), cpusOf.get(101));
    }

    @Test
    void anIdOfAChildThatHasEndedIsAnotherProcess() throws Exception {
        thread(PID, 100, "java");
        thread(200, 200, "GC Thread#0");
        assertEquals(1, mover.look(List.of(PID, 200L)));
        assertEquals(0, mover.look(List.of(PID, 200L)));
        mover.look(List.of(PID)); // it is no child any more; its directory may be another's by now

        assertEquals(1, mover.look(List.of(PID, 200L)));
    }

    @Test
    void severalOfOneNameAreCounted() throws Exception {
        thread(101, "C2 CompilerThre");
        thread(102, "C2 CompilerThre");
        thread(103, "C1 CompilerThre");
        mover.look(PID);

        assertEquals("3 JIT threads moved to CPUs 6-7: C1 CompilerThre, C2 CompilerThre (2)", mover.summary().getLast());
    }

    @Test
    void nothingToMoveIsSaid() {
        assertEquals(0, mover.look(PID), "a process that is gone");

        assertEquals(List.of("no GC thread was seen, so none was moved to CPU 6; the serial collector, which the JVM takes on one CPU, works on the VM thread",
                "no JIT thread was seen, so none was moved to CPUs 6-7"), mover.summary());
    }

    @Test
    void aRefusalIsKeptAndNoMove() throws Exception {
        thread(101, "GC Thread#0");
        answer = -EPERM;
        mover.look(PID);

        assertEquals(Map.of(ThreadSort.GC, -EPERM), mover.refused());
        assertEquals(List.of("no JIT thread was seen, so none was moved to CPUs 6-7"), mover.summary());
        assertEquals(List.of(), told);
    }

    @Test
    void aThreadThatIsGoneMeanwhileIsNoRefusal() throws Exception {
        thread(101, "GC Thread#0");
        answer = -ESRCH;
        mover.look(PID);

        assertEquals(Map.of(), mover.refused());
        assertEquals(List.of(), told);
    }
}
