/**
 * What a scheduler says of itself. {@link dev.pinion.observe.Counters} and {@link dev.pinion.observe.Histogram} are always there: one of each
 * P. {@link dev.pinion.observe.Recorder} and what is behind it only while somebody records: {@code FlightEvents}, the three events,
 * {@code StackSampler}; these alone know {@code jdk.jfr}, which a JVM need not have.
 */
package dev.pinion.observe;
