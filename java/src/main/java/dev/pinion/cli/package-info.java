/**
 * The commands of the jar: {@code run}, {@code topology}, {@code doctor}, {@code pin}, {@code c2c}, {@code jitter},
 * {@code attach}, {@code jar}, {@code version}, {@code help}. The launcher
 * script beside the sources goes past {@code run} here whenever it understands what was asked, and comes here with the rest.
 *
 * <p>All but {@link dev.pinion.cli.Main} is loaded by {@link dev.pinion.nativelib.IsolatedLibraries}, where picocli is.
 * Exit codes: 0; 1, the work failed; 2, the input is wrong. In both cases one sentence goes to stderr.
 */
package dev.pinion.cli;
