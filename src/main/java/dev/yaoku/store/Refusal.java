package dev.yaoku.store;

import java.time.Instant;

/**
 * A refused request, for those who ask why. Texts are empty where there is nothing to say.
 *
 * @param requestId 32 hexadecimal characters
 * @param account of the caller
 * @param user the caller's id
 * @param credential public name of what proved the identity
 * @param source address
 * @param action what was asked for, as policies name it
 * @param resource what it was about
 * @param status HTTP status of the answer
 * @param code error code of the answer
 * @param outcome what the policies said; empty if they were not asked
 * @param policyId the policy that decided
 * @param statement which of its statements, from 1; 0 for none
 * @param sid the statement's name
 */
public record Refusal(
    String requestId,
    Instant at,
    String account,
    String project,
    String user,
    String userName,
    String credential,
    String source,
    String action,
    String resource,
    int status,
    String code,
    String outcome,
    String policyId,
    String policyName,
    int statement,
    String sid) {}
