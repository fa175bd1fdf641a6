package dev.pinion.cpu;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests that read the files of a machine that each of them makes. */
abstract class OnFakeHost {
    @TempDir
    Path root;

    FakeHost host;

    @BeforeEach
    void makeHost() {
        host = new FakeHost(root);
    }
}
