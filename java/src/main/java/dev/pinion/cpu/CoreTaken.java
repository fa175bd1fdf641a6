package dev.pinion.cpu;

/** A core that was to be reserved exclusively cannot be. The message is one sentence that names the CPU and who has it. */
public final class CoreTaken extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** @param sentence names the CPU and who has it, for the user */
    public CoreTaken(String sentence) {
        super(sentence);
    }
}
