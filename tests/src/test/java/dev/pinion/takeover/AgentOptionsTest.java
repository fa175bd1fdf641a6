package dev.pinion.takeover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be said behind {@code -javaagent:pinion.jar=} and in the environment. */
@Timeout(60)
class AgentOptionsTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "cpus=99", "cpus=1-", "cpus=,", "cpus=3-1", "cpus=", "cpus=x", "cpus=-1", "cpus=0-99999999999", "housekeeping=99",
        "gomaxprocs=0", "gomaxprocs=-1", "gomaxprocs=x", "gomaxprocs=100000", "gomaxprocs=", "gomaxprocs=99999999999999",
        "netpoll=maybe", "netpoll=", "maxthreads=0", "maxthreads=x", "maxthreads=", "gomaxprocs=3,maxthreads=2", "idle=sleepy", "idle=", "name=", "reserve=all", "unpinned=maybe", "schedtrace=0", "schedtrace=soon", "scheddetail", "cpu=0", "nonsense",
        "=0", "cpus=0,unpinned", "gomaxprocs=1,whatever=2"
    })
    void badInputIsOneSentenceAndExitCodeTwo(String options) throws Exception {
        Jvm.Outcome outcome = Jvm.pinion(Procs.class, options).run();
        assertEquals("", outcome.out(), "main has started");
        assertEquals(1, outcome.err().lines().count(), outcome.err());
        assertTrue(outcome.err().startsWith("pinion: "), outcome.err());
        assertEquals(2, outcome.exit());
    }

    /** The sentence names what was said, so that it can be found. */
    @Test
    void theSentenceNamesTheInput() throws Exception {
        String err = Jvm.pinion(Procs.class, "gomaxproc=2").run().err();
        assertTrue(err.contains("'gomaxproc'") && err.contains("'gomaxprocs'"), err);
        err = Jvm.pinion(Procs.class, "colour=red").run().err();
        assertTrue(err.contains("'colour'. There are cpus, gomaxprocs, "), err);
        err = Jvm.pinion(Procs.class, "cpus=99").run().err();
        assertTrue(err.contains("99"), err);
    }

    @Test
    void gomaxprocsIsAsManyAsSaid() throws Exception {
        Jvm.pinion(Procs.class, "gomaxprocs=3").run().assertPrinted("true 3");
        Jvm.pinion(Procs.class, " gomaxprocs = 1 , idle=park , ").run().assertPrinted("true 1");
        Jvm.pinion(Procs.class, "unpinned,gomaxprocs=5").run().assertPrinted("true 5");
        String first = Integer.toString(Cpus.ofThisProcess().getFirst());
        Jvm.pinion(Procs.class, "cpus=" + first).run().assertPrinted("true 1");
    }

    @Test
    void theDefaultIsAPForEachCpu() throws Exception {
        Jvm.pinion(Procs.class).run().assertPrinted("true " + Runtime.getRuntime().availableProcessors());
    }

    @Test
    void theEnvironmentIsHeard() throws Exception {
        Jvm.pinion(Procs.class).environment("GOMAXPROCS", "3").run().assertPrinted("true 3");
        Jvm.pinion(Procs.class, "gomaxprocs=1").environment("GOMAXPROCS", "3").run().assertPrinted("true 1");
        Jvm.pinion(Procs.class).environment("PINION_OPTS", "gomaxprocs=4").run().assertPrinted("true 4");
        Jvm.pinion(Procs.class, "gomaxprocs=1").environment("PINION_OPTS", "gomaxprocs=4").run().assertPrinted("true 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "0", "-3", "99999999999"})
    void aWrongGomaxprocsIsOneWarning(String value) throws Exception {
        Jvm.Outcome outcome = Jvm.pinion(Procs.class).environment("GOMAXPROCS", value).run();
        assertEquals("true " + Runtime.getRuntime().availableProcessors() + "\n", outcome.out());
        assertEquals(1, outcome.err().lines().count(), outcome.err());
        assertTrue(outcome.err().startsWith("pinion: GOMAXPROCS=" + value + " "), outcome.err());
        assertEquals(0, outcome.exit());
    }

    @Test
    void offIsTheJdk() throws Exception {
        String plain = Jvm.jdk(Procs.class).run().out();
        assertTrue(plain.startsWith("false "), plain);
        // Not even the options are looked at.
        Jvm.pinion(Procs.class, "cpus=99").environment("PINION", "off").run().assertPrinted(plain.strip());
    }

    public static final class Procs {
        public static void main(String[] arguments) throws Exception {
            Thread.startVirtualThread(() -> {
                boolean taken = Thread.currentThread().toString().contains("pinion-P");
                System.out.println(taken + " "
                        + ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class).getParallelism());
            }).join();
        }
    }
}
