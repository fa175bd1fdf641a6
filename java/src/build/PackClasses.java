import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Run by the build (java/pom.xml): writes the class files that a list names into one file, each after its length as an int. Read by
 * {@code dev.pinion.nativelib.StartupClasses}, which says why.
 */
final class PackClasses {
    private PackClasses() {}

    /** @param arguments the list, the directory of the classes, the file to write */
    public static void main(String[] arguments) throws IOException {
        Path list = Path.of(arguments[0]);
        Path classes = Path.of(arguments[1]);
        Path packed = Path.of(arguments[2]);
        Files.createDirectories(packed.getParent());
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(packed))) {
            for (String name : Files.readAllLines(list)) {
                Path file = classes.resolve(name.replace('.', '/') + ".class");
                if (!Files.isRegularFile(file)) {
                    System.err.println(list + " names " + name + ", and there is no such class; take it off the list.");
                    System.exit(1);
                }
                byte[] bytes = Files.readAllBytes(file);
                out.writeInt(bytes.length);
                out.write(bytes);
            }
        }
    }
}
