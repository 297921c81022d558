/** The operations, a class a group. Plain blocking code that knows neither HTTP nor lanes. */
@org.jspecify.annotations.NullMarked
package dev.yaoku.service;
