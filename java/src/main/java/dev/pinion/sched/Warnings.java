package dev.pinion.sched;

/** One line on stderr, for what must not pass in silence. Never from scheduler code that runs on a G. */
final class Warnings {
    private Warnings() {}

    static void say(String sentence) {
        System.err.println("pinion: " + sentence);
    }
}
