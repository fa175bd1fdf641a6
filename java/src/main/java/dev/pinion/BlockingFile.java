package dev.pinion;

import dev.pinion.nativelib.NativeCallException;
import dev.pinion.nativelib.SharedLayout;
import dev.pinion.sched.BlockedCall;
import dev.pinion.sched.BlockingCalls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.InterruptibleChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file, FIFO or device for Gs: a call that would block hands the P over first. Any thread; several may be in it at once, and the kernel
 * keeps the one position they share.
 *
 * <p>As for the JDK's channels: closing it ends the calls that are blocked in it with an {@link AsynchronousCloseException}; interrupting a
 * blocked thread closes it, with a {@link ClosedByInterruptException} there. A call that does not block does its work in an interrupted
 * thread too. The descriptor is given back when the last call in it has ended, so that no call can meet another file under its number.
 * {@link #force} and {@link #truncate} cannot be interrupted.
 */
public final class BlockingFile implements SeekableByteChannel, InterruptibleChannel {
    private static final int SEEK_SET = 0;
    private static final int SEEK_CUR = 1;

    /** Set in {@link #users} once it is closed. */
    private static final int CLOSED = 1 << 30;

    private final int fd;

    /** Calls that use the descriptor, and CLOSED. (Go: fdMutex.) */
    private final AtomicInteger users = new AtomicInteger();

    /** Those that block. Guarded by itself. */
    private final List<BlockedCall> blocked = new ArrayList<>();

    private final BlockingCalls.Watcher watcher = new BlockingCalls.Watcher() {
        @Override
        public boolean waits(BlockedCall call) {
            synchronized (blocked) {
                blocked.add(call);
            }
            return isOpen(); // close() sets the bit first and looks here then
        }

        @Override
        public void ended(BlockedCall call) {
            synchronized (blocked) {
                blocked.remove(call);
            }
        }
    };

    private BlockingFile(int fd) {
        this.fd = fd;
    }

    /** Opens it by {@link Syscalls#open}. {@code O_CLOEXEC} is added. */
    public static BlockingFile open(String path, int flags, int mode) throws IOException {
        return new BlockingFile(Syscalls.open(path, flags | Syscalls.O_CLOEXEC, mode));
    }

    /** Takes over an open descriptor, and closes it in the end. */
    public static BlockingFile of(int fd) {
        return new BlockingFile(fd);
    }

    /** @return -1 at the end of the file */
    @Override
    public int read(ByteBuffer to) throws IOException {
        int n = transfer("read", SharedLayout.OP_READ, checked(to), 0);
        return n == 0 && to.hasRemaining() ? -1 : n;
    }

    /** At {@code position}, which leaves the channel's own one alone. @return -1 at the end of the file */
    public int read(ByteBuffer to, long position) throws IOException {
        int n = transfer("pread", SharedLayout.OP_PREAD, checked(to), position);
        return n == 0 && to.hasRemaining() ? -1 : n;
    }

    /** Writes all of it; an exception may come after a part. */
    @Override
    public int write(ByteBuffer from) throws IOException {
        checked(from);
        int all = from.remaining();
        do {
            transfer("write", SharedLayout.OP_WRITE, from, 0);
        } while (from.hasRemaining());
        return all;
    }

    /** As {@link #write(ByteBuffer)}, at {@code position}, which leaves the channel's own one alone. */
    public int write(ByteBuffer from, long position) throws IOException {
        checked(from);
        int all = from.remaining();
        do {
            transfer("pwrite", SharedLayout.OP_PWRITE, from, position + all - from.remaining());
        } while (from.hasRemaining());
        return all;
    }

    @Override
    public long position() throws IOException {
        return control("lseek", SharedLayout.OP_LSEEK, 0, SEEK_CUR);
    }

    @Override
    public BlockingFile position(long newPosition) throws IOException {
        if (newPosition < 0) {
            throw new IllegalArgumentException("a position is not negative, and this is " + newPosition);
        }
        control("lseek", SharedLayout.OP_LSEEK, newPosition, SEEK_SET);
        return this;
    }

    @Override
    public long size() throws IOException {
        return control("size", SharedLayout.OP_SIZE, 0, 0);
    }

    @Override
    public BlockingFile truncate(long size) throws IOException {
        if (size < 0) {
            throw new IllegalArgumentException("a size is not negative, and this is " + size);
        }
        if (size < size()) {
            control("ftruncate", SharedLayout.OP_FTRUNCATE, size, 0);
        }
        if (position() > size) {
            position(size);
        }
        return this;
    }

    /** Waits until what was written is on the disk. Cannot be interrupted. @param metaData times and rights too, not only what reading needs */
    public void force(boolean metaData) throws IOException {
        control("fsync", metaData ? SharedLayout.OP_FSYNC : SharedLayout.OP_FDATASYNC, 0, 0);
    }

    @Override
    public boolean isOpen() {
        return (users.get() & CLOSED) == 0;
    }

    /** Ends the calls that are blocked in it, soon; does not wait for them. */
    @Override
    public void close() throws IOException {
        int before = users.getAndUpdate(n -> n | CLOSED);
        if ((before & CLOSED) != 0) {
            return;
        }
        if (before == 0) {
            Syscalls.close(fd);
            return;
        }
        synchronized (blocked) {
            for (BlockedCall call : blocked) {
                call.end();
            }
        }
    }

    /** Reads from where the channel is. Closing it closes the channel. */
    public InputStream inputStream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return BlockingFile.this.read(ByteBuffer.wrap(bytes, offset, length));
            }

            @Override
            public void close() throws IOException {
                BlockingFile.this.close();
            }
        };
    }

    /** Writes where the channel is, without a buffer. Closing it closes the channel. */
    public OutputStream outputStream() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                BlockingFile.this.write(ByteBuffer.wrap(bytes, offset, length));
            }

            @Override
            public void close() throws IOException {
                BlockingFile.this.close();
            }
        };
    }

    private static ByteBuffer checked(ByteBuffer buffer) {
        return Objects.requireNonNull(buffer, "the buffer is null");
    }

    private void enter() throws ClosedChannelException {
        int n;
        do {
            n = users.get();
            if ((n & CLOSED) != 0) {
                throw new ClosedChannelException();
            }
        } while (!users.compareAndSet(n, n + 1));
    }

    private void leave() throws IOException {
        if (users.decrementAndGet() == CLOSED) {
            Syscalls.close(fd);
        }
    }

    private long control(String name, int op, long b, long c) throws IOException {
        enter();
        try {
            return Syscalls.check(name, BlockingCalls.uninterruptible(op, fd, b, c, 0));
        } finally {
            leave();
        }
    }

    private int transfer(String name, int op, ByteBuffer buffer, long position) throws IOException {
        if (buffer.isDirect()) {
            return transferDirect(name, op, buffer, position);
        }
        boolean reads = op == SharedLayout.OP_READ || op == SharedLayout.OP_PREAD;
        if (reads && buffer.isReadOnly()) {
            throw new IllegalArgumentException("nothing can be read into a read-only buffer");
        }
        ByteBuffer copy = CopyBuffers.take();
        try {
            copy.clear().limit(Math.min(copy.capacity(), buffer.remaining()));
            if (reads) {
                int n = transferDirect(name, op, copy, position);
                buffer.put(copy.flip());
                return n;
            }
            copy.put(0, buffer, buffer.position(), copy.limit());
            int n = transferDirect(name, op, copy, position);
            buffer.position(buffer.position() + n);
            return n;
        } finally {
            CopyBuffers.give(copy);
        }
    }

    private int transferDirect(String name, int op, ByteBuffer buffer, long position) throws IOException {
        if (buffer.isReadOnly() && (op == SharedLayout.OP_READ || op == SharedLayout.OP_PREAD)) {
            throw new IllegalArgumentException("nothing can be read into a read-only buffer");
        }
        enter();
        long n;
        try {
            MemorySegment segment = MemorySegment.ofBuffer(buffer);
            n = BlockingCalls.call(op, watcher, fd, segment.address(), segment.byteSize(), position);
            if (n == -NativeCallException.EINTR) {
                if (isOpen()) {
                    close();
                    throw new ClosedByInterruptException();
                }
                throw Thread.currentThread().isInterrupted() ? new ClosedByInterruptException() : new AsynchronousCloseException();
            }
        } finally {
            Reference.reachabilityFence(buffer);
            leave();
        }
        Syscalls.check(name, n);
        buffer.position(buffer.position() + (int) n);
        return (int) n;
    }
}
