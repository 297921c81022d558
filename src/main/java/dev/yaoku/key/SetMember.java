package dev.yaoku.key;

import java.time.Instant;

/**
 * That a key belongs to a multi-region set. It is remembered longer than the key, as long as any
 * member lives: what a purged member encrypted still opens under the others.
 *
 * @param key the member
 * @param set the id of the set
 * @param account of all members
 * @param project of this one
 * @param region of its project
 * @param since to the millisecond
 */
public record SetMember(
    KeyId key, String set, String account, String project, String region, Instant since) {}
