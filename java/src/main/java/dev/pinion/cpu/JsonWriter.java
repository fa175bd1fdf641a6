package dev.pinion.cpu;

/**
 * Writes one JSON value in one line, for the reports of the commands. Whoever calls closes what they open. For one thread at a time.
 */
public final class JsonWriter {
    private final StringBuilder out = new StringBuilder();
    private boolean first = true;

    /** @param bracket {@code {} or {@code [} @return this */
    public JsonWriter open(char bracket) {
        separate();
        out.append(bracket);
        first = true;
        return this;
    }

    /** @param bracket the other half of what {@link #open} got @return this */
    public JsonWriter close(char bracket) {
        out.append(bracket);
        first = false;
        return this;
    }

    /** @param name of the member whose value is written next @return this */
    public JsonWriter name(String name) {
        text(name);
        out.append(':');
        first = true;
        return this;
    }

    /** @param value an element, or the value after {@link #name} @return this */
    public JsonWriter number(long value) {
        separate();
        out.append(value);
        return this;
    }

    /** @param value a member @return this */
    public JsonWriter number(String name, long value) {
        return name(name).number(value);
    }

    /** @param value a member, as {@link #decimal(double)} has it @return this */
    public JsonWriter decimal(String name, double value) {
        return name(name).decimal(value);
    }

    /** @param value an element; with three digits behind the point at most, and null where it is no number @return this */
    public JsonWriter decimal(double value) {
        separate();
        if (Double.isFinite(value)) {
            out.append(Math.rint(value * 1000) / 1000);
        } else {
            out.append("null");
        }
        return this;
    }

    /** @param value a member @return this */
    public JsonWriter bool(String name, boolean value) {
        name(name);
        separate();
        out.append(value);
        return this;
    }

    /** @param value a member @return this */
    public JsonWriter text(String name, String value) {
        return name(name).text(value);
    }

    /** @param text an element, or the value after {@link #name} @return this */
    public JsonWriter text(String text) {
        separate();
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                out.append(c);
            }
        }
        out.append('"');
        return this;
    }

    private void separate() {
        if (!first) {
            out.append(',');
        }
        first = false;
    }

    /** @return what was written, and a line feed */
    @Override
    public String toString() {
        return out + "\n";
    }
}
