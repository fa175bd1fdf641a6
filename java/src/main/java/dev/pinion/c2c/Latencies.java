package dev.pinion.c2c;

/**
 * What {@link PingPong} found.
 *
 * @param oneLine  both threads change one word in turn, so its line has to go there and back
 * @param twoLines each thread changes a word of its own and reads the other's
 * @param machine  a sentence on the machine and its limits, for the reader
 */
public record Latencies(Matrix oneLine, Matrix twoLines, String machine) {}
