package dev.yaoku.access;

/**
 * What a change remembers of its signature, so that nobody can send it again (SECURITY_DESIGN M4).
 *
 * @param sha256 of the access key and signature, whichever form that has, 64 hexadecimal characters
 * @param forgetAtMillis when the date of the signature is surely outside the window
 */
public record SignatureMark(String sha256, long forgetAtMillis) {}
