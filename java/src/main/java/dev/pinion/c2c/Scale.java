package dev.pinion.c2c;

/** Steps of colour from the fastest to the slowest pair, of equal ratios: a sibling of the same core takes a tenth of another socket's. */
final class Scale {
    static final int STEPS = 10;

    private final double least;
    private final double ratio;

    Scale(Matrix matrix) {
        double fastest = Double.POSITIVE_INFINITY;
        double slowest = 0;
        for (int a = 0; a < matrix.size(); a++) {
            for (int b = a + 1; b < matrix.size(); b++) {
                double nanos = matrix.median(a, b); // what is no number is neither smaller nor greater
                fastest = nanos < fastest ? nanos : fastest;
                slowest = nanos > slowest ? nanos : slowest;
            }
        }
        least = fastest;
        ratio = Math.log(slowest / fastest);
    }

    /** @return from 0 to {@link #STEPS} - 1 */
    int stepOf(double nanos) {
        return isOneStep() ? 0 : Math.clamp((int) (Math.log(nanos / least) / ratio * STEPS), 0, STEPS - 1);
    }

    /** @return whether all figures are alike, or there is none */
    boolean isOneStep() {
        return !(ratio > 0);
    }

    /** @return the smallest figure of a step */
    double begin(int step) {
        return least * Math.exp(ratio * step / STEPS);
    }
}
