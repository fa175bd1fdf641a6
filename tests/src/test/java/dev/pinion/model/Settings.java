package dev.pinion.model;

import static dev.pinion.model.Setting.EARLY;
import static dev.pinion.model.Setting.LATE;
import static dev.pinion.model.Setting.blockUntil;
import static dev.pinion.model.Setting.callUntil;
import static dev.pinion.model.Setting.computeUntil;
import static dev.pinion.model.Setting.read;
import static dev.pinion.model.Setting.stallUntil;
import static dev.pinion.model.Setting.submit;
import static dev.pinion.model.Setting.timer;

/** Settings in which the protocol keeps its promises, and a mistake breaks one. */
final class Settings {
    private Settings() {}

    /** P1's searcher finds G3, which computes until G2 has run; G2 comes to lie in the runnext of P0, whose G computes too; P2 is idle. */
    static Setting chain() {
        return new Setting(3).running(0, 1).searching(1).sleeping(2).g(submit(2), computeUntil(2)).g().g(computeUntil(2))
                .queued(3).announcingAll().alwaysSearching();
    }

    static Setting timerWhileTaken() {
        return new Setting(1).running(0, 1).sleeping(0).g(timer(2)).timed(EARLY).taker(0, 1);
    }

    static Setting timerBesideASleeper() {
        return new Setting(1).timed(LATE).timed(EARLY).timed(EARLY).armed(0, 1).dozing(0).submitter(2, 3);
    }

    static Setting timerWhileGoingIdle() {
        return new Setting(1).running(0, 1).g().timed(EARLY).submitter(2);
    }

    static Setting timerWhileBlocking() {
        return new Setting(1).running(0, 1).sleeping(0).g(blockUntil(2)).timed(EARLY).submitter(2);
    }

    static Setting timerWhileShrinking() {
        return new Setting(2).timed(LATE).armed(0, 1).dozing(0).running(1, 2).g(timer(3)).timed(EARLY).resizes(1);
    }

    /** The wake of the P that goes finds P1 spinning, and is none. */
    static Setting timerMovedBesideASpinner() {
        return new Setting(3).timed(LATE).timed(EARLY).armed(0, 1).armed(2, 2).dozing(0).searching(1).sleeping(2).resizes(2);
    }

    static Setting timerWhileReviving() {
        return new Setting(2).sleeping(0).running(1, 1).g(timer(2)).timed(EARLY).resizes(1, 2).alwaysSearching();
    }

    static Setting loneG() {
        return new Setting(2).running(0, 1).sleeping(1).g(submit(2), computeUntil(2)).g().alwaysSearching().sysmon();
    }

    static Setting slice() {
        return new Setting(1).running(0, 1).sleeping(0).g(submit(2), computeUntil(2)).g().sysmon().slices();
    }

    static Setting lateTimer() {
        return new Setting(2).running(0, 1).sleeping(1).g(timer(2), computeUntil(2)).timed(EARLY).alwaysSearching().sysmon();
    }

    static Setting deepBeforeASubmission() {
        return new Setting(1).sleeping(0).sleeping(0).g(submit(2), computeUntil(2)).g().submitter(1).sysmon().slices();
    }

    static Setting deepBeforeATimer() {
        return new Setting(1).timed(EARLY, submit(2), computeUntil(2)).g().armed(0, 1).dozing(0).sleeping(0).sysmon().slices();
    }

    static Setting deepDuringABlock() {
        return new Setting(1).running(0, 1).sleeping(0).g(blockUntil(), submit(2), computeUntil(2)).g().sysmon().slices();
    }

    static Setting callBesideWork() {
        return new Setting(1).running(0, 1).sleeping(0).g(callUntil(2)).g().queued(2).sysmon().slices();
    }

    /** The taker may have read the word of the first call, and come in the second. */
    static Setting callAfterCall() {
        return new Setting(1).running(0, 1).sleeping(0).g(callUntil(), callUntil(), submit(2)).g().taker(0, 2);
    }

    static Setting callWhileShrinking() {
        return new Setting(2).running(1, 1).sleeping(0).g(callUntil(2)).g().submitter(2).resizes(1);
    }

    /** The spare that the tripwire wakes may be in the hands of a giver. */
    static Setting alarmBesideATaker() {
        return new Setting(1).running(0, 1).sleeping(0).g(submit(2), stallUntil(2)).g().tripwire(0).taker(0, 1);
    }

    /** The same, and a second take while the spare runs. */
    static Setting alarmBesideTwoTakes() {
        return new Setting(1).running(0, 1).sleeping(0).g(submit(2), stallUntil(2)).g().tripwire(0).taker(0, 2);
    }

    /** The M in the epoll loses its P for good, and may have slept for long enough at that very moment. */
    static Setting sleeperInTheEpollWithoutAP() {
        return new Setting(2).reader().dozing(0).polling(1).resizes(1).impatient();
    }

    /** The P of the G that begins to wait may have been taken. */
    static Setting waitWhileTaken() {
        return new Setting(1).running(0, 1).sleeping(0).g(read()).taker(0, 1);
    }

    /** One waits already, the other begins to. */
    static Setting waitBesideAWait() {
        return new Setting(2).running(0, 1).g(read()).reader().polling(1);
    }

    /** Nobody sleeps in the epoll, and the G blocks until somebody has looked. */
    static Setting blockBesideAWait() {
        return new Setting(1).running(0, 1).sleeping(0).g(blockUntil(2)).reader();
    }

    /** The M in the epoll is given its P while the other P looks, and what comes then needs both. */
    static Setting lookBesideAGiver() {
        return new Setting(2).waiter().g().g(computeUntil(4)).g().polling(0).running(1, 2).submitter(3, 4);
    }

    /** The M in the epoll loses its P, another follows it there, and is given its P at once. */
    static Setting sleeperAfterSleeper() {
        return new Setting(2).waiter().g().dozing(0).polling(1).resizes(1).submitter(2);
    }

    /** The last P to go idle counts on another that is not idle yet. */
    static Setting reviveWithoutASleeper() {
        return new Setting(2).running(0, 1).sleeping(1).g(read()).resizes(1, 2);
    }

    /** The M may come back at any moment of the alarm. */
    static Setting alarmBesideAReturn() {
        return new Setting(1).running(0, 1).sleeping(0).g(stallUntil(), submit(2)).g().tripwire(0);
    }
}
