package dev.pinion.cli;

import dev.pinion.agent.EditDistance;
import java.util.List;

/** The name that was probably meant. */
final class NearestName {
    private NearestName() {}

    /** Null if none is near: one letter, and one more for every three, may be wrong, but not all of a short name. */
    static String of(String given, List<String> names) {
        String nearest = null;
        int least = 2 + given.length() / 3;
        for (String name : names) {
            int distance = name.startsWith(given) && given.length() > 3 ? 1 : EditDistance.between(given, name);
            if (distance < least && distance < name.length()) {
                least = distance;
                nearest = name;
            }
        }
        return nearest;
    }
}
