package dev.pinion.queue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** A task that is only told apart from others. */
record Numbered(int number) implements Runnable {
    @Override
    public void run() {
        throw new AssertionError("queues run nothing");
    }

    static Numbered n(int number) {
        return new Numbered(number);
    }

    /** The numbers of what {@code poll} gives until it gives null. */
    static List<Integer> drain(Supplier<Runnable> poll) {
        List<Integer> numbers = new ArrayList<>();
        for (Runnable r = poll.get(); r != null; r = poll.get()) {
            numbers.add(((Numbered) r).number);
        }
        return numbers;
    }

    /** From {@code first} to {@code last}, both included. */
    static List<Integer> range(int first, int last) {
        return IntStream.rangeClosed(first, last).boxed().toList();
    }

    static List<Integer> sorted(List<Integer> numbers) {
        List<Integer> copy = new ArrayList<>(numbers);
        Collections.sort(copy);
        return copy;
    }
}
