package dev.pinion.doctor;

import java.util.ArrayList;
import java.util.List;

/**
 * What one check found. Immutable.
 *
 * @param number the check's number, stable between versions; some checks have several findings
 * @param name   what was looked at, in words joined by hyphens, unique and stable
 * @param group  what it belongs to
 * @param level  what it amounts to
 * @param reason one sentence without a full stop
 * @param effect what it costs, null where that was not measured
 * @param fixes  the lines that mend it, none for a pass
 */
public record Finding(int number, String name, Group group, Level level, String reason, Effect effect, List<Fix> fixes) {
    /** Copies the list. */
    public Finding {
        fixes = List.copyOf(fixes);
    }

    Finding(int number, String name, Group group, Level level, String reason) {
        this(number, name, group, level, reason, null, List.of());
    }

    /** @param measured may be null, where nothing could be measured */
    Finding costs(Effect measured) {
        return new Finding(number, name, group, level, reason, measured, fixes);
    }

    /** Another line that mends it; nothing changes on a pass, which needs none. */
    Finding fix(Fix fix) {
        if (level == Level.PASS) {
            return this;
        }
        List<Fix> more = new ArrayList<>(fixes);
        more.add(fix);
        return new Finding(number, name, group, level, reason, effect, more);
    }

    /** {@link #fix}, where there is one. */
    Finding fixIf(boolean possible, Fix fix) {
        return possible ? fix(fix) : this;
    }
}
