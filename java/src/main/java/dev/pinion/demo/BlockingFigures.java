package dev.pinion.demo;

/**
 * What one run of {@link BlockingProgram} came to.
 *
 * @param answered       requests that had their answer when the time was over; the waits of the others count up to then
 * @param millionSteps   of the G that computes
 * @param readsNoticed   reads during which another G ran
 * @param nextP50Millis  from the begin of a read until another G ran; NaN if there was no read
 * @param found          what Pinion counted itself; null on the JDK's scheduler
 */
record BlockingFigures(int requests, int answered, double p50Millis, double p99Millis, double maxMillis, double millionSteps, int reads,
        int readsNoticed, double nextP50Millis, double nextMaxMillis, Found found) {
    private static final String NAME = "figures";

    /** @param nextP50Millis from the moment a block was found until its P had the next G */
    record Found(long blocks, long handOffs, double nextP50Millis) {}

    String toLine() {
        String line = String.join(" ", NAME, Integer.toString(requests), Integer.toString(answered), Double.toString(p50Millis),
                Double.toString(p99Millis), Double.toString(maxMillis), Double.toString(millionSteps), Integer.toString(reads),
                Integer.toString(readsNoticed), Double.toString(nextP50Millis), Double.toString(nextMaxMillis));
        return found == null ? line : line + " " + found.blocks + " " + found.handOffs + " " + found.nextP50Millis;
    }

    /** @return null if it is another line */
    static BlockingFigures ofLine(String line) {
        String[] f = line.split(" ");
        if (!f[0].equals(NAME) || f.length != 11 && f.length != 14) {
            return null;
        }
        Found found = f.length == 11 ? null : new Found(Long.parseLong(f[11]), Long.parseLong(f[12]), Double.parseDouble(f[13]));
        return new BlockingFigures(Integer.parseInt(f[1]), Integer.parseInt(f[2]), Double.parseDouble(f[3]), Double.parseDouble(f[4]),
                Double.parseDouble(f[5]), Double.parseDouble(f[6]), Integer.parseInt(f[7]), Integer.parseInt(f[8]), Double.parseDouble(f[9]),
                Double.parseDouble(f[10]), found);
    }
}
