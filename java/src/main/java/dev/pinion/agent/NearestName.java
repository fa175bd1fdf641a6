package dev.pinion.agent;

import java.util.List;

/** The name that was probably meant. The command line uses it too. */
public final class NearestName {
    private NearestName() {}

    /** Null if none is near: one letter, and one more for every three, may be wrong, but not all of a short name. */
    public static String of(String given, List<String> names) {
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
