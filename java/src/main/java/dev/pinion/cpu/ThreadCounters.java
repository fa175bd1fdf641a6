package dev.pinion.cpu;

/**
 * What the kernel has counted for one thread since it was born. Each is {@link #UNKNOWN} where the kernel does not tell.
 *
 * @param migrations  how often it went on on another CPU
 * @param voluntary   how often it gave up its CPU to wait
 * @param involuntary how often its CPU was taken from it
 * @param ranNanos    time on a CPU
 * @param waitedNanos time that it could have run, and had no CPU
 */
public record ThreadCounters(long migrations, long voluntary, long involuntary, long ranNanos, long waitedNanos) {
    /** What cannot be read. */
    public static final long UNKNOWN = -1;

    /** A thread that has just been born. */
    public static final ThreadCounters AT_BIRTH = new ThreadCounters(0, 0, 0, 0, 0);

    /**
     * Reads three small files. Any thread may call.
     *
     * @param host the files
     * @param tid  the kernel's id of a thread of this process
     * @return what could be read; of a thread that has ended, nothing
     */
    public static ThreadCounters read(HostFiles host, int tid) {
        String task = "self/task/" + tid;
        String status = host.read(host.proc(task.concat("/status")));
        String sched = host.read(host.proc(task.concat("/sched")));
        String stat = host.read(host.proc(task.concat("/schedstat")));
        // A thread that asks runs: where its time is 0, nobody counts it.
        long ran = stat == null ? UNKNOWN : Numbers.word(stat, 0, stat.length(), 0);
        boolean counted = ran > 0;
        return new ThreadCounters(
                after(sched, "se.nr_migrations"), after(status, "voluntary_ctxt_switches"), after(status, "nonvoluntary_ctxt_switches"),
                counted ? ran : UNKNOWN, counted ? Numbers.word(stat, 0, stat.length(), 1) : UNKNOWN);
    }

    /** @param earlier the same thread's @return what was counted in between; unknown where either is */
    public ThreadCounters since(ThreadCounters earlier) {
        return new ThreadCounters(between(earlier.migrations, migrations), between(earlier.voluntary, voluntary), between(earlier.involuntary, involuntary),
                between(earlier.ranNanos, ranNanos), between(earlier.waitedNanos, waitedNanos));
    }

    private static long between(long earlier, long now) {
        return earlier == UNKNOWN || now == UNKNOWN ? UNKNOWN : now - earlier;
    }

    /** The number behind the colon of the line with this name. */
    private static long after(String text, String name) {
        for (int start = 0; text != null && start < text.length();) {
            int end = text.indexOf('\n', start);
            if (end < 0) {
                end = text.length();
            }
            if (text.startsWith(name, start)) {
                int at = start + name.length();
                while (at < end && text.charAt(at) == ' ') {
                    at++;
                }
                if (at < end && text.charAt(at) == ':') {
                    return Numbers.word(text, at + 1, end, 0);
                }
            }
            start = end + 1;
        }
        return UNKNOWN;
    }
}
