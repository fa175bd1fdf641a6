package dev.pinion.doctor;

import dev.pinion.cpu.CpuSet;
import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Which CPUs work for which queues of the network cards, as far as the kernel and not the card decides. */
final class Steering {
    private Steering() {}

    /** A mask of a queue. */
    private record Queue(String name, CpuSet cpus) {}

    /** The queues of one direction whose mask can be read, and why another's cannot. */
    private record Queues(List<Queue> known, String whyNot) {}

    static void examine(Patient patient, Findings findings) {
        if (patient.seesTheCards()) {
            receiving(patient, findings);
            sending(patient, findings);
        } else {
            findings.unknown(7, "rps", patient.whyNoCards());
            findings.unknown(7, "xps", patient.whyNoCards());
        }
    }

    /** @param file {@code rps_cpus} or {@code xps_cpus}, of the queues whose names begin with its first letter */
    private static Queues queues(Patient patient, String file) {
        List<Queue> known = new ArrayList<>();
        String whyNot = null;
        String prefix = file.startsWith("r") ? "rx-" : "tx-";
        for (String card : Interrupts.cards(patient)) {
            String directory = patient.files().sys("class/net/" + card + "/queues");
            String[] names = new File(directory).list((parent, name) -> name.startsWith(prefix));
            if (names == null || names.length == 0) {
                whyNot = directory + " tells of no queue";
            } else if (prefix.equals("rx-") || names.length > 1) { // with one queue to send by there is nothing to choose, and the kernel tells no mask
                Arrays.sort(names);
                for (String name : names) {
                    Fact mask = Fact.read(patient.files(), directory + "/" + name + "/" + file);
                    CpuSet cpus = CpuMask.parse(mask.text());
                    if (cpus == null) {
                        whyNot = mask.isKnown() ? "the mask " + mask.text() + " is not understood" : mask.whyNot();
                    } else {
                        known.add(new Queue(card + "/queues/" + name, cpus));
                    }
                }
            }
        }
        return new Queues(known, whyNot);
    }

    private static void receiving(Patient patient, Findings findings) {
        Queues queues = queues(patient, "rps_cpus");
        List<Queue> here = queues.known.stream().filter(queue -> !queue.cpus.intersect(patient.cpus()).isEmpty()).toList();
        if (!here.isEmpty()) {
            Finding finding = findings.of(7, "rps", Level.WARN, "received packets are handed to these CPUs: " + names(here));
            for (Queue queue : here) {
                finding = finding.fixIf(!patient.others().isEmpty(),
                        Fix.run("echo " + CpuMask.write(patient.others()) + " > /sys/class/net/" + queue.name + "/rps_cpus"));
            }
            findings.add(finding);
        } else if (queues.whyNot != null) {
            findings.unknown(7, "rps", queues.whyNot);
        } else {
            findings.pass(7, "rps", "no received packet is handed to these CPUs");
        }
    }

    /** Every CPU that sends needs a queue, so that to have one is no flaw; to have it with others is a lock to wait for. */
    private static void sending(Patient patient, Findings findings) {
        Queues queues = queues(patient, "xps_cpus");
        List<Queue> shared = queues.known.stream()
                .filter(queue -> !queue.cpus.intersect(patient.cpus()).isEmpty() && !patient.cpus().containsAll(queue.cpus)).toList();
        if (!shared.isEmpty()) {
            findings.info(7, "xps", "what these CPUs send goes through queues that other CPUs send by, too: " + names(shared));
        } else if (queues.whyNot != null) {
            findings.unknown(7, "xps", queues.whyNot);
        } else {
            findings.pass(7, "xps", "no queue to send by is given to these CPUs and others together");
        }
    }

    private static String names(List<Queue> queues) {
        return String.join(", ", queues.stream().map(Queue::name).toList());
    }
}
