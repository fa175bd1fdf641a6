package dev.pinion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {

    @Test
    void withoutArgumentsEverythingRunsBesideJdkAndGo() {
        Options options = Options.parse();
        assertEquals(Catalogue.ALL, options.workloads());
        assertEquals(0, options.pairs());
        assertEquals(List.of(1), options.procs());
        assertEquals(List.of(Condition.QUIET), options.conditions());
        assertEquals(Side.PINION, options.subject());
        assertEquals(List.of(Side.JDK, Side.GO), options.against());
        assertEquals(List.of(Side.GO), Options.parse("--subject", "jdk").against());
        assertTrue(options.noise());
        assertFalse(options.named());
    }

    @Test
    void listsAreTakenApart() {
        Options options = Options.parse("--workload", "yield,tokio*", "--procs", "1,2", "--condition", "quiet,hog,hogs4,quota",
                "--against", "go", "--quick", "--cpus", "0-1,4");
        assertEquals("yield", options.workloads().getFirst().name());
        assertEquals(6, options.workloads().size());
        assertEquals(List.of(1, 2), options.procs());
        assertEquals(List.of(Condition.values()), options.conditions());
        assertEquals(List.of(Side.GO), options.against());
        assertEquals(List.of(Side.JDK, Side.GO_1NS, Side.FLOOR), Options.parse("--against", "jdk,go-1ns,floor").against());
        assertEquals(List.of(Side.PLATFORM, Side.KOTLIN), Options.parse("--against", "platform,kotlin").against());
        assertTrue(options.quick());
        assertEquals(List.of(0, 1, 4), options.cpus());
        assertTrue(options.named());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"--procs|0", "--procs|x", "--procs|1,", "--pairs|-1", "--workload|nosuch",
            "--workload|nosuch*", "--condition|loud", "--against|erlang", "--cpus|1-", "--cpus|3-1", "--against|jdk,jdk", "--cpus|a", "--heap|1"})
    void badValuesAreNamedInOneSentence(String option, String value) {
        Invalid thrown = assertThrows(Invalid.class, () -> Options.parse(option, value));
        String offending = value.endsWith(",") ? option : value;
        assertTrue(thrown.getMessage().contains(offending), thrown.getMessage());
        assertFalse(thrown.getMessage().contains("\n"));
    }

    @Test
    void twoPinionsAreToldApartByTheOthersOptions() {
        Options options = Options.parse("--against", "pinion", "--agent-options", "slice=5", "--against-options", "idle=park");
        assertEquals("slice=5", options.subjectOptions());
        assertEquals("slice=5,idle=park", options.otherOptions());
        assertEquals(List.of("pinion-B"), Contestant.others(options).stream().map(Contestant::label).toList());
        assertEquals(List.of("jdk", "go"), Contestant.others(Options.parse()).stream().map(Contestant::label).toList());
        assertEquals("idle=park", Options.parse("--against", "pinion", "--against-options", "idle=park").otherOptions());
        String sentence = assertThrows(Invalid.class, () -> Options.parse("--against-options", "idle=park")).getMessage();
        assertTrue(sentence.contains("idle=park") && sentence.contains("jdk"), sentence);
    }

    @Test
    void anOptionWithoutItsValueAndAnUnknownOneAreRefused() {
        assertTrue(assertThrows(Invalid.class, () -> Options.parse("--procs")).getMessage().contains("--procs"));
        assertTrue(assertThrows(Invalid.class, () -> Options.parse("--prox")).getMessage().contains("--prox"));
    }

    @Test
    void namesOfTheCatalogueAreUniqueAndEveryWorkloadPrintsSomething() {
        Set<String> names = new HashSet<>();
        for (Workload workload : Catalogue.ALL) {
            assertTrue(names.add(workload.name()), workload.name());
            assertFalse(workload.figures().isEmpty(), workload.name());
        }
        Set<String> programs = new HashSet<>();
        Catalogue.ALL.forEach(workload -> programs.add(workload.program()));
        assertTrue(programs.containsAll(GoPeer.PEER.programs()), "a Go program without a workload");
        assertTrue(programs.containsAll(KotlinPeer.PEER.programs()), "a Kotlin program without a workload");
        assertTrue(programs.containsAll(CPeer.PEER.programs()), "a C program without a workload");
    }
}
