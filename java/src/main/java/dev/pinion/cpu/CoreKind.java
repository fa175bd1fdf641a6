package dev.pinion.cpu;

/** What a core is built for, on processors that mix two sorts. */
public enum CoreKind {
    /** The machine has one sort of core, or does not say. */
    UNIFORM,
    /** A fast core of a hybrid processor. */
    PERFORMANCE,
    /** A small core of a hybrid processor. */
    EFFICIENT
}
