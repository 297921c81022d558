package dev.yaoku.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names operations that the SDK does not have yet, and that the test calls over plain HTTP with
 * success. {@link SdkExtension} fails the test if it did not.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Http {
  String[] value();
}
