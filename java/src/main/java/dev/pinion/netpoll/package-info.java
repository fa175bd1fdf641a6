/** The JDK's sockets, polled by the Ps. {@link dev.pinion.netpoll.Netpoll} has the essay. */
package dev.pinion.netpoll;
