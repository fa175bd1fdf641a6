package dev.pinion.terminal;

/** Text in lines of a width: broken at blanks only, so a word that is longer than a line stands in one by itself. */
public final class Prose {
    private Prose() {}

    /**
     * Appends a text and ends its last line.
     *
     * @param out    what ends with the part of the first line that is there already
     * @param column how many columns that part has
     * @param width  columns of a line
     * @param indent what the other lines begin with
     * @param text   words with blanks between them; escapes for colours take no column
     */
    public static void append(StringBuilder out, int column, int width, String indent, String text) {
        int at = column;
        boolean first = true;
        for (String word : text.split(" ")) {
            int length = columns(word);
            if (!first && (long) at + 1 + length > width) {
                out.append('\n').append(indent);
                at = indent.length();
                first = true;
            }
            out.append(first ? "" : " ").append(word);
            at += length + (first ? 0 : 1);
            first = false;
        }
        out.append('\n');
    }

    private static int columns(String word) {
        int columns = 0;
        boolean escape = false;
        for (int i = 0; i < word.length(); i++) {
            escape |= word.charAt(i) == '\u001b';
            columns += escape ? 0 : 1;
            escape &= word.charAt(i) != 'm';
        }
        return columns;
    }
}
