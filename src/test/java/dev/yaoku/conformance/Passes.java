package dev.yaoku.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names operations that the test calls through the official SDK with success. {@link SdkExtension}
 * fails the test if the SDK did not; {@code docs/conformance.md} is written from these.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Passes {
  String[] value();
}
