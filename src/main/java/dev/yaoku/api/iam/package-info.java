/** The subset of Huawei Cloud IAM that KMS clients call before their first request. */
@org.jspecify.annotations.NullMarked
package dev.yaoku.api.iam;
