package dev.pinion.bench;

import dev.pinion.bench.Row.Standing;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * All of a session: what table, page and file are made of.
 *
 * @param machine where it ran
 * @param command the command line
 * @param entries in the order measured
 */
record Results(Machine machine, String command, List<Entry> entries) {

    /** A figure, or why there is none. */
    sealed interface Entry permits Line, Missing {
        String name();

        int procs();

        Condition condition();
    }

    /**
     * A workload that gave no figure.
     *
     * @param name      the workload's
     * @param side      the side without a figure where others have one, or null
     * @param procs     number of Ps
     * @param condition what else happened
     * @param reason    one sentence
     */
    record Missing(String name, String side, int procs, Condition condition, String reason) implements Entry {
    }

    List<Line> lines() {
        return entries.stream().filter(Line.class::isInstance).map(Line.class::cast).toList();
    }

    List<Missing> missing() {
        return entries.stream().filter(Missing.class::isInstance).map(Missing.class::cast).toList();
    }

    /** The labels of all sides that the subject was compared with, in order of appearance. */
    List<String> others() {
        Set<String> labels = new LinkedHashSet<>();
        lines().forEach(line -> line.rows().forEach(row -> labels.add(row.againstLabel())));
        return List.copyOf(labels);
    }

    /** The subject's label. */
    String subject() {
        return lines().isEmpty() ? Side.PINION.label() : lines().getFirst().subject();
    }

    /** What the noise check made of the runs of all workloads. */
    NoiseCheck.Repeats repeats() {
        int repeated = 0;
        int drifted = 0;
        int unchecked = 0;
        Workload last = null;
        for (Line line : lines()) {
            // Each figure of a workload comes from the same runs.
            if (line.workload() != last || line.figure() == line.workload().figures().getFirst()) {
                repeated += line.repeats().repeated();
                drifted += line.repeats().drifted();
                unchecked += line.repeats().unchecked();
            }
            last = line.workload();
        }
        return new NoiseCheck.Repeats(repeated, drifted, unchecked);
    }

    /** Whether there are figures of several numbers of Ps, or conditions. */
    boolean isSeveral() {
        return lines().stream().map(line -> line.procs() + " " + line.condition()).distinct().count() > 1;
    }

    /** What a line is called where its number of Ps and condition stand nowhere else. */
    String title(Line line) {
        return line.name() + (isSeveral() ? " (" + line.procs() + ", " + line.condition().label() + ")" : "");
    }

    /** Whom the subject is behind, and where, then whom it may be behind: {@code behind in yield: jdk 1.12}. */
    List<String> losses() {
        List<String> losses = new ArrayList<>();
        for (Standing standing : List.of(Standing.BEHIND, Standing.MAYBE_BEHIND)) {
            for (Line line : lines()) {
                for (String side : line.sides(standing)) {
                    losses.add(standing.mark() + " in " + title(line) + ": " + side + " "
                            + Table.interval(line.against(side), line.against(side).comparison()));
                }
            }
        }
        return losses;
    }

    private static String comparisons(int number) {
        return number + (number == 1 ? " comparison" : " comparisons");
    }

    private int count(Standing standing) {
        return lines().stream().mapToInt(line -> line.sides(standing).size()).sum();
    }

    /** In how many comparisons the subject is behind, in one sentence. */
    String behindSentence() {
        int behind = count(Standing.BEHIND);
        int maybe = count(Standing.MAYBE_BEHIND);
        if (behind + maybe == 0) {
            return subject() + " is behind nowhere.";
        }
        List<String> parts = new ArrayList<>();
        if (behind > 0) {
            parts.add("behind in " + comparisons(behind));
        }
        if (maybe > 0) {
            parts.add("slower in " + comparisons(maybe) + (behind > 0 ? " more" : "") + ", in rounds too few to say that it is behind (behind?)");
        }
        return subject() + " is " + String.join(", and ", parts) + ".";
    }

    /** What the noise check found. */
    String noiseSentence() {
        NoiseCheck.Repeats repeats = repeats();
        String unchecked = repeats.unchecked() == 0 ? "" : " Not checked: " + repeats.unchecked() + " runs, since every CPU of theirs had a hog.";
        if (repeats.repeated() == 0 && repeats.drifted() == 0) {
            return (repeats.unchecked() == 0 ? "No run was repeated: the machine's own pace stayed within 5 % beside each."
                    : "No run that was checked was repeated.") + unchecked;
        }
        return repeats.repeated() + " runs were repeated, since the machine's own pace drifted by more than 5 % beside them; "
                + repeats.drifted() + " count although it did." + unchecked;
    }
}
