package dev.yaoku.server;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time of a command line, and says in which form it is expected. */
final class InstantText implements ITypeConverter<Instant> {
  @Override
  public Instant convert(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException wrong) {
      throw new TypeConversionException(
          "'" + text + "' is no time; write it in the form 2026-01-31T23:59:00Z.");
    }
  }
}
