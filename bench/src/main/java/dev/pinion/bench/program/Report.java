package dev.pinion.bench.program;

import java.util.Arrays;
import org.HdrHistogram.Histogram;

/** Prints what the runner reads; the lines are described at {@code dev.pinion.bench.Sample}. */
class Report {

    /** @param value positive infinity: it never happened */
    void metric(String name, double value) {
        System.out.println("@metric " + name + " " + (value == Double.POSITIVE_INFINITY ? "never" : String.valueOf(value)));
    }

    /** A latency's median and 99th percentile, in the histogram's unit, as {@code prefix + "p50"} and {@code "p99"}. */
    void percentiles(String prefix, Histogram histogram) {
        metric(prefix + "p50", histogram.getValueAtPercentile(50));
        metric(prefix + "p99", histogram.getValueAtPercentile(99));
    }

    void usage(ResourceUsage used, long operations) {
        System.out.println("@usage " + used.cpuNanos() + " " + used.voluntary() + " " + used.involuntary() + " " + operations);
    }

    void fair(long slowest, long fastest) {
        System.out.println("@fair " + slowest + " " + fastest);
    }

    /**
     * What so many equal tasks did in one common window: {@code uneven} is fastest over slowest, {@code never} where a task did nothing,
     * and {@code starved} how many did nothing.
     */
    void uneven(long... done) {
        long slowest = Arrays.stream(done).min().orElseThrow();
        long fastest = Arrays.stream(done).max().orElseThrow();
        metric("uneven", slowest == 0 ? Double.POSITIVE_INFINITY : (double) fastest / slowest);
        metric("starved", Arrays.stream(done).filter(each -> each == 0).count());
    }

    void carrier(String name) {
        System.out.println("@carrier " + name);
    }
}
