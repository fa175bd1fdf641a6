/**
 * What an output can show: {@link dev.pinion.terminal.Terminal}, for every command that paints or writes a line again, and {@link
 * dev.pinion.terminal.TerminalWidth}. It knows no other room.
 */
package dev.pinion.terminal;
