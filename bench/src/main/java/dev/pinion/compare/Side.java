package dev.pinion.compare;

/** Whose scheduler the program's virtual threads are on. */
enum Side {
    JDK("JDK"),
    PINION("Pinion");

    private final String label;

    Side(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /** The name within a file's name. */
    String fileName() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
