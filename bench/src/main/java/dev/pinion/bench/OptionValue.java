package dev.pinion.bench;

import dev.pinion.cli.OutputFile;
import java.nio.file.Path;

/** Values of options, for {@code bench} and {@code compare} alike. */
public final class OptionValue {
    private OptionValue() {
    }

    /**
     * Before anything is measured: whether the file can be written afterwards.
     *
     * @param option that names it
     * @param file   or null
     * @throws Invalid when it cannot
     */
    public static void requireWritable(String option, Path file) {
        String problem = OutputFile.problem(option, file);
        if (problem != null) {
            throw new Invalid(problem);
        }
    }

    /**
     * A whole number.
     *
     * @param option to begin the sentence with
     * @param word   what was given to it
     * @throws Invalid when it is no number from {@code least} to {@code most}
     */
    public static int number(String option, String word, int least, int most) {
        try {
            int value = Integer.parseInt(word);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // falls through to the one sentence below
        }
        throw new Invalid(option + " " + word + ": allowed are whole numbers from " + least + " to " + most);
    }
}
