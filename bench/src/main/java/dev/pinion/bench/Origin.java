package dev.pinion.bench;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;

/** Where classes were loaded from. */
final class Origin {

    private Origin() {
    }

    /** The entry of the class path that has this class. */
    static Path of(Class<?> type) {
        URL location = type.getProtectionDomain().getCodeSource().getLocation();
        try {
            return Path.of(location.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("class path entry that is no path: " + location, e);
        }
    }
}
