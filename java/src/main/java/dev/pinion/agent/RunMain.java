package dev.pinion.agent;

import dev.pinion.vthread.JavaLauncher;
import java.io.File;
import java.util.Arrays;

/**
 * {@code pinion run}: takes over, then runs the program, on the main thread and on the program's own class path.
 *
 * <p>Not by {@code -javaagent}: once any agent has asked the JVM for its tool interface, the JVM tells that interface of each mount and unmount
 * of a virtual thread, 65 ns a switch, half of what a switch costs (yield 130 and 195 ns with an agent that does nothing, JDK 25.0.3).
 * {@code -XX:-DoJVMTIVirtualThreadTransitions}, which stops that, is no way out: with it the JDK alone hangs at contended monitors and in
 * {@code jcmd Thread.dump_to_file}.
 */
public final class RunMain {
    private RunMain() {}

    /** @param arguments options as the agent's; {@code class} or {@code jar}; its name or path; the program's arguments */
    public static void main(String[] arguments) throws Throwable {
        hideFromClassPath();
        Premain.takeOverOrEnd(arguments[0], false);
        JavaLauncher.run(arguments[1].equals("jar"), arguments[2], Arrays.copyOfRange(arguments, 3, arguments.length));
    }

    /** The launcher has put Pinion's jar behind the program's class path; an agent's jar would not stand there either. */
    private static void hideFromClassPath() {
        String all = System.getProperty("java.class.path");
        System.setProperty("java.class.path", all.substring(0, all.lastIndexOf(File.pathSeparatorChar)));
    }
}
