/**
 * What the system takes from a thread that only reads the clock. {@link dev.pinion.jitter.Jitter} measures it, bound and unbound in turn, with what the kernel counts
 * meanwhile; {@link dev.pinion.jitter.JitterText} and {@link dev.pinion.jitter.JitterPage} show it.
 */
package dev.pinion.jitter;
