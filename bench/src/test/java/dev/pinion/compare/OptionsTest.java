package dev.pinion.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pinion.bench.Invalid;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
    @Test
    void everyOptionIsRead() {
        Options options = Options.parse(List.of("--runs", "5", "--warmup=0", "--load", "http://localhost:8080/x?y=1", "--connections=8", "--seconds",
                "2", "--timeout", "30", "--json", "out.json", "--", "-cp", "x", "Main", "--runs"));
        assertEquals(5, options.runs());
        assertEquals(0, options.warmUps());
        assertEquals(URI.create("http://localhost:8080/x?y=1"), options.load());
        assertEquals(8, options.connections());
        assertEquals(2, options.seconds());
        assertEquals(30, options.timeoutSeconds());
        assertEquals(List.of("-cp", "x", "Main", "--runs"), options.javaArguments());
        assertFalse(options.help());
    }

    @Test
    void withoutOptionsThereAreNinePairs() {
        Options options = Options.parse(List.of("--", "Main"));
        assertEquals(9, options.runs());
        assertEquals(1, options.warmUps());
    }

    @Test
    void helpNeedsNothingElse() {
        assertTrue(Options.parse(List.of("--help")).help());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        ";there must be a --", "--runs 5;there must be a --", "x;there must be a --", "--;no program", "-- -cp x;no program",
        "-- -jar nowhere.jar;no such jar: nowhere.jar", "--run 5 -- Main;'--run' is no option", "--runs -- Main;--runs needs a value",
        "--runs 0 -- Main;--runs 0: allowed are whole numbers from 1 to 1000", "--warmup x -- Main;--warmup x", "--load localhost:80 -- Main;such as http://",
        "--load http://localhost/ --until x -- Main;exclude each other", "--connections 5 -- Main;--connections is for --load", "--until= -- Main;--until wants a text",
    })
    void badInputIsOneSentence(String caseAndSentence) {
        int semicolon = caseAndSentence.indexOf(';');
        List<String> words = semicolon == 0 ? List.of() : List.of(caseAndSentence.substring(0, semicolon).split(" "));
        String message = assertThrows(Invalid.class, () -> Options.parse(words)).getMessage();
        assertTrue(message.contains(caseAndSentence.substring(semicolon + 1)) && !message.contains("\n"), message);
    }
}
