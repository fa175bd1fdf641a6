package dev.pinion.model;

/** A state as one line of a trace. */
final class Picture {
    private Picture() {}

    /** What is shared, for a trace. */
    static String of(World w) {
        StringBuilder s = new StringBuilder();
        for (int p = 0; p < w.setting.ps; p++) {
            s.append('P').append(p).append(' ').append(new String[] {"IDLE", "SCHED", "RUNNING", "SYSCALL", "DEAD"}[w.getP(p, World.STATE)])
                    .append('@').append(w.getP(p, World.EPOCH)).append(w.getP(p, World.RETIRED) != 0 ? " retired" : "")
                    .append(" next ").append(w.getP(p, World.NEXT)).append(" ring ").append(list(w, w.ring(p)));
            if (w.setting.timers()) {
                s.append(" timers ").append(Integer.toBinaryString(w.getP(p, World.TIMERS)))
                        .append(w.getP(p, World.CLOSED) != 0 ? " closed" : "");
            }
            if (w.getP(p, World.ALARM_EPOCH) != 0) {
                s.append(" alarm @").append(w.getP(p, World.ALARM_EPOCH));
            }
            s.append("  ");
        }
        if (w.setting.net()) {
            s.append("epoll ").append(Integer.toBinaryString(w.get(World.EVENTS))).append(w.get(World.WAKE_EVENT) != 0 ? " woken" : "");
            s.append(w.get(World.IN_EPOLL) != 0 ? " under M" + (w.get(World.IN_EPOLL) - 1) : "").append(" wait ").append(w.get(World.WAITING)).append("  ");
        }
        return s.append("global ").append(list(w, World.GLOBAL)).append(" idle ").append(w.get(World.IDLE_COUNT)).append(" bits ")
                .append(Integer.toBinaryString(w.get(World.IDLE_BITS))).append(" spinning ").append(w.get(World.SPINNING)).toString();
    }

    private static String list(World w, int queue) {
        StringBuilder s = new StringBuilder("[");
        for (int i = 1; i <= w.b[queue]; i++) {
            s.append(i == 1 ? "G" : " G").append(w.b[queue + i]);
        }
        return s.append(']').toString();
    }
}
