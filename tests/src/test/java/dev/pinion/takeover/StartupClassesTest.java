package dev.pinion.takeover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The list of the classes that every start needs fits what a start loads. */
@Timeout(120)
class StartupClassesTest {
    private static final Pattern LOADED = Pattern.compile(" (dev\\.pinion\\.\\S+) source: (\\S+)");

    @Test
    void nearlyAllOfPinionsClassesThatAStartLoadsArePacked() throws Exception {
        Jvm.Outcome outcome = Jvm.pinion(Nothing.class).options("-Xlog:class+load").run();

        assertEquals("", outcome.err());
        List<String> packed = new ArrayList<>();
        List<String> oneByOne = new ArrayList<>();
        for (String line : outcome.out().lines().toList()) {
            Matcher loaded = LOADED.matcher(line);
            if (loaded.find() && loaded.group(2).equals("META-INF/pinion/startup-classes")) {
                packed.add(loaded.group(1));
            } else if (loaded.find(0) && loaded.group(2).endsWith(Jvm.jar().toString())) {
                oneByOne.add(loaded.group(1));
            }
        }
        assertTrue(packed.contains("dev.pinion.sched.Sched"), packed.toString());
        assertTrue(oneByOne.contains("dev.pinion.agent.Start"), oneByOne.toString());
        assertTrue(oneByOne.size() * 5 <= packed.size(),
                "java/src/build/startup-classes.txt wants these too, in this order, but for Entry, Start and what they need themselves: " + oneByOne);
    }

    static final class Nothing {
        public static void main(String[] arguments) {
            // Pinion's own start is what is looked at
        }
    }
}
