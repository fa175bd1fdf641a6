package dev.pinion.bench;

/** Values of options, for {@code bench} and {@code compare} alike. */
public final class OptionValue {
    private OptionValue() {
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
