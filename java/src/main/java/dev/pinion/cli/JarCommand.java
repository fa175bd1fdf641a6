package dev.pinion.cli;

import dev.pinion.nativelib.IsolatedLibraries;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code pinion jar}. */
@Command(name = "jar", description = "Print the path of the jar, for java -javaagent:$(pinion jar)")
final class JarCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        System.out.println(path());
        return 0;
    }

    static Path path() {
        try {
            return Path.of(IsolatedLibraries.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the jar's own place is no path", e);
        }
    }
}
