package dev.yaoku.access;

import org.jspecify.annotations.Nullable;

/**
 * A proved identity.
 *
 * @param account the account (domain) id
 * @param accountName its name
 * @param user the user id
 * @param userName the user's name
 * @param administrator whether everything in the account is open to this user
 * @param credential public name of what proved it: access key id, or the first 8 hexadecimal digits
 *     of a token's hash
 * @param byToken whether a token proved it, and not a signature
 * @param tokenProject the project a token is scoped to; null for signatures and domain tokens
 */
public record Principal(
    String account,
    String accountName,
    String user,
    String userName,
    boolean administrator,
    String credential,
    boolean byToken,
    @Nullable String tokenProject) {}
