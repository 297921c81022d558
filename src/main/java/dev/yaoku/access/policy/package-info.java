/**
 * The policy language of Huawei Cloud, read strictly, compiled once and asked often: custom
 * policies of version 1.1 and identity policies of version 5.0 ({@code authentication.md}, section
 * 7). Pure code: nothing here knows a store or a request.
 */
@org.jspecify.annotations.NullMarked
package dev.yaoku.access.policy;
