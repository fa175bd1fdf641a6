package dev.pinion.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What a toolchain calls itself. */
final class ToolVersion {

    private ToolVersion() {
    }

    /** The first line that the command prints; empty when there is no such command, or it fails. */
    static String of(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String first = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().findFirst().orElse("");
            return process.waitFor() == 0 ? first.strip() : "";
        } catch (IOException e) {
            return "";
        }
    }
}
