package dev.pinion.doctor;

/** The checks of one group. They look at what the patient holds and at its files, change nothing, and print nothing. */
interface Check {
    /** Says what it found, once for each thing looked at, also where all is well and where nothing could be told. */
    void examine(Patient patient, Findings findings);
}
