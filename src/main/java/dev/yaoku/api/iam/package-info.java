/**
 * The subset of Huawei Cloud IAM that KMS clients call before their first request, and that people
 * manage users, groups, policies, projects and agencies with.
 */
@org.jspecify.annotations.NullMarked
package dev.yaoku.api.iam;
