package dev.pinion.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pinion run}: a Java program with every virtual thread on Pinion. */
@Command(
        name = "run",
        description = "Run a Java program, every virtual thread of it on Pinion.",
        customSynopsis = "pinion run [OPTIONS] -- JAVA_ARGUMENTS",
        footer = {
            "", "PINION_OPTS has options as the agent takes them (gomaxprocs=2,idle=park); PINION=off runs plain java."
        })
final class RunCommand implements Callable<Integer> {
    static final String NO_SEPARATOR =
            "there must be a -- between the options of pinion and the arguments of java: pinion run -- -jar server.jar";

    @Mixin
    private SchedulerOptions options;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Print this")
    private boolean help;

    @Parameters(paramLabel = "JAVA_ARGUMENTS", arity = "0..*", description = "What comes after the word java")
    private List<String> javaArguments = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<String> given = spec.root().commandLine().getParseResult().originalArgs();
        int separator = given.indexOf("--");
        if (separator < 0 || given.size() - separator - 1 != javaArguments.size()) {
            throw new Commands.Failure(Commands.BAD_INPUT, NO_SEPARATOR);
        }
        String problem = JavaArguments.problem(javaArguments);
        if (problem != null) {
            throw new Commands.Failure(Commands.BAD_INPUT, problem);
        }
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        if (!"off".equals(System.getenv("PINION"))) {
            String agent = options.toAgentOptions(System.getenv("PINION_OPTS"));
            command.add("-javaagent:" + JarCommand.path() + (agent.isEmpty() ? "" : "=" + agent));
        }
        command.addAll(javaArguments);
        Process java = new ProcessBuilder(command).inheritIO().start();
        Runtime.getRuntime().addShutdownHook(new Thread(java::destroy, "pinion-run-ends"));
        return java.waitFor();
    }
}
