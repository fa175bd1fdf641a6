package dev.pinion.cli;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
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
                machine.loadAgent(JarCommand.path().toString(), agentOptions);
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
