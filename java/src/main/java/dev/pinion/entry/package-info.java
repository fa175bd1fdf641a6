/**
 * Where any java enters the jar, however old: {@link dev.pinion.entry.Entry} says what is wrong with one that cannot load the rest. Compiled
 * for Java 8 (java/pom.xml), so nothing newer may stand here.
 */
package dev.pinion.entry;
