package dev.pinion.model;

/** One form for all states that differ only in how high the epochs have climbed. */
final class Epochs {
    private Epochs() {}

    /** Epochs are only compared with each other, P by P: their ranks say as much, and keep the states finite. */
    static void canonical(World w) {
        for (int p = 0; p < w.setting.ps; p++) {
            long used = ranks(w, p, 0);
            ranks(w, p, used);
        }
    }

    /** With 0: which epochs of the P are remembered anywhere. Else: replaces each by its rank among {@code used}. */
    private static long ranks(World w, int p, long used) {
        byte[] b = w.b;
        int base = w.pBase + p * w.pSize;
        long seen = rank(b, base + World.EPOCH, used) | rank(b, base + World.WANTED, used) | rank(b, base + World.SEEN_EPOCH, used)
                | rank(b, base + World.ALARM_EPOCH, used);
        for (int i = 0, at = w.processBase; i < w.setting.processes(); i++, at += World.PROCESS_SIZE) {
            if (i < w.setting.machines.size() && w.setting.machines.get(i).home() == p) {
                seen |= rank(b, at + World.MY_EPOCH, used) | rank(b, at + World.OFFERED_EPOCH, used);
            }
            if (b[at + World.T] == p) {
                seen |= rank(b, at + World.T_EPOCH, used);
            }
            for (int e = at + World.BUFFER; e < at + World.PROCESS_SIZE; e += 2) {
                if ((b[e] & 0xff) >> 5 == World.STORE_WORD && (b[e] >> 3 & 3) == p) {
                    seen |= rank(b, e + 1, used);
                }
            }
        }
        return seen;
    }

    private static long rank(byte[] b, int at, long used) {
        long bit = 1L << b[at] & ~1L;
        if (used != 0 && bit != 0) {
            b[at] = (byte) (Long.bitCount(used & bit - 1) + 1);
        }
        return bit;
    }
}
