/**
 * The scheduler's protocol, small enough to visit every state of it. {@link dev.pinion.model.Explorer} takes each process one access to
 * shared memory further, in every order, and says where a promise breaks, with a shortest trace.
 *
 * <p><b>The problem.</b> A lost wake-up needs an order of steps that a stress test meets once in ten thousand rounds or never, and a
 * reader of the code believes in each step. The races are described in {@code native/pinion.h}; here they are executed.
 *
 * <p><b>The promises.</b> Only the owner of a P acts for it, and only in SCHED of its epoch (so no two Ms hold one, and an M that lost its
 * P pushes nothing to it); nobody is given a P while it runs; a G whose P was taken in a call that seldom blocks does not run on; who wins
 * a ticket finds IDLE; no G runs twice; the spinning count is never negative; and from every state there is a way to the end, where all
 * that was submitted has run. The last finds lost Gs, lost wake-ups and deadlocks alike. It says "a way", not "every way": fairness is not
 * checked, and a P that loops for a while is no fault. A G that computes until another has run turns "queued while a P is idle" into a
 * state without such a way.
 *
 * <p><b>What is modelled</b>, a step for each access: the words with epochs; the idle count and bits; the spinning count; the slots of
 * idle Ms, popIdle, the futex words with the compare of FUTEX_WAIT; rings, runnext, the global queue and its lock; {@code Idle.sleep},
 * {@code M.resume}, {@code FindRunnable.next}, {@code Stealing.search}, {@code Submit} from a G and from outside, {@code Sched.wake},
 * {@code HandOff}, the calls that seldom block, blocks that nobody announced, the tripwire and {@code Alarm}, {@code Machines} with as
 * many Ms as the setting has, {@code Resize}; the heaps of timers, {@code Sched.schedule}, {@code M.stillHolds}, {@code Sched.timerAdded},
 * {@code M.sleep} until a deadline; {@code Sysmon}'s look, slice and deep sleep; Gs that wait for file descriptors, {@code Network}'s looks, the
 * one M that sleeps in the epoll, its wake event. Release stores of words, ring tails, the global queue and
 * heaps lie in a store buffer of two entries a process, first in first out, until a step with a full fence or until they please (x86-TSO).
 *
 * <p><b>Time.</b> A timer's deadline is early or late. The clock ticks once, at some moment, and the early ones are due; the late ones
 * never are, so that an M which sleeps for a late one while an early one waits does not wake, and is found. A timer has fired when its G has
 * run.
 *
 * <p><b>Help that does not count.</b> A taker may come at any moment, or never. sysmon's regular look at the queues is not there, but in
 * the settings about it; nor are the second after which its deep sleep ends, its looks at the network, and the searcher it sends there. An M in
 * the epoll may time out, where a setting says so, or not. What only they could save is found as stuck.
 *
 * <p><b>What is coarser.</b> A queue operation is one step (lincheck and jcstress have the queues). A thief passes over the other Ps once,
 * not four times, and does or does not search whatever the counts say (fewer searches: more ways to lose a wake-up). The wait of 20 us for
 * another's runnext is a peek and a CAS. The wake for a lone runnext is skipped or not; so is a look at the clock. takeAny reads the bits
 * once. sysmon reads what waits at a P in one step, and a slice is over or not as soon as it has seen the same holder twice. Stores under
 * SCHED with a fence next to them are not buffered. That a holder is blocked is seen in one step; sysmon takes without that proof, at any
 * moment. The tripwire picks any M of its P, or none, as if {@code P.spare} were never right (where a setting says so, only one that stands
 * in its slot or is just leaving it), and alarms again and again. Back from an announced call without its P, a G unmounts or runs on.
 * A busy P looks at the network between two Gs where a setting says so, or not. Whether one has looked of late may be so or not, as often as it is
 * asked. A file descriptor belongs to one G and becomes
 * ready once; an event that is delivered, with its G's way into a queue, is one step.
 *
 * <p><b>What is not modelled.</b> Descriptors that are closed, reused or registered anew, an epoll made anew, cancelled timers, yields, the
 * 61st tick, full rings, hosts of {@code go}, Ms without a slot, the end of Ms and of the scheduler, spurious wake-ups, orders weaker than TSO. More Ps, Ms or Gs than a setting has.
 *
 * <p>Each {@link dev.pinion.model.Mistake} is a seeded fault which the tests demand to be found, so that "no violation" means something.
 * States are told apart by 64 bits of hash; epochs are stored as ranks, which keeps the states finite.
 */
package dev.pinion.model;
