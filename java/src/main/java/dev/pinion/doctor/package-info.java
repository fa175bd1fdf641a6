/**
 * {@code pinion doctor}: is this machine fit for pinned Ps, what does each flaw cost, and which line mends it?
 *
 * <p>A {@link dev.pinion.doctor.Patient} holds all there is to look at: the host's files, two {@link dev.pinion.doctor.Sample}s of its
 * counters a second apart, what the {@link dev.pinion.doctor.Probes} {@link dev.pinion.doctor.Measured measured}, the
 * {@link dev.pinion.doctor.JvmFacts JVM}. A check is a function of that, so that tests can make up any machine. There is one class of
 * checks for each {@link dev.pinion.doctor.Group}; each thing looked at becomes one {@link dev.pinion.doctor.Finding}, also where all is
 * well. What could not be looked at is {@link dev.pinion.doctor.Level#UNKNOWN} and says why: no such file, needs root, hidden by a
 * container or a hypervisor. It is never a pass.
 *
 * <p>Order of a run: the first sample, a second in which this process sleeps, the second sample, and only then the probes, whose own
 * work would be in the counters. The probes bind threads of their own and end them; nothing of the host is changed.
 *
 * <p>{@link dev.pinion.doctor.ReportText} and {@link dev.pinion.doctor.ReportJson} write the same report. What mends several findings at
 * once (the boot line, a cpuset, a tuned profile, Kubernetes) is put together from their {@link dev.pinion.doctor.Fix}es.
 */
package dev.pinion.doctor;
