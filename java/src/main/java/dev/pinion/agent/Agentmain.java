package dev.pinion.agent;

import dev.pinion.cpu.CoreTaken;
import dev.pinion.nativelib.UnsupportedHost;
import dev.pinion.sched.DefaultSched;
import java.lang.instrument.Instrumentation;

/**
 * The takeover of a JVM that runs already: {@link Premain}'s, and then code compiled before must forget the old scheduler. Nothing may leave
 * {@code agentmain} as an exception: the JVM would print a stack trace.
 */
public final class Agentmain {
    /**
     * A system property, by which {@link #agentmain} answers who attached it: empty where all went well, else {@code CODE SENTENCE}, the exit
     * code for a command and what is on this JVM's stderr too.
     */
    public static final String ANSWER = "pinion.attach.answer";

    private static final String AS_IT_WAS = " The JVM goes on as it was.";

    private Agentmain() {}

    /** Why an attached agent did not do its work, in a sentence. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;
        private final int code;

        Refusal(int code, String sentence) {
            super(sentence);
            this.code = code;
        }
    }

    /**
     * Attached to a running JVM. Virtual threads made from now on run on Pinion; those there are, and what they start, stay where they are.
     * A wrong option leaves the JVM as it was.
     */
    public static void agentmain(String text, Instrumentation instrumentation) {
        try {
            attached(text, instrumentation);
            System.setProperty(ANSWER, "");
        } catch (Refusal e) {
            Premain.say(e.getMessage());
            System.setProperty(ANSWER, e.code + " " + e.getMessage());
        }
    }

    private static void attached(String text, Instrumentation instrumentation) throws Refusal {
        if (DefaultSched.get() != null) {
            throw new Refusal(Premain.FAILED, "this JVM runs on Pinion already; nothing was changed.");
        }
        try {
            AgentOptions options = AgentOptions.parse(text);
            Start.openJdk(instrumentation);
            Premain.takeOver(options, true);
        } catch (IllegalArgumentException | CoreTaken e) {
            throw new Refusal(Premain.BAD_INPUT, e.getMessage() + AS_IT_WAS);
        } catch (Throwable e) {
            Throwable reason = e instanceof ExceptionInInitializerError && e.getCause() != null ? e.getCause() : e;
            throw new Refusal(
                    Premain.FAILED, (reason instanceof UnsupportedHost ? reason.getMessage() : "Pinion could not take over: " + reason + ".") + AS_IT_WAS);
        }
        try {
            // The JIT has folded the old scheduler into compiled code: new bytes of the same class make it throw that code away.
            instrumentation.retransformClasses(Class.forName("java.lang.VirtualThread"));
        } catch (Throwable e) {
            throw new Refusal(
                    Premain.FAILED, "new virtual threads run on Pinion, but code compiled before may start some on the JDK's scheduler: " + e + ".");
        }
    }
}
