package dev.pinion.vthread;

import dev.pinion.nativelib.TrustedLookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import jdk.internal.misc.MethodFinder;

/**
 * Starts a program as the {@code java} command does, by that command's own code ({@code sun.launcher.LauncherHelper}): so the manifest's
 * {@code Add-Opens} and the like count, a main method may be an instance's, and a class that is not there is java's own message and exit code.
 */
public final class JavaLauncher {
    /** LauncherHelper's LM_CLASS and LM_JAR. */
    private static final int CLASS = 1;

    private static final int JAR = 2;

    private JavaLauncher() {}

    /**
     * Runs the main method of a class, or of the main class of a jar, on the calling thread.
     *
     * @param what the class's name, or the jar's path; the jar is on the class path
     * @throws Throwable what the main method throws
     */
    public static void run(boolean jar, String what, String[] arguments) throws Throwable {
        Class<?> program = (Class<?>) TrustedLookup.get()
                .findStatic(Shapes.type("sun.launcher.LauncherHelper"), "checkAndLoadMain",
                        MethodType.methodType(Class.class, boolean.class, int.class, String.class))
                .invoke(true, jar ? JAR : CLASS, what);
        Method main = MethodFinder.findMainMethod(program);
        main.setAccessible(true);
        try {
            Object instance = null;
            if (!Modifier.isStatic(main.getModifiers())) {
                Constructor<?> constructor = program.getDeclaredConstructor();
                constructor.setAccessible(true);
                instance = constructor.newInstance();
            }
            if (main.getParameterCount() == 0) {
                main.invoke(instance);
            } else {
                main.invoke(instance, (Object) arguments);
            }
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
