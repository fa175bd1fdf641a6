/**
 * Timers: one heap for each P, run by the P's M between two Gs, or by a thief when that M is busy.
 *
 * <p>Who sees to it that a timer fires in time: an M that goes to sleep with the P waits for the first deadline, to the nanosecond; whoever adds an
 * earlier one wakes it. While the P runs Gs, its M looks about every five microseconds, between two of them. When one G runs on, sysmon looks as soon as the
 * first timer is overdue, and sends a P without work, which steals timers last of all, or gives the P to another M. Sysmon sleeps by what it saw at its last look;
 * so who adds a timer that is due more than a millisecond before sysmon wakes, wakes it: a G that goes on, or a thread that is none. A G that parks need not,
 * since its M comes to the heap next; if that then finds a G to run, which may compute over the first deadline, it sees to it.
 *
 * <p>Commands run in the run loop: they make Gs runnable and do nothing else.
 */
package dev.pinion.timer;
