package dev.pinion.cpu;

/** What a thread of a JVM does, told by its name: the kernel's, of which there are 15 characters. */
public enum ThreadSort {
    /** The collector's. Not the VM thread, on which the serial collector works. */
    GC("GC"),
    /** The compilers'. */
    JIT("JIT"),
    /** The VM thread and the periodic one. */
    VM("VM"),
    /** The program's, and all that a JVM has besides. */
    OTHER("other threads");

    private final String label;

    ThreadSort(String label) {
        this.label = label;
    }

    /** @return the sort in a sentence */
    public String label() {
        return label;
    }

    /** @param name the content of a thread's {@code comm} @return its sort; a program may name its own threads like the JVM's */
    public static ThreadSort of(String name) {
        if (name.startsWith("GC ") || name.startsWith("G1 ") || name.startsWith("Shenandoah") || isOfZ(name)) {
            return GC;
        }
        if (name.startsWith("C1 ") || name.startsWith("C2 ") || name.startsWith("JVMCI")) {
            return JIT;
        }
        return name.startsWith("VM ") ? VM : OTHER;
    }

    /** ZDirector, ZWorkerOld#0 ... */
    private static boolean isOfZ(String name) {
        return name.length() > 1 && name.charAt(0) == 'Z' && Character.isUpperCase(name.charAt(1));
    }
}
