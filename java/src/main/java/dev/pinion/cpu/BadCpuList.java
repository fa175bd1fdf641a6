package dev.pinion.cpu;

/** A CPU list that cannot be used. The message is one sentence that names the value and what is allowed. */
public final class BadCpuList extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * @param sentence names the value and what is allowed, for the user
     */
    public BadCpuList(String sentence) {
        super(sentence);
    }
}
