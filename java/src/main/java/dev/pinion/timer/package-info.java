/** Timers: one heap for each P, run by the P's M between two Gs, or by a thief when that M is busy. */
package dev.pinion.timer;
