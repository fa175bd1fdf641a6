package dev.pinion.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TerminalWidthTest {
    @Test
    void theEnvironmentSaysIfItSaysANumber() {
        assertEquals(40, TerminalWidth.told("40"));
        for (String nothing : new String[] {null, "", "wide", "0", "-40"}) {
            assertEquals(0, TerminalWidth.told(nothing), nothing);
        }
    }
}
