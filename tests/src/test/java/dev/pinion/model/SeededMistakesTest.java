package dev.pinion.model;

import static dev.pinion.model.Setting.LATE;
import static dev.pinion.model.Setting.blockUntil;
import static dev.pinion.model.Setting.computeUntil;
import static dev.pinion.model.Setting.submit;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Each mistake, alone, breaks a promise; the trace is printed. */
class SeededMistakesTest {
    private static final int MAX_STATES = 5_000_000;
    private static final String STUCK = "it never ends";

    @Test
    void submitterWithoutFence() {
        found(STUCK, Mistake.SUBMIT_WITHOUT_FENCE, submissions());
    }

    @Test
    void idlerLooksBeforeItLowersTheSpinningCount() {
        found(STUCK, Mistake.LOOK_BEFORE_LOWERING, twoSubmitters());
    }

    @Test
    void idlerDoesNotLookAgain() {
        found(STUCK, Mistake.NO_LOOK_AFTER_IDLE, submissions());
    }

    @Test
    void spinnerWhoseOwnPIsRetiredForgetsTheWorkItSaw() {
        found(STUCK, Mistake.LOST_TICKET_WITHOUT_WAKE,
                new Setting(2).sleeping(0).searching(1).g().submitter(1).resizes(1));
    }

    @Test
    void spinnerWhosePWentBackToABlockedGForgetsTheWorkItSaw() {
        found(STUCK, Mistake.LOST_TICKET_WITHOUT_WAKE, new Setting(2).running(1, 1).sleeping(0).sleeping(1)
                .g(blockUntil(), computeUntil(3)).timed(LATE).g().armed(1, 2).submitter(3).alwaysSearching().runningOn());
    }

    @Test
    void enterByPlainStore() {
        found("M0 of P0 acts for P0, which taker holds", Mistake.ENTER_BY_STORE, taken());
    }

    @Test
    void epochNotRaised() {
        found("M0 of P0 acts for P0, which M1 of P0 holds", Mistake.TAKE_AND_HAND_OFF_KEEP_EPOCH, taken());
    }

    @Test
    void twoTakersOfATicket() {
        found("submitter 0 won the ticket of P0, whose word is not IDLE", Mistake.TICKET_BY_STORE, submissions());
    }

    @Test
    void spinningRaisedAfterTheWake() {
        found("the spinning count is below 0", Mistake.RAISE_AFTER_WAKE, submissions());
    }

    @Test
    void wakerLowersTheSpinningCountAndGoes() {
        found(STUCK, Mistake.NO_LOOK_AFTER_LOWERING, twoSubmitters());
    }

    @Test
    void finderWakesNobodyElse() {
        found(STUCK, Mistake.NO_CHAIN,
                new Setting(2).sleeping(0).sleeping(1).g(computeUntil(2)).g().submitter(1, 2));
    }

    @Test
    void idlerForgetsToOfferItself() {
        found(STUCK, Mistake.NEVER_OFFERED, submissions());
    }

    @Test
    void sleeperOverwritesTheWake() {
        found(STUCK, Mistake.FUTEX_CLEARED_LATE, submissions());
    }

    @Test
    void deadPLeavesItsGsToNobody() {
        found(STUCK, Mistake.RETIRE_WITHOUT_WAKE,
                new Setting(2).running(0, 1).running(1, 2).g().g(submit(3)).g().resizes(1));
    }

    @Test
    void finderLooksForMoreBeforeItLowersTheSpinningCount() {
        found(STUCK, Mistake.CHAIN_LOOKS_BEFORE_LOWERING,
                new Setting(2).sleeping(0).sleeping(1).g(computeUntil(2)).g().submitter(1, 2));
    }

    @Test
    void finderForgetsTheRunnextOfOthers() {
        found(STUCK, Mistake.CHAIN_WITHOUT_RUNNEXT, Settings.chain());
    }

    @Test
    void adderReadsTheWordWithoutFence() {
        found(STUCK, Mistake.HOLDS_WITHOUT_FENCE, Settings.timerWhileTaken());
    }

    @Test
    void adderTrustsItsOwnField() {
        found(STUCK, Mistake.HOLDS_BY_FIELD, Settings.timerWhileTaken());
    }

    @Test
    void adderFromOutsideLooksAtTheTicketWithoutFence() {
        found(STUCK, Mistake.TIMER_ADDED_WITHOUT_FENCE, Settings.timerWhileGoingIdle());
    }

    @Test
    void adderFromOutsideWakesNobody() {
        found(STUCK, Mistake.TIMER_FROM_OUTSIDE_WAKES_NOBODY, Settings.timerBesideASleeper());
    }

    @Test
    void sleeperReadsItsDeadlineBeforeThePIsIdle() {
        found(STUCK, Mistake.DEADLINE_READ_EARLY, Settings.timerWhileGoingIdle());
    }

    @Test
    void blockDoesNotLookAgain() {
        found(STUCK, Mistake.BLOCK_WITHOUT_LOOK, new Setting(1).running(0, 1).sleeping(0).g(blockUntil(2)).g().submitter(2));
    }

    @Test
    void blockDoesNotLookAtTimersAgain() {
        found(STUCK, Mistake.BLOCK_WITHOUT_LOOK_AT_TIMERS, Settings.timerWhileBlocking());
    }

    @Test
    void blockLeavesAGInRunnext() {
        found(STUCK, Mistake.BLOCK_FORGETS_RUNNEXT, new Setting(1).running(0, 1).sleeping(0).g(submit(2), blockUntil(2)).g());
    }

    @Test
    void backFromABlockWithoutTheTicket() {
        found("submitter 0 won the ticket of P0, whose word is not IDLE", Mistake.UNBLOCK_WITHOUT_TICKET,
                new Setting(1).running(0, 1).sleeping(0).g(blockUntil(2)).g().submitter(2));
    }

    @Test
    void deadPTakesTimersStill() {
        found(STUCK, Mistake.RETIRE_LEAVES_THE_HEAP_OPEN, Settings.timerWhileShrinking());
    }

    @Test
    void deadPLeavesItsTimersToASleeper() {
        found(STUCK, Mistake.RETIRE_WAKES_NOBODY_FOR_TIMERS, Settings.timerMovedBesideASpinner());
    }

    @Test
    void revivedPOverlooksATimer() {
        found(STUCK, Mistake.REVIVE_WITHOUT_LOOK_AT_TIMERS, Settings.timerWhileReviving());
    }

    @Test
    void sysmonOverlooksALoneG() {
        found(STUCK, Mistake.SYSMON_SEES_NO_RUNNEXT, Settings.loneG());
    }

    @Test
    void sysmonOverlooksATimer() {
        found(STUCK, Mistake.SYSMON_SEES_NO_TIMERS, Settings.lateTimer());
    }

    @Test
    void sysmonTakesNothing() {
        found(STUCK, Mistake.SYSMON_TAKES_NOTHING, Settings.slice());
    }

    @Test
    void sysmonSleepsWithoutALookAgain() {
        found(STUCK, Mistake.SYSMON_SLEEPS_AT_ONCE, Settings.deepBeforeASubmission());
    }

    @Test
    void sysmonSleepsOnBesideATimersG() {
        found(STUCK, Mistake.SYSMON_SLEEPS_ON, Settings.deepBeforeATimer());
    }

    @Test
    void sysmonSleepsOnBesideAGBackFromABlock() {
        found(STUCK, Mistake.SYSMON_SLEEPS_ON, Settings.deepDuringABlock());
    }

    @Test
    void sysmonPassesOverCalls() {
        found(STUCK, Mistake.SYSMON_PASSES_CALLS, Settings.callBesideWork());
    }

    @Test
    void unblockIgnoresItsFailure() {
        found("G1 runs on after a call in which its P was taken", Mistake.UNBLOCK_IGNORES_FAILURE, Settings.callAfterCall());
    }

    @Test
    void unblockByPlainStore() {
        found("taker acts for P0 outside SCHED of its epoch", Mistake.UNBLOCK_BY_STORE, Settings.callAfterCall());
    }

    @Test
    void unmountedGIsLeftToNobody() {
        found(STUCK, Mistake.UNMOUNT_WITHOUT_WAKE, Settings.callWhileShrinking());
    }

    @Test
    void alarmClearedOverAGivenP() {
        found(STUCK, Mistake.ALARM_CLEARED_BY_STORE, Settings.alarmBesideATaker());
    }

    @Test
    void spareStaysInItsSlot() {
        found("M1 of P0 is given a P while it runs", Mistake.ALARM_WITHOUT_WITHDRAWAL, Settings.alarmBesideATaker());
    }

    @Test
    void spareThatAGiverHasGoesOn() {
        found("M1 of P0 is given a P while it runs", Mistake.ALARM_IGNORES_GIVER, Settings.alarmBesideTwoTakes());
    }

    @Test
    void spareTakesWhateverTheWord() {
        found("M0 of P0 acts for P0, which M1 of P0 holds", Mistake.ALARM_TAKES_BLINDLY, Settings.alarmBesideAReturn());
    }

    @Test
    void spareOfAFalseAlarmStaysOutside() {
        found(STUCK, Mistake.ALARM_FORGETS_THE_OFFER, Settings.alarmBesideATaker());
    }

    @Test
    void tripwireOverwritesAGivenP() {
        found(STUCK, Mistake.ALARM_OVER_GIVEN, Settings.alarmBesideATaker());
    }

    @Test
    void giverGivesWayToAnAlarm() {
        found(STUCK, Mistake.GIVEN_ONLY_TO_SLEEPERS, Settings.alarmBesideATaker());
    }

    @Test
    void giverWritesNoWakeEvent() {
        found(STUCK, Mistake.GIVER_WRITES_NO_EVENT, new Setting(2).reader().dozing(0).polling(1).resizes(1));
    }

    @Test
    void sleeperInTheEpollLeavesSilently() {
        found(STUCK, Mistake.SLEEPER_LEAVES_SILENTLY, Settings.sleeperInTheEpollWithoutAP());
    }

    @Test
    void sleeperInTheEpollLeavesSilentlyAfterATimeOut() {
        found(STUCK, Mistake.SLEEPER_LEAVES_SILENTLY_AFTER_A_TIME_OUT, Settings.sleeperInTheEpollWithoutAP());
    }

    @Test
    void idlerAsksBeforeThePIsIdleWhetherAnybodyWaits() {
        found(STUCK, Mistake.CLAIM_WITHOUT_LOOK_AFTER_IDLE, Settings.waitWhileTaken());
    }

    @Test
    void waiterWithoutAPWakesNobody() {
        found(STUCK, Mistake.WAIT_WITHOUT_A_P_WAKES_NOBODY, Settings.waitWhileTaken());
    }

    @Test
    void waiterIsCountedTooLate() {
        found("the count of those that wait is below 0", Mistake.COUNTED_AFTER_IT_CAN_BE_FOUND, Settings.waitBesideAWait());
    }

    @Test
    void blockLeavesTheNetworkAlone() {
        found(STUCK, Mistake.BLOCK_LEAVES_THE_NETWORK, Settings.blockBesideAWait());
    }

    @Test
    void wakeEventComesByEdge() {
        found(STUCK, Mistake.WAKE_EVENT_BY_EDGE, Settings.lookBesideAGiver());
    }

    @Test
    void sleeperReadsTheNextSleepersWakeEvent() {
        found(STUCK, Mistake.DRAIN_AFTER_THE_END, Settings.sleeperAfterSleeper());
    }

    @Test
    void revivedPLeavesTheNetworkToNobody() {
        found(STUCK, Mistake.REVIVE_WITHOUT_LOOK_AT_THE_NETWORK, Settings.reviveWithoutASleeper());
    }

    private static Setting submissions() {
        return new Setting(1).sleeping(0).g().g().submitter(1, 2);
    }

    private static Setting twoSubmitters() {
        return new Setting(1).sleeping(0).g().g().g().submitter(1).submitter(2, 3);
    }

    private static Setting taken() {
        return new Setting(1).running(0, 1).sleeping(0).g(submit(2), submit(3)).g().g().taker(0, 2);
    }

    private static void found(String problem, Mistake mistake, Setting setting) {
        Explorer.Verdict verdict = Explorer.explore(setting.with(mistake), MAX_STATES);
        System.out.println(mistake + ": " + verdict);
        assertEquals(problem, verdict.problem(), "with " + mistake);
    }
}
