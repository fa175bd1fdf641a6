package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final Side[] OTHERS = {Side.JDK, Side.GO};

    private static double seconds(Options options) {
        double seconds = 0;
        for (Workload workload : options.workloads()) {
            Plan plan = Plan.of(workload, options);
            int able = 0;
            for (Side side : OTHERS) {
                able += side.peer() == null || side.peer().programs().contains(workload.program()) ? 1 : 0;
            }
            seconds += plan.seconds() * plan.runs(able);
        }
        return seconds;
    }

    @Test
    void everythingTakesLessThanFortyMinutesAndAQuickPassLessThanThree() {
        double all = seconds(Options.parse());
        double quick = seconds(Options.parse("--quick"));
        // With the repeats that the runner allows itself, and the builds of the peers.
        assertTrue(all * 1.15 + 60 < 40 * 60, "all: " + all);
        assertTrue(quick * 1.15 + 10 < 3 * 60, "quick: " + quick);
    }

    @Test
    void whatIsNamedRunsInFull() {
        Workload mix = Catalogue.select(List.of("blocking-mix")).getFirst();
        assertEquals(new Plan(9, true, 1, mix.seconds()), Plan.of(mix, Options.parse("--workload", "blocking-mix")));
        Plan full = Plan.of(mix, Options.parse());
        assertEquals(3, full.pairs());
        assertEquals(0.2, full.share());
        assertFalse(full.noise());
        assertEquals(2, Plan.of(mix, Options.parse("--pairs", "2")).pairs());
    }

    @Test
    void aFixedPieceOfWorkIsNotCut() {
        Workload million = Catalogue.select(List.of("million")).getFirst();
        assertEquals(1, Plan.of(million, Options.parse()).share());
        assertEquals(1, Plan.of(million, Options.parse("--quick", "--workload", "million")).share());
    }

    @Test
    void theEssentialOnesAreInTheCatalogue() {
        assertEquals(Plan.ESSENTIAL.size(), Options.parse("--quick").workloads().size());
        assertEquals(1, Options.parse("--quick", "--workload", "skynet").workloads().size());
    }
}
