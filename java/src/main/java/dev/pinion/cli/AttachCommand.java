package dev.pinion.cli;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import dev.pinion.agent.Agentmain;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pinion attach}: Pinion for a JVM that runs already. */
@Command(
        name = "attach",
        description = "Let a JVM that runs already put its new virtual threads on Pinion.",
        footer = {
            "",
            "Virtual threads that exist already, and those that they start, stay on the JDK's scheduler. The JVM must run "
                    + "as the same user, on a JDK that Pinion knows; it prints a warning of its own that an agent was loaded, "
                    + "unless it was started with -XX:+EnableDynamicAgentLoading."
        })
final class AttachCommand implements Callable<Integer> {
    /** What Pinion's classes are compiled for. */
    private static final int OLDEST = 25;

    @Parameters(paramLabel = "PID", description = "The process id of the JVM")
    private String given;

    @Mixin
    private SchedulerOptions options;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Print this")
    private boolean help;

    @Override
    public Integer call() {
        String agentOptions = options.toAgentOptions(System.getenv("PINION_OPTS"));
        long pid = pid();
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            try {
                checkVersion(pid, machine.getSystemProperties().getProperty("java.specification.version"));
                machine.loadAgent(JarCommand.path().toString(), agentOptions);
                checkAnswer(pid, machine.getSystemProperties().getProperty(Agentmain.ANSWER));
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException | IOException e) {
            throw new Commands.Failure(
                    Commands.FAILED, "process " + pid + " cannot be attached to: it must be a JVM, and of this user");
        } catch (AgentLoadException | AgentInitializationException e) {
            throw new Commands.Failure(Commands.FAILED, "process " + pid + " did not take Pinion (" + e.getMessage()
                    + "); what it says itself is on its stderr");
        }
        System.out.println("New virtual threads of process " + pid + " run on Pinion; those that exist stay where they are.");
        return 0;
    }

    /** An older one cannot even load the agent's classes; whether a newer one has what Pinion binds to, the agent finds out. */
    private static void checkVersion(long pid, String version) {
        if (version == null || version.startsWith("1.") || Integer.parseInt(version) < OLDEST) {
            throw new Commands.Failure(
                    Commands.FAILED, "process " + pid + " runs on Java " + version + ", and Pinion needs JDK " + OLDEST + " or newer");
        }
    }

    /** The agent throws nothing, for which the JVM would print a stack trace. */
    private static void checkAnswer(long pid, String answer) {
        if (answer == null) {
            throw new Commands.Failure(Commands.FAILED, "process " + pid + " does not say whether it runs on Pinion now");
        }
        if (!answer.isEmpty()) {
            int space = answer.indexOf(' ');
            throw new Commands.Failure(
                    Integer.parseInt(answer.substring(0, space)), "process " + pid + " did not take Pinion: " + answer.substring(space + 1));
        }
    }

    private long pid() {
        long pid;
        try {
            pid = Long.parseLong(given);
        } catch (NumberFormatException e) {
            pid = -1;
        }
        if (pid <= 0) {
            throw new Commands.Failure(Commands.BAD_INPUT, "'" + given + "' is no process id");
        }
        if (ProcessHandle.of(pid).isEmpty()) {
            throw new Commands.Failure(Commands.BAD_INPUT, "there is no process " + pid);
        }
        return pid;
    }
}
