/**
 * What an output can show: {@link dev.pinion.terminal.Terminal}, for every command that paints or writes a line again. It knows no other room.
 */
package dev.pinion.terminal;
