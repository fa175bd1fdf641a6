package dev.pinion.doctor;

import dev.pinion.cpu.CpuSet;
import java.util.Locale;
import java.util.Map;

/** What was measured, against what a fit machine has. */
final class LiveProbes implements Check {
    /** A look at an epoll takes 0.4 us on bare metal; more than twice that is paid at each of them. */
    private static final double EPOLL_MICROS = 1;
    /** The time is read with every G that is timed: 20 to 30 ns where the processor's counter is read directly. */
    private static final double CLOCK_MICROS = 0.1;
    /** What Pinion promises. */
    private static final double WAKE_MICROS = 10;

    @Override
    public void examine(Patient patient, Findings findings) {
        Measured measured = patient.measured();
        figure(findings, "nano-time", Measured.CLOCK, measured, measured.clockNanos / 1e3, CLOCK_MICROS, "System.nanoTime()");
        figure(findings, "epoll", Measured.EPOLL, measured, measured.epollNanos / 1e3, EPOLL_MICROS, "a look at the epoll");
        wake(findings, "wake-eventfd", Measured.EVENTFD, measured, measured.eventfd, "out of an epoll");
        wake(findings, "wake-futex", Measured.FUTEX, measured, measured.futex, "out of a futex");
        jitter(patient, findings);
    }

    /** What a look at the epoll costs, null if that was not measured. */
    static Effect epoll(Patient patient) {
        double nanos = patient.measured().epollNanos;
        return Double.isNaN(nanos) ? null : new Effect(nanos / 1e3, "a look at the epoll");
    }

    /** What a wake costs, null if that was not measured. */
    static Effect wake(Patient patient) {
        Measured.Wake wake = patient.measured().futex;
        return wake == null ? null : new Effect(wake.p99(), "the 99th percentile of a wake");
    }

    private static void figure(Findings findings, String name, String probe, Measured measured, double micros, double most, String what) {
        if (Double.isNaN(micros)) {
            findings.unknown(35, name, why(measured, probe));
        } else {
            findings.add(findings.of(35, name, micros > most ? Level.WARN : Level.PASS, what + " takes "
                    + (micros > most ? "longer than the " + plain(most) + " us of a fit machine" : "less than " + plain(most) + " us")).costs(new Effect(micros, what)));
        }
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    private static String why(Measured measured, String probe) {
        return "not measured: " + measured.whyNot.getOrDefault(probe, "the probe did not run");
    }

    private static void wake(Findings findings, String name, String probe, Measured measured, Measured.Wake wake, String how) {
        if (wake == null) {
            findings.unknown(35, name, why(measured, probe));
            return;
        }
        findings.add(findings.of(35, name, wake.p50() > WAKE_MICROS ? Level.WARN : Level.PASS, String.format(Locale.ROOT,
                        "half of %d wakes %s, from CPU %d to CPU %d, took %.1f us or less, 99 %% %.1f or less", wake.count(), how, wake.from(), wake.to(), wake.p50(), wake.p99()))
                .costs(new Effect(wake.p50(), "the median of a wake " + how)));
    }

    private static void jitter(Patient patient, Findings findings) {
        Measured measured = patient.measured();
        CpuSet missing = patient.cpus();
        StringBuilder list = new StringBuilder();
        for (Map.Entry<Integer, Measured.Gaps> entry : measured.gaps.entrySet()) {
            missing = missing.without(entry.getKey());
            Measured.Gaps gaps = entry.getValue();
            if (gaps.count() > 0) {
                list.append(list.isEmpty() ? "" : "; ").append(String.format(Locale.ROOT, "CPU %d %d, together %.0f us%s", entry.getKey(), gaps.count(), gaps.sumMicros(),
                        gaps.waitMicros() > 0 ? String.format(Locale.ROOT, " of which %.0f waiting for other threads", Math.min(gaps.waitMicros(), gaps.sumMicros())) : ""));
            }
        }
        String untold = missing.isEmpty() ? "" : Patient.name(missing) + " " + why(measured, Measured.JITTER);
        if (measured.gaps.isEmpty() || list.isEmpty() && !missing.isEmpty()) {
            findings.unknown(35, "jitter", untold);
            return;
        }
        double seconds = measured.gaps.values().iterator().next().seconds();
        findings.add(findings.of(35, "jitter", list.isEmpty() ? Level.PASS : Level.WARN, list.isEmpty()
                        ? "in " + seconds + " s nothing took one of these CPUs for longer than 10 us"
                        : "gaps of more than 10 us in " + seconds + " s: " + list + (missing.isEmpty() ? "" : "; " + untold))
                .costs(measured.worstGap(patient.cpus())));
    }
}
