/**
 * Any command on cores of its own: {@link dev.pinion.pin.PinnedProcess} starts it there and passes signals on, {@link
 * dev.pinion.pin.ThreadMover} takes the collector's and compiler's threads of a JVM elsewhere, {@link dev.pinion.cpu.ThreadSort} knows them by
 * their names. Nothing of Pinion runs in the command.
 */
package dev.pinion.pin;
