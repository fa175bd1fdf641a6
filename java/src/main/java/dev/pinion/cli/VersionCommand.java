package dev.pinion.cli;

import dev.pinion.nativelib.IsolatedLibraries;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code pinion version}. */
@Command(name = "version", description = "Print the versions of Pinion and of the JDK")
final class VersionCommand implements Callable<Integer> {
    @Override
    public Integer call() throws IOException {
        try (InputStream in = IsolatedLibraries.class.getResourceAsStream("/META-INF/pinion/version")) {
            String version = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
            System.out.println("pinion " + version + " on JDK " + Runtime.version());
        }
        return 0;
    }
}
