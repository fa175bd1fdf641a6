/**
 * The benchmark runner: which side runs which workload, how often, under which condition, and what is printed.
 *
 * <p>{@link dev.pinion.bench.Main} parses {@link dev.pinion.bench.Options}, {@link dev.pinion.bench.Runner} starts forked
 * processes in interleaved rounds ({@code A B C}, then {@code C B A}; C is B's side once more, the noise), each through
 * {@link dev.pinion.bench.ChildProcess}, and {@link dev.pinion.bench.Table} prints one line a figure. What runs inside
 * the children is in {@link dev.pinion.bench.program}; the two sides meet only in the lines that
 * {@link dev.pinion.bench.Sample} parses, so a peer in another language needs nothing but those lines.
 *
 * <p>A child that is a server names its port in such a line; its load is then a process of its own, a {@link dev.pinion.bench.LoadProcess},
 * whose lines are part of the same sample. Where that was itself kept off its CPU, the row
 * has no figure.
 *
 * <p>One pair is one run of each side right after the other; what counts is the median of the ratios <i>within</i> pairs,
 * because a shared machine drifts from minute to minute by more than the differences looked for.
 */
package dev.pinion.bench;
