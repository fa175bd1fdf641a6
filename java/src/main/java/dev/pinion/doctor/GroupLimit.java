package dev.pinion.doctor;

import dev.pinion.cpu.Cgroup;
import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a file of a cgroup's controller says in this process's group and in those above it. A group without the file limits nothing if it is the root
 * of all groups, or if it says that it does not have the controller; else its limit is not known. Neither are those of the groups above, where a
 * container does not see the root.
 *
 * @param texts  the content by directory, of those groups that have the file
 * @param whyNot of the first group whose limit is not known, null if there is none
 */
record GroupLimit(Map<String, String> texts, String whyNot) {
    static GroupLimit read(Patient patient, Cgroup.Place place, String controller, String file) {
        Map<String, String> texts = new TreeMap<>();
        String whyNot = null;
        for (String directory : place.directories()) {
            Fact fact = Fact.read(patient.files(), directory + file);
            if (fact.isKnown()) {
                texts.put(directory, fact.text());
            } else if (whyNot == null && !hasNone(patient, place, directory, controller)) {
                whyNot = fact.whyNot() == null ? directory + file + " is a directory" : fact.whyNot();
            }
        }
        return new GroupLimit(texts, whyNot != null ? whyNot : hidden(patient, place));
    }

    /** @return why there may be groups above that are not seen, null if there are none */
    static String hidden(Patient patient, Cgroup.Place place) {
        String last = place.directories().getLast();
        return isRoot(patient, place, last) ? null : "the groups above " + last + " are not seen here";
    }

    /** Only the root of version 1 has the first file, only that of version 2 lacks the last. */
    private static boolean isRoot(Patient patient, Cgroup.Place place, String directory) {
        return !place.v2() ? Fact.read(patient.files(), directory + "cgroup.sane_behavior").isKnown()
                : Fact.read(patient.files(), directory + "cgroup.controllers").isKnown() && !new File(directory + "cgroup.events").exists();
    }

    private static boolean hasNone(Patient patient, Cgroup.Place place, String directory, String controller) {
        Fact controllers = Fact.read(patient.files(), directory + "cgroup.controllers");
        return isRoot(patient, place, directory) || place.v2() && controllers.isKnown() && !List.of(controllers.text().split(" ")).contains(controller);
    }
}
