package dev.pinion.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.Scheduler;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class BuilderTest {
    private static String refusal(UnaryOperator<Scheduler.Builder> settings) {
        Scheduler.Builder builder = settings.apply(Scheduler.builder());
        String sentence = assertThrows(IllegalArgumentException.class, builder::build).getMessage();
        assertEquals(1, sentence.lines().count());
        return sentence;
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 4097, Integer.MAX_VALUE})
    void gomaxprocsHasARange(int n) {
        assertEquals("gomaxprocs " + n + " is out of range: it is a number from 1 to 4096.", refusal(b -> b.gomaxprocs(n)));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 4_194_305, Integer.MAX_VALUE})
    void maxThreadsHasARange(int n) {
        assertEquals("maxthreads " + n + " is out of range: it is a number from 1 to 4194304.", refusal(b -> b.maxThreads(n)));
    }

    @Test
    void eachPNeedsAThread() {
        assertEquals("maxthreads 2 is too few: each of the 3 Ps needs a thread.", refusal(b -> b.gomaxprocs(3).maxThreads(2)));
    }

    @Test
    void blankNamesAreRefused() {
        assertEquals("name is blank; give a scheduler a name of at least one letter.", refusal(b -> b.name(" ")));
        assertEquals("threadPrefix is blank; Ms are named after it, as in pinion-P0-M3.", refusal(b -> b.threadNamePrefix("")));
    }

    @Test
    void idleIsOneOfThreeStrategies() {
        assertEquals("idle 'wait' is no idle strategy: it is park, adaptive or spin.", refusal(b -> b.idle("wait")));
        assertEquals("P -1 does not exist: Ps have numbers from 0 to 4095.", refusal(b -> b.idle(-1, "spin")));
    }

    @Test
    void unpinnedContradictsCpus() {
        assertEquals("unpinned and cpus 0 contradict each other: say one of them.", refusal(b -> b.cpus("0").unpinned()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1-", "3-1", "100000", "-1"})
    void cpuListsAreChecked(String list) {
        assertTrue(refusal(b -> b.cpus(list)).contains("cpus"));
        assertTrue(refusal(b -> b.housekeeping(list)).contains("housekeeping"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"park", "spin"})
    void bothIdleStrategiesRunGs(String idle) throws Exception {
        try (Scheduler scheduler = Scheduler.builder().idle(idle).gomaxprocs(2).name("named").threadNamePrefix("mine").build()) {
            assertEquals("Scheduler[named, gomaxprocs=2]", scheduler.toString());
            assertTrue(scheduler.go(() -> Thread.currentThread().toString()).get().contains("@mine-P"));
        }
    }
}
