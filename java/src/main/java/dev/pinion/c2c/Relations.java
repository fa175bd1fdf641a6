package dev.pinion.c2c;

import dev.pinion.cpu.Topology;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntBinaryOperator;

/** The medians of all pairs that stand in the same relation: siblings of a core, cores of a cache, of a node, of the machine. */
public final class Relations {
    private static final String[] NAMES = {"threads of one core", "cores of one L3 cache", "L3 caches of one node", "nodes"};

    private Relations() {}

    /** @param pairs how many there are @param nanos their medians, lowest, middle and highest */
    public record Row(String name, int pairs, double least, double median, double most) {}

    /** @param distance of two CPUs, as {@link Topology#distance} tells it @return a row for each relation that occurs, the nearest first */
    public static List<Row> of(Matrix matrix, IntBinaryOperator distance) {
        Map<Integer, List<Double>> figures = new TreeMap<>();
        for (int a = 0; a < matrix.size(); a++) {
            for (int b = a + 1; b < matrix.size(); b++) {
                if (!Double.isNaN(matrix.median(a, b))) {
                    figures.computeIfAbsent(distance.applyAsInt(matrix.cpu(a), matrix.cpu(b)), d -> new ArrayList<>()).add(matrix.median(a, b));
                }
            }
        }
        List<Row> rows = new ArrayList<>();
        figures.forEach((relation, all) -> {
            double[] sorted = all.stream().mapToDouble(Double::doubleValue).toArray();
            Arrays.sort(sorted);
            rows.add(new Row(NAMES[relation], sorted.length, sorted[0], sorted[sorted.length / 2], sorted[sorted.length - 1]));
        });
        return rows;
    }
}
