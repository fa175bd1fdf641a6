package dev.pinion.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ProseTest {
    private static String lines(int column, int width, String text) {
        StringBuilder out = new StringBuilder("x".repeat(column));
        Prose.append(out, column, width, "  ", text);
        return out.toString();
    }

    @Test
    void aLineHasAsManyWordsAsFit() {
        assertEquals("aa bb\n  ccc\n", lines(0, 5, "aa bb ccc"));
        assertEquals("xaa\n  bb\n", lines(1, 5, "aa bb"));
        assertEquals("aa bb ccc\n", lines(0, Integer.MAX_VALUE, "aa bb ccc"));
    }

    @Test
    void aLongWordIsNotBroken() {
        assertEquals("a\n  bbbbbbb\n  c\n", lines(0, 5, "a bbbbbbb c"));
    }

    @Test
    void coloursTakeNoColumn() {
        assertEquals("\u001b[1;31maa\u001b[0m bb\n", lines(0, 5, "\u001b[1;31maa\u001b[0m bb"));
    }
}
