package dev.pinion.doctor;

/**
 * What something costs, as measured on this machine or as the kernel itself states it.
 *
 * @param micros microseconds
 * @param what   what took that long, to follow the figure: "the longest gap on CPU 3 in 0.5 s"
 */
public record Effect(double micros, String what) {
}
