package dev.pinion.nativelib;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether the native library can work on this host. The facts are arguments, so that tests can name others. */
final class HostCheck {
    private HostCheck() {}

    /** @return the architecture as the kernel names it */
    static String architecture(String osName, String osArch) {
        if (!"Linux".equals(osName)) {
            throw new UnsupportedHost("Pinion needs Linux, and this is " + osName + ".");
        }
        return switch (osArch) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64" -> "aarch64";
            default -> throw new UnsupportedHost(
                    "Pinion needs a CPU of x86-64 or aarch64, and this JVM is for " + osArch + ".");
        };
    }

    /** A glibc system may have musl installed beside it: only a process that has mapped it runs on it. */
    static void refuseMusl(File lib, Path maps) {
        if (!new File(lib, "ld-musl-x86_64.so.1").exists() && !new File(lib, "ld-musl-aarch64.so.1").exists()) {
            return;
        }
        try {
            if (Files.readString(maps).contains("/ld-musl-")) {
                throw new UnsupportedHost("Pinion needs glibc, and this JVM runs on musl (as on Alpine Linux);"
                        + " use an image with glibc, such as Debian's or Fedora's.");
            }
        } catch (IOException e) {
            throw new UnsupportedHost("Pinion cannot tell glibc from musl: " + maps + " cannot be read (" + e + ").", e);
        }
    }
}
