package dev.yaoku.server;

/**
 * Who is at the other end of a connection.
 *
 * @param source its address
 * @param proxy whether it is a proxy that the operator named
 * @param secure whether what travels cannot be read on the way: TLS, loopback, a trusted proxy, or
 *     a network that the operator called a lab
 */
record Peer(String source, boolean proxy, boolean secure) {}
