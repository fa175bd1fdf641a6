package dev.pinion.demo;

import dev.pinion.terminal.Terminal;
import java.io.File;
import java.io.IOException;

/**
 * {@code pinion demo blocking}: what becomes of two Gs while a third blocks in a read that nobody announced, on the JDK's scheduler and on Pinion. One
 * side after the other, so that neither takes the machine's time from the other; no line has more than 39 characters.
 */
final class BlockingDemo {
    private final File jar;
    private final Terminal out;

    BlockingDemo(File jar, Terminal out) {
        this.jar = jar;
        this.out = out;
    }

    /** @throws IOException in one sentence, if one of the sides fails */
    void show() throws IOException, InterruptedException {
        System.out.println("""
                One P. One G reads a FIFO, which blocks
                its thread for 400 ms at a time; one
                computes and often yields; one answers
                a request every 2 ms.
                  = blocks in the read, # runs,
                  - runs little, . does not run""");
        System.out.printf("A column is %d ms.%n", BlockingProgram.COLUMN_MILLIS);
        BlockingFigures jdk = side("The JDK's scheduler, one carrier", false);
        BlockingFigures pinion = side("Pinion, GOMAXPROCS=1", true);
        System.out.println();
        System.out.print(BlockingTable.of(jdk, pinion));
        System.out.printf("""
                Answers not given after %.1f s count
                as late as that. Noticed: another G
                ran during the read. Read to next G:
                as the program sees it, also where
                none was ready yet; found to next G:
                as Pinion counts it.%n""", BlockingProgram.COLUMNS * BlockingProgram.COLUMN_MILLIS / 1e3);
    }

    private BlockingFigures side(String name, boolean onPinion) throws IOException, InterruptedException {
        System.out.println();
        System.out.println(out.isOne() ? out.paint(1, name) : name);
        System.out.flush();
        BlockingPicture picture = new BlockingPicture();
        BlockingFigures figures;
        try {
            figures = BlockingRun.measure(onPinion, jar, column -> grow(picture, column));
        } catch (IOException e) {
            throw new IOException("the program on " + (onPinion ? "Pinion" : "the JDK's scheduler") + " failed, " + e.getMessage(), e);
        }
        if (!out.isOne()) {
            System.out.print(picture.draw(out));
            System.out.flush();
        }
        return figures;
    }

    private void grow(BlockingPicture picture, BlockingPicture.Column column) {
        boolean isFirst = picture.width() == 0;
        picture.add(column);
        if (out.isOne()) {
            System.out.print((isFirst ? "" : out.up(BlockingPicture.LINES)) + picture.draw(out));
            System.out.flush();
        }
    }
}
