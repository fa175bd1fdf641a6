package dev.pinion.cpu;

/** Decimal numbers out of the kernel's text, without an exception for a text that is none: {@code "max"} is no error. */
final class Numbers {
    private Numbers() {
    }

    /** @return the number in text[from, to), -1 if it is none that is 0 or more; larger ones than {@code most} become {@code most} */
    static long parse(String text, int from, int to, long most) {
        if (from >= to) {
            return -1;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value > (most - digit) / 10 ? most : value * 10 + digit;
        }
        return value;
    }

    /**
     * @param index which of the words of text[from, to), counted from 0; words are separated by blanks
     * @return its number, -1 if there is no such word or it is no number
     */
    static long word(String text, int from, int to, int index) {
        int at = from;
        for (int word = 0;; word++) {
            while (at < to && text.charAt(at) <= ' ') {
                at++;
            }
            int end = at;
            while (end < to && text.charAt(end) > ' ') {
                end++;
            }
            if (at == end) {
                return -1;
            }
            if (word == index) {
                return parse(text, at, end, Long.MAX_VALUE);
            }
            at = end;
        }
    }
}
