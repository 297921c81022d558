package dev.yaoku.server;

import dev.yaoku.access.ClientCertificate;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a connection.
 *
 * @param source its address
 * @param proxy whether it is a proxy that the operator named
 * @param tls whether the connection itself is TLS
 * @param secure whether what travels cannot be read on the way: TLS, loopback, a trusted proxy, or
 *     a network that the operator called a lab
 * @param certificate what it showed of itself, if it is no proxy; null for nothing
 */
record Peer(
    String source,
    boolean proxy,
    boolean tls,
    boolean secure,
    @Nullable ClientCertificate certificate) {}
