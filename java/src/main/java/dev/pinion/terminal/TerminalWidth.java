package dev.pinion.terminal;

import java.io.IOException;

/** How many columns the terminal has. */
public final class TerminalWidth {
    /** Narrower ones are written to as if they had so many. */
    public static final int LEAST = 40;

    private static final int USUAL = 80;

    private TerminalWidth() {}

    /** @return the columns where stdout is a terminal, wherever the input comes from; without limit where it is a file or a pipe */
    public static int columns() {
        int told = told(System.getenv("COLUMNS"));
        if (told > 0) {
            return told;
        }
        if (!Terminal.isTty(Terminal.link(1))) {
            return Integer.MAX_VALUE;
        }
        try {
            Process stty = new ProcessBuilder("stty", "size").redirectInput(Terminal.link(1).toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String[] words = stty.inputReader().readAllAsString().strip().split(" ");
            int columns = words.length == 2 ? Integer.parseInt(words[1]) : 0;
            return columns > 0 ? columns : USUAL;
        } catch (IOException | NumberFormatException e) {
            return USUAL; // no stty, or a terminal that may not be read
        }
    }

    /** What {@code COLUMNS} in the environment says, whatever the output is; 0 where it says nothing. */
    static int told(String columns) {
        try {
            return columns == null ? 0 : Math.max(0, Integer.parseInt(columns));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
