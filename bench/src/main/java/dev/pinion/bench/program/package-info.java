/**
 * What runs inside the forked JVMs. The same classes run on every scheduler: they use the JDK's own API, and
 * {@link dev.pinion.bench.program.Spawner} alone knows how this JVM starts its threads. Those about blocking calls make them through
 * {@link dev.pinion.bench.program.GoBlocking} where the subject is Pinion's own API.
 *
 * <p>{@link dev.pinion.bench.program.Batches} measures a fixed amount of work again and again;
 * {@link dev.pinion.bench.program.Crowd} measures tasks that run for ever, all in one common window, so that tasks which
 * starve are seen. Both warm up for half a second first and take the median of seven windows of 0.1 s.
 *
 * <p>{@link dev.pinion.bench.program.OutsideLoad} is the server's half of a load from another process. What a task still waits for when a
 * window ends is counted by {@link dev.pinion.bench.program.PendingLatency}.
 */
package dev.pinion.bench.program;
