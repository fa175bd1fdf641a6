/**
 * The {@code -javaagent}: {@link dev.pinion.agent.Start} is the way in, {@link dev.pinion.agent.Premain} puts a scheduler in the place of the
 * JDK's before the program starts, {@link dev.pinion.agent.Agentmain} in a JVM that runs already;
 * {@link dev.pinion.agent.RunMain} does without an agent.
 */
package dev.pinion.agent;
