/**
 * {@code pinion compare}: the user's own program, on the JDK's scheduler and on Pinion in turn.
 *
 * <p>{@link dev.pinion.compare.Main} reads the command line, {@link dev.pinion.compare.Rounds} runs the pairs, each side's process through
 * {@link dev.pinion.compare.ProgramRun}, which measures it from outside: {@code getrusage} of the ended child for CPU time and switches,
 * {@link dev.pinion.compare.ThreadSampler} for what only {@code /proc} knows while it lives (migrations, threads, whose CPU time it was).
 * The program is never asked and never changed. A load comes from a process of its own ({@link dev.pinion.compare.LoadRun}).
 *
 * <p>What is said of the figures is made by {@link dev.pinion.compare.Comparison} (is there a difference?) and
 * {@link dev.pinion.compare.Reasons} (why there may be none), which know nothing but numbers.
 *
 * <p>Not chosen: GC times from a log of the JVM, because that needs another command line than the user's, and differs between collectors;
 * the CPU time of the collector's threads needs neither.
 */
package dev.pinion.compare;
