/**
 * For benchmarks with JMH: {@link dev.pinion.jmh.PinnedExecutor} gives each worker thread a core of its own, and
 * {@link dev.pinion.jmh.CoreProfiler} tells for each iteration whether the worker had it. Either works without the other, and neither
 * starts a scheduler.
 *
 * <p>JMH loads these two by name, in the JVMs that it forks. Pinion's jar does not carry JMH, and nothing else of Pinion refers to this
 * package. What can be decided without a machine or JMH is decided in {@link dev.pinion.jmh.WorkerCores} and
 * {@link dev.pinion.jmh.IterationFigures}.
 */
package dev.pinion.jmh;
