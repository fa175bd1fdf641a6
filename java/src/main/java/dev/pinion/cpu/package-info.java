/**
 * The machine below the scheduler: which CPUs there are, which of them this process may use, which of them the Ps get.
 *
 * <p>Read in this order at start: {@link dev.pinion.cpu.Topology} (what {@code /sys} says), {@link dev.pinion.cpu.CpuQuota} and
 * {@link dev.pinion.cpu.Cpuset} (what the cgroup allows), {@link dev.pinion.cpu.DefaultGomaxprocs} (how many Ps),
 * {@link dev.pinion.cpu.CorePlacement} (which P on which CPU). Afterwards, off the start-up path:
 * {@link dev.pinion.cpu.Reservation} (tell other processes), {@link dev.pinion.cpu.RunDelay} and {@link dev.pinion.cpu.Rehoming}
 * (notice that a core is no longer ours alone), {@link dev.pinion.cpu.AllowedCpus} (or no longer ours at all).
 *
 * <p>This package is plain JDK and calls nothing native. Facts about the host come through {@link dev.pinion.cpu.HostFiles}, the
 * affinity mask as a {@link dev.pinion.cpu.CpuSet}, so that a test can describe any machine. What is read before the program's main
 * uses no lambda, stream, regular expression, {@code String.format} or {@code Arrays.sort} except in errors: the first use of any of them
 * costs more than the whole reading does.
 *
 * <p>Nothing here prints. What a user should hear comes back as one sentence: a warning in a list, or an exception's message.
 */
package dev.pinion.cpu;
