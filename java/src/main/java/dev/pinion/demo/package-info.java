/**
 * {@code pinion demo}: {@link dev.pinion.demo.Demo} starts two programs in JVMs of their own and shows what comes out.
 * {@link dev.pinion.demo.GoProgram} is the classic exercise with GOMAXPROCS, on {@code dev.pinion}'s API; {@link
 * dev.pinion.demo.HttpServerProgram} knows nothing of Pinion, and runs on the JDK's scheduler and on Pinion in turn, under the load of
 * {@link dev.pinion.demo.HttpLoad}. {@code pinion demo blocking}:
 * {@link dev.pinion.demo.BlockingDemo} does so with {@link dev.pinion.demo.BlockingProgram}, one of whose virtual threads blocks the thread under it.
 * Nothing else refers to this package.
 */
package dev.pinion.demo;
