/**
 * How long a word takes from core to core. {@link dev.pinion.c2c.PingPong} measures each pair of CPUs, {@link dev.pinion.c2c.Matrix} holds what it
 * found; heat map, CSV and page are drawn from matrices, whatever machine they come from.
 */
package dev.pinion.c2c;
