/**
 * The Huawei Cloud KMS dialect: routes, wire records, error codes, quirks. The only room that knows
 * it.
 */
@org.jspecify.annotations.NullMarked
package dev.yaoku.api.huawei;
