package dev.pinion.model;

import static dev.pinion.model.Setting.EARLY;
import static dev.pinion.model.Setting.blockUntil;
import static dev.pinion.model.Setting.callUntil;
import static dev.pinion.model.Setting.computeUntil;
import static dev.pinion.model.Setting.read;
import static dev.pinion.model.Setting.stallUntil;
import static dev.pinion.model.Setting.submit;
import static dev.pinion.model.Setting.timer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The protocol as it should be keeps its promises in every state that these settings reach. */
class ProtocolTest {
    private static final int MAX_STATES = 4_000_000;

    @TestFactory
    Stream<DynamicTest> everyInterleavingKeepsThePromises() {
        return Stream.of(
                holds("one P, one submitter", new Setting(1).sleeping(0).g().g().submitter(1, 2)),
                holds("one P, two submitters", new Setting(1).sleeping(0).g().g().g().submitter(1).submitter(2, 3)),
                holds("two Ps, a G that needs the other P", new Setting(2).sleeping(0).sleeping(1)
                        .g(computeUntil(2)).g().submitter(1, 2)),
                holds("two Ps, two submitters", new Setting(2).sleeping(0).sleeping(1).g().g().submitter(1).submitter(2)),
                holds("two Ps, a G and a thread submit", new Setting(2).running(0, 1).sleeping(1)
                        .g(submit(2)).g().g().submitter(3)),
                holds("one P, taken twice, a spare M", new Setting(1).running(0, 1).sleeping(0)
                        .g(submit(2), submit(3)).g().g().taker(0, 2)),
                holds("one P, taken twice, an M to be born, a submitter", new Setting(1).running(0, 1).unborn(0)
                        .g(submit(2)).g().g().submitter(3).taker(0, 2)),
                holds("a G blocks with work behind it", new Setting(1).running(0, 1).sleeping(0)
                        .g(submit(2), blockUntil(2)).g(submit(3)).g()),
                holds("Gs block, an M to be born", new Setting(1).running(0, 1).unborn(0)
                        .g(blockUntil(2)).g(blockUntil()).submitter(2)),
                holds("a G comes back from a block while its P is wanted", new Setting(2).running(0, 1).sleeping(0).sleeping(1)
                        .g(blockUntil(), computeUntil(2)).g().submitter(2)),
                holds("GOMAXPROCS 1, then 2, and a submitter", new Setting(2).sleeping(0).sleeping(1).g().submitter(1).resizes(1, 2)),
                holds("GOMAXPROCS 1 and two submissions", new Setting(2).sleeping(0).sleeping(1).g().g().submitter(1, 2).resizes(1)),
                holds("GOMAXPROCS 1 under a searcher", new Setting(2).sleeping(0).searching(1).g().submitter(1).resizes(1)),
                holds("GOMAXPROCS 1, then 2, under Gs", new Setting(2).running(0, 1).running(1, 2)
                        .g().g(submit(3)).g().resizes(1, 2)),
                holds("GOMAXPROCS 1 under a G that will not end", new Setting(2).sleeping(0).running(1, 1)
                        .g(computeUntil(2)).g(submit(3)).g().submitter(2).resizes(1)),
                holds("a searcher finds one G while another comes to lie under a long one", Settings.chain()));
    }

    /** A timer added at any moment fires. */
    @TestFactory
    Stream<DynamicTest> everyTimerFires() {
        return Stream.of(
                holds("added by an M whose P may be taken", Settings.timerWhileTaken()),
                holds("added from outside, earlier than the one that is slept for", Settings.timerBesideASleeper()),
                holds("added from outside to a P that goes idle", Settings.timerWhileGoingIdle()),
                holds("added from outside while the P's G blocks", Settings.timerWhileBlocking()),
                holds("added, then the G blocks", new Setting(1).running(0, 1).sleeping(0).g(timer(2), blockUntil(2)).timed(EARLY)),
                holds("two by a G, and a thief", new Setting(2).running(0, 1).sleeping(1)
                        .g(timer(2), timer(3)).timed(EARLY).timed(EARLY)),
                holds("added while GOMAXPROCS shrinks, P0 asleep for a later one", Settings.timerWhileShrinking()),
                holds("moved to P0, which sleeps for a later one, while somebody searches", Settings.timerMovedBesideASpinner()),
                holds("added while GOMAXPROCS shrinks and grows", Settings.timerWhileReviving()));
    }

    /** A G in an announced call, against everybody else. */
    @TestFactory
    Stream<DynamicTest> announcedBlocksLoseNothing() {
        return Stream.of(
                holds("against a taker and a submitter", new Setting(1).running(0, 1).sleeping(0)
                        .g(blockUntil(2), submit(3)).g().g().submitter(2).taker(0, 1)),
                holds("against GOMAXPROCS 1 and a submitter", new Setting(2).running(1, 1).sleeping(0)
                        .g(blockUntil(2)).g().submitter(2).resizes(1)),
                holds("against GOMAXPROCS 1, with a timer", new Setting(2).running(1, 1).sleeping(0).unborn(1)
                        .g(timer(2), blockUntil(2)).timed(EARLY).resizes(1)),
                holds("against GOMAXPROCS 1, then 2", new Setting(2).running(1, 1).sleeping(0).g(blockUntil()).resizes(1, 2)),
                holds("two of one P", new Setting(1).running(0, 1).sleeping(0).sleeping(0)
                        .g(submit(2), blockUntil(3)).g(blockUntil(3)).g().submitter(3)));
    }

    /** Race 8: a G in a call that seldom blocks, against who takes its P. */
    @TestFactory
    Stream<DynamicTest> callsThatSeldomBlockLoseNothing() {
        return Stream.of(
                holds("with work behind it, against sysmon", Settings.callBesideWork()),
                holds("two in a row, against a taker", Settings.callAfterCall()),
                holds("against GOMAXPROCS 1", Settings.callWhileShrinking()),
                holds("against the tripwire", new Setting(1).running(0, 1).sleeping(0)
                        .g(callUntil(), callUntil(2)).g().queued(2).tripwire(0)));
    }

    /** Races 9 and 10: a G blocks and nobody says so. */
    @TestFactory
    Stream<DynamicTest> alarmsLoseNothing() {
        return Stream.of(
                holds("against a giver", Settings.alarmBesideATaker()),
                holds("against two givers", Settings.alarmBesideTwoTakes()),
                holds("against the M that comes back and submits", Settings.alarmBesideAReturn()),
                holds("against the M that comes back and blocks, announced", new Setting(1).running(0, 1).sleeping(0)
                        .g(stallUntil(), blockUntil(2)).g().queued(2).tripwire(0)),
                holds("against the M that comes back to a call", new Setting(1).running(0, 1).sleeping(0)
                        .g(stallUntil(), callUntil(2)).g().queued(2).tripwire(0)),
                holds("against the M that comes back and adds a timer", new Setting(1).running(0, 1).sleeping(0)
                        .g(stallUntil(), timer(2)).timed(EARLY).tripwire(0)),
                holds("against sysmon", new Setting(1).running(0, 1).sleeping(0)
                        .g(stallUntil(2)).g().queued(2).tripwire(0).sysmon().slices().freshHints()),
                holds("against sysmon, an M to be born", new Setting(1).running(0, 1).unborn(0)
                        .g(stallUntil(2)).g().queued(2).tripwire(0).sysmon().slices()),
                holds("against GOMAXPROCS 1", new Setting(2).running(1, 1).sleeping(0).sleeping(1)
                        .g(stallUntil(2)).g().queued(2).tripwire(1).resizes(1).freshHints()),
                holds("of a holder that announced its block and is one no longer", new Setting(1).running(0, 1).sleeping(0)
                        .g(blockUntil()).g(stallUntil()).submitter(2).tripwire(0).freshHints()),
                holds("with an idle P beside it", new Setting(2).running(0, 1).sleeping(0).sleeping(1)
                        .g(submit(2), stallUntil(2)).g().tripwire(0).freshHints()));
    }

    /** What nobody was woken for waits for sysmon's look, not for ever, and sysmon is awake while a P is busy. */
    @TestFactory
    Stream<DynamicTest> sysmonSeesWhatIsLeftToIt() {
        return Stream.of(
                holds("a lone G under a long one, and an idle P", Settings.loneG()),
                holds("a lone G under a long one, and no other P", Settings.slice()),
                holds("a timer under a long G", Settings.lateTimer()),
                holds("awake again with a submission", Settings.deepBeforeASubmission()),
                holds("awake again with a timer", Settings.deepBeforeATimer()),
                holds("awake again with a G back from a block", Settings.deepDuringABlock()));
    }

    /** Race 12, and those who wait against those who look: with everybody idle some M sleeps in the epoll, without sysmon. */
    @TestFactory
    Stream<DynamicTest> noSocketIsForgotten() {
        return Stream.of(
                holds("a submission to the P that sleeps in the epoll", new Setting(1).reader().g().polling(0).submitter(2)),
                holds("the same, with another P asleep", new Setting(2).reader().g().polling(0).sleeping(1).submitter(2)),
                holds("a G begins to wait while its P is taken", Settings.waitWhileTaken()),
                holds("two Gs begin to wait", new Setting(2).running(0, 1).running(1, 2).g(read()).g(read()).lookingOften()),
                holds("one begins to wait while another is woken", Settings.waitBesideAWait()),
                holds("a G blocks", Settings.blockBesideAWait()),
                holds("a P looks while the sleeper is given another", Settings.lookBesideAGiver()),
                holds("a second sleeper is given its P", Settings.sleeperAfterSleeper()),
                holds("GOMAXPROCS takes the sleeper's P", Settings.sleeperInTheEpollWithoutAP()),
                holds("GOMAXPROCS takes the P of a G that begins to wait", new Setting(2).dozing(0).running(1, 1).g(read()).resizes(1)),
                holds("GOMAXPROCS 1, then 2", Settings.reviveWithoutASleeper()));
    }

    private static DynamicTest holds(String name, Setting setting) {
        return DynamicTest.dynamicTest(name, () -> {
            Explorer.Verdict verdict = Explorer.explore(setting, MAX_STATES);
            assertNull(verdict.problem(), verdict::toString);
            assertTrue(verdict.states() > 500, verdict::toString);
        });
    }

    /** Stuck without sysmon: a lone runnext whose wake was skipped, or that a spinner passed before it was there. */
    @Test
    void runnextUnderALongGWaitsForSysmon() {
        Explorer.Verdict verdict = Explorer.explore(new Setting(2).running(0, 1).sleeping(1)
                .g(submit(2), submit(3), computeUntil(2, 3)).g().g().alwaysSearching(), MAX_STATES);
        assertNotNull(verdict.problem());
        assertTrue(verdict.trace().getLast().contains("M1 of P1 ASLEEP"), verdict::toString);
    }

    /** As pinion.h says: harmless, but dear. */
    @Test
    void spinningRaisedAfterTheTicketLosesNothing() {
        assertNull(Explorer.explore(new Setting(1).sleeping(0).g().g().g().submitter(1).submitter(2, 3)
                .with(Mistake.RAISE_AFTER_TICKET), MAX_STATES).problem());
    }

    /** handOff raises the epoch once more, and so does kill: one of the two would do for exclusion. */
    @Test
    void takeNeedNotRaiseTheEpochAsLongAsHandOffDoes() {
        assertNull(Explorer.explore(new Setting(1).running(0, 1).sleeping(0).g(submit(2), submit(3)).g().g().taker(0, 2)
                .with(Mistake.TAKE_KEEPS_EPOCH), MAX_STATES).problem());
    }

    @Test
    void statesAreToldApart() {
        Fingerprints seen = new Fingerprints();
        byte[] state = new byte[16];
        for (int i = 0; i < 100; i++) {
            for (int at = 0; at < 16; at++) {
                state[at] = (byte) (i + at);
                assertEquals(-1, seen.add(state));
            }
        }
        assertEquals(1599, seen.add(state));
    }
}
