package dev.pinion.bench.program;

/** A program that does nothing; how long it takes is the cost of starting. */
public final class Empty {

    private Empty() {
    }

    /** Does nothing. */
    public static void main(String... arguments) {
    }
}
