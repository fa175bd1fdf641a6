package dev.pinion.vthread;

import jdk.internal.misc.VM;

/** The options this JVM was started with, from the command line and the environment; without the management module, which may be absent. */
public final class JvmArguments {
    private JvmArguments() {}

    /** @param option as it is written. Any thread */
    public static boolean has(String option) {
        String[] arguments = VM.getRuntimeArguments();
        if (arguments != null) {
            for (String argument : arguments) {
                if (argument.equals(option)) {
                    return true;
                }
            }
        }
        return false;
    }
}
