package dev.pinion.cli;

import java.util.List;

/** The name that was probably meant. */
final class NearestName {
    private NearestName() {}

    /** Null if none is near: one letter, and one more for every three, may be wrong, but not all of a short name. */
    static String of(String given, List<String> names) {
        String nearest = null;
        int least = 2 + given.length() / 3;
        for (String name : names) {
            int distance = name.startsWith(given) && given.length() > 3 ? 1 : distance(given, name);
            if (distance < least && distance < name.length()) {
                least = distance;
                nearest = name;
            }
        }
        return nearest;
    }

    /** Levenshtein's, one row at a time. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replace, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
