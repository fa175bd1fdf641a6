package dev.pinion.demo;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** {@link BlockingProgram} in a JVM of its own, fed through its FIFO, and never waited for beyond its time. */
final class BlockingRun {
    /** How long a read blocks. */
    private static final int BLOCK_MILLIS = 400;

    /** Its time and as much again as a busy machine may need. */
    private static final int PATIENCE_SECONDS = 20;

    private BlockingRun() {}

    /**
     * @param columns hears of each, as it comes
     * @throws IOException in one sentence, if the program fails or takes too long
     */
    static BlockingFigures measure(boolean onPinion, File jar, Consumer<BlockingPicture.Column> columns) throws IOException, InterruptedException {
        ProcessBuilder builder = ChildJvm.of(BlockingProgram.class, onPinion, jar, "-Djdk.virtualThreadScheduler.parallelism=1");
        builder.environment().put("GOMAXPROCS", "1");
        Process program = builder.start();
        AtomicBoolean late = new AtomicBoolean();
        Thread patience = Thread.ofPlatform().daemon().start(() -> endWhenLate(program, late));
        Thread feeder = Thread.ofPlatform().daemon().unstarted(() -> feed(program.getOutputStream()));
        try (BufferedReader output = program.inputReader()) {
            BlockingFigures figures = null;
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                BlockingPicture.Column column = BlockingPicture.Column.ofLine(line);
                if (column != null) {
                    columns.accept(column);
                } else if (line.equals(BlockingProgram.START)) {
                    feeder.start();
                } else {
                    figures = BlockingFigures.ofLine(line);
                }
            }
            int code = program.waitFor();
            if (late.get()) {
                throw new IOException("it did not end within " + PATIENCE_SECONDS + " s");
            }
            if (code != 0 || figures == null) {
                throw new IOException("it ended with code " + code + (figures == null ? " and no figures" : ""));
            }
            if ((figures.found() != null) != onPinion) {
                throw new IOException(onPinion ? "it runs without Pinion" : "it runs on Pinion");
            }
            return figures;
        } finally {
            patience.interrupt();
            feeder.interrupt();
            program.destroyForcibly().waitFor();
        }
    }

    private static void endWhenLate(Process program, AtomicBoolean late) {
        try {
            if (!program.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                late.set(true);
                program.destroyForcibly();
            }
        } catch (InterruptedException e) {
            // the run is over
        }
    }

    private static void feed(OutputStream fifo) {
        try {
            TimeUnit.MILLISECONDS.sleep(BLOCK_MILLIS);
            while (true) {
                fifo.write(1);
                fifo.flush();
                TimeUnit.MILLISECONDS.sleep(BlockingProgram.PAUSE_MILLIS + BLOCK_MILLIS);
            }
        } catch (IOException | InterruptedException e) {
            // the program is over
        }
    }
}
