/**
 * Rows for JMH: operations of some nanoseconds that one thread, or a few, do on one data structure. What schedulers do to each other's
 * threads is measured by {@link dev.pinion.bench.Runner} in forked pairs; JMH's threads are platform threads, and no scheduler runs here.
 */
package dev.pinion.bench.jmh;
