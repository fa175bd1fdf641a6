/** The {@code -javaagent}: {@link dev.pinion.agent.Premain} puts a scheduler in the place of the JDK's before the program starts. */
package dev.pinion.agent;
