package dev.pinion.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The programs of somebody else's scheduler in {@code bench/peers}, built on demand by a toolchain that need not be there. They do the work of the
 * programs of the same names, and print the lines that {@link Sample} describes. A new one is one implementation, and a {@link Side} that names it.
 */
interface Peer {

    /**
     * What became of a build.
     *
     * @param program what {@link #command} starts, or null when there is none
     * @param missing why there is none and how to get what is missing, in one sentence, or null
     * @param version the toolchain's own words for its version, or empty
     */
    record Built(Path program, String missing, String version) {
    }

    /** What the toolchain is called where its version is shown: {@code Go}. */
    String toolchain();

    /** The programs that exist under the same name and print the same figures. */
    Set<String> programs();

    /**
     * Builds the programs into {@code directory}. A toolchain that is not there, or fails here (no cache it may write to, say), is a
     * {@link Built#missing}.
     *
     * @param peers {@code bench/peers}
     * @throws Invalid when there is no source
     */
    Built build(Path peers, Path directory) throws IOException, InterruptedException;

    /**
     * The words that run a workload, on the CPUs that the caller chooses.
     *
     * @param program what {@link #build} gave
     * @param side    which of the peer's sides
     * @param procs   number of Ps
     * @param jvm     java with the heap, collector and flags of the JVM sides, for a peer that runs in one
     * @param scratch where the program puts its files
     */
    List<String> command(Path program, Side side, Workload workload, int procs, List<String> jvm,
            Path scratch);
}
