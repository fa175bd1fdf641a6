/**
 * The benchmark runner: which side runs which workload, how often, under which condition, and what is printed.
 *
 * <p>{@link dev.pinion.bench.Main} parses {@link dev.pinion.bench.Options}, {@link dev.pinion.bench.Runner} starts forked
 * processes in interleaved rounds ({@code A B C D}, then {@code D C B A}; C is B's side once more, the noise), as many and as long as
 * {@link dev.pinion.bench.Plan} says, each through {@link dev.pinion.bench.ChildProcess}, and again where {@link dev.pinion.bench.NoiseCheck} finds that the
 * machine drifted. {@link dev.pinion.bench.Results} is what comes out: {@link dev.pinion.bench.Table} prints one line a figure,
 * {@link dev.pinion.bench.Markdown}, {@link dev.pinion.bench.HtmlReport} and {@link dev.pinion.bench.JsonReport} say the same elsewhere, {@link
 * dev.pinion.bench.Show} from files and {@link dev.pinion.bench.Diff} between two of them. What runs inside
 * the children is in {@link dev.pinion.bench.program}; the sides meet only in the lines that
 * {@link dev.pinion.bench.Sample} parses, so a {@link dev.pinion.bench.Peer} in another language needs nothing but those lines.
 *
 * <p>A child that is a server names its port in such a line; its load is then a process of its own, a {@link dev.pinion.bench.LoadProcess},
 * whose lines are part of the same sample. Where that was itself kept off its CPU, the row
 * has no figure.
 *
 * <p>One pair is one run of each side right after the other; what counts is the median of the ratios <i>within</i> pairs,
 * because a shared machine drifts from minute to minute by more than the differences looked for.
 */
package dev.pinion.bench;
