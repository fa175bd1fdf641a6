package dev.pinion.doctor;

/** What the checks of one class are about; the order is that of the report among groups that are equally bad. */
public enum Group {
    CORES("CPUs"),
    QUOTA("CPU time"),
    ISOLATION("Isolation"),
    INTERRUPTS("Interrupts and network"),
    LAYOUT("Which cores"),
    FREQUENCY("Clock and power"),
    MEMORY("Memory"),
    KERNEL("Kernel"),
    LIMITS("Limits and rights"),
    JVM("JVM"),
    PROBES("Measured");

    private final String title;

    Group(String title) {
        this.title = title;
    }

    /** @return the heading */
    public String title() {
        return title;
    }
}
