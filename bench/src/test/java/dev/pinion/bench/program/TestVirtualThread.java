package dev.pinion.bench.program;

/** A program that does its work on a platform thread and, when told {@code yes}, starts one virtual thread beside it. */
public final class TestVirtualThread {

    private TestVirtualThread() {
    }

    /** Prints a sample of the row {@code yield}. */
    public static void main(String... arguments) throws Exception {
        Spawner.runAndWait(() -> { });
        if (arguments[0].equals("yes")) {
            Thread.startVirtualThread(() -> { }).join();
        }
        Report report = new Report();
        report.metric("op", 1);
        report.carrier(WorkThread.carrier());
    }
}
