package dev.yaoku.store;

import java.util.List;

/**
 * Part of a list of what is due.
 *
 * @param genuine what this installation wrote, in order of the list
 * @param rows how many rows of the list were read, those that are not genuine too: while it is what
 *     was asked for, the list may go on
 */
public record Due<T>(List<T> genuine, int rows) {}
