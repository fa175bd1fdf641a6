/**
 * G, M and P, and the rules between them. One concept a file:
 *
 * <ul>
 *   <li>{@link dev.pinion.sched.Sched}: one scheduler; puts the others together.
 *   <li>{@code P} and {@code PWord}: the slot and the word that says who may touch it (essay: {@code native/pinion.h}).
 *   <li>{@code M}: the thread, its loop, its sleep. {@code FindRunnable}: which G is next. {@code Stealing}, {@code Idle}, {@code IdlePs}.
 *   <li>{@code Submit}: where a runnable G goes. {@code Hosts}, {@code Host}, {@link dev.pinion.sched.GTask}: {@code go} and dead-G reuse.
 *       {@code HostRegistry}, {@code PlainThreads}, {@code StartedThreads}: what thread dumps show.
 *   <li>{@code HandOff}: a P changes its M. {@code Resize}: GOMAXPROCS. {@code Sysmon}: what nobody else notices. {@code Retake}, {@code GWatch}: from
 *       whom it takes a P. {@code Tripwires}, {@code Alarm}: the same within microseconds. {@code KernelSlice}, {@code Crowd}: Ms that compute without a P.
 *       {@code Machines}: births. {@code Upkeep}: once a second. {@code FirstPass}: what a full heap must not be the first to run.
 *   <li>{@code Sockets}, {@code Network}: the JDK's sockets are polled by the Ps ({@link dev.pinion.netpoll}).
 *   <li>{@code Places}, {@code Rehomer}, {@code CoreWatch}, {@code MaskCheck}: Ps change their cores. {@code CoreReservation}, {@code CoreClaims}: other
 *       processes and schedulers learn of it. {@code Housekeeping}: where sysmon runs.
 *   <li>{@code SchedTrace}, {@code Taken}, {@code Recordings}: what is said of it ({@link dev.pinion.observe}).
 *   <li>{@link dev.pinion.sched.Lifetime}, {@code Exit}, {@code Fatal}: the scheduler's end, the JVM's, and the one by a fault.
 * </ul>
 */
package dev.pinion.sched;
