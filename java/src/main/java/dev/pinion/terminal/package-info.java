/**
 * What an output can show: {@link dev.pinion.terminal.Terminal}, for every command that paints or writes a line again, {@link
 * dev.pinion.terminal.TerminalWidth}, and {@link dev.pinion.terminal.Prose}, which fits text into it. It knows no other room.
 */
package dev.pinion.terminal;
