package dev.yaoku.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What is printed of a failure that a command did not expect. */
final class Fault {
  private Fault() {}

  /** Prints a sentence of a failure of the world; of our own mistakes all that is known. */
  static void print(Exception failure, PrintWriter err) {
    switch (failure) {
      case FileSystemException file -> print(sentence(file), err);
      case IOException world -> print(String.valueOf(world.getMessage()), err);
      case UncheckedIOException wrapped when wrapped.getCause() != null ->
          print(wrapped.getCause(), err);
      default -> {
        print("this is a mistake of Yaoku itself; please report it with these lines:", err);
        failure.printStackTrace(err);
      }
    }
  }

  private static void print(String sentence, PrintWriter err) {
    err.println("yaoku: " + Report.plain(sentence));
  }

  /** Says which file could not be used, and why. */
  static String sentence(FileSystemException failed) {
    return switch (failed) {
      case NoSuchFileException _ -> "there is no file " + failed.getFile();
      case AccessDeniedException _ -> "this user has no permission on " + failed.getFile();
      default -> "the file cannot be used: " + failed.getMessage();
    };
  }
}
