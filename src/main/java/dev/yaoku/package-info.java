/** A key management server that speaks the Huawei Cloud KMS API. */
@org.jspecify.annotations.NullMarked
package dev.yaoku;
