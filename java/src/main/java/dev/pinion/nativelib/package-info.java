/**
 * The lowest room: the native library, what it offers, and the memory shared with it. It knows no scheduler.
 *
 * <ul>
 *   <li>{@link dev.pinion.nativelib.Boot} is the way in, as an agent or as a library. Nothing else here works before it.
 *   <li>{@link dev.pinion.nativelib.StartupClasses} loads what an agent's start needs quicker than the JDK's loader.
 *   <li>{@link dev.pinion.nativelib.Natives} has every native call. The native methods themselves are in
 *       {@code jdk.internal.vm.PinionNative}, a class of {@code java.base} made at boot: natives there need no
 *       {@code --enable-native-access}, and HotSpot lets them replace natives of the JDK without a warning. The static calls
 *       in between are inlined.
 *   <li>{@link dev.pinion.nativelib.SharedLayout} has the offsets of the structures of {@code native/pinion.h}, where the protocol
 *       of the P's word is explained.
 *   <li>{@link dev.pinion.nativelib.TrustedLookup} is the key to the JDK's internals, for the rooms that bind to them.
 *   <li>{@link dev.pinion.nativelib.UnsupportedHost} is thrown for a host that cannot run Pinion,
 *       {@link dev.pinion.nativelib.NativeCallException} for a call that the kernel refused.
 * </ul>
 */
package dev.pinion.nativelib;
