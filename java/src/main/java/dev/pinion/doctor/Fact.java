package dev.pinion.doctor;

import dev.pinion.cpu.HostFiles;
import java.io.File;

/**
 * The content of one file of the host, or why there is none.
 *
 * @param text   the content, null if there is none
 * @param whyNot "there is no /sys/..." or "/sys/... needs root"; null if there is content, or a directory that can be read
 */
record Fact(String text, String whyNot) {
    /** @param path as {@link HostFiles} gives them */
    static Fact read(HostFiles files, String path) {
        String text = files.read(path);
        if (text != null) {
            return new Fact(text, null);
        }
        File file = new File(path);
        if (file.isDirectory() && file.canRead() && file.canExecute()) {
            return new Fact(null, null);
        }
        if (file.exists()) {
            return new Fact(null, path + (file.canRead() ? " cannot be read here" : " needs root"));
        }
        return new Fact(null, isHidden(file) ? path + " needs root" : "there is no " + path);
    }

    /** A directory that may not be entered tells nothing of what is in it. */
    private static boolean isHidden(File file) {
        File parent = file.getParentFile();
        while (parent != null && !parent.exists()) {
            parent = parent.getParentFile();
        }
        return parent != null && parent.isDirectory() && !parent.canExecute();
    }

    /** Whether it is a directory whose names can be read. */
    boolean isListed() {
        return text == null && whyNot == null;
    }

    boolean isKnown() {
        return text != null;
    }

    boolean is(String value) {
        return value.equals(text);
    }

    /** The whole content as a number; -1 if it is none that is 0 or more. */
    long number() {
        return number(text);
    }

    static long number(String text) {
        if (text == null || text.isEmpty() || text.length() > 18) {
            return -1;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return -1;
            }
        }
        return Long.parseLong(text);
    }

    /** The word in brackets, as the kernel marks the chosen one of several; else the whole content. */
    String chosen() {
        int open = text.indexOf('[');
        int close = text.indexOf(']', open + 1);
        return open >= 0 && close > open ? text.substring(open + 1, close) : text;
    }
}
