package dev.pinion.cpu;

/** How busy each CPU is, by all processes together. */
public interface CpuLoad {
    /** What {@link #busyPermille} says of a CPU that was not measured. */
    int UNKNOWN = -1;

    /** A load that knows nothing. */
    CpuLoad NONE = new CpuLoad() {
        @Override
        public int busyPermille(int cpu) {
            return UNKNOWN;
        }
    };

    /**
     * @param cpu any CPU number
     * @return the share of the last interval in which it ran anything, 0 to 1000, or {@link #UNKNOWN}
     */
    int busyPermille(int cpu);
}
