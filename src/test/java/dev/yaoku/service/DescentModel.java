package dev.yaoku.service;

import dev.yaoku.access.Action;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@link DescentTest} believes, as naively as can be: users, agencies and credentials, and
 * what each credential may do and until when.
 */
final class DescentModel {
  static final String NOWHERE = "@";
  static final String EVERYWHERE = "*";

  /** Policies by the name of what they allow. */
  static final Map<String, Set<Action>> ALLOWING =
      Map.of(
          "kms:cmk:list", Set.of(Action.LIST_KEYS),
          "kms:cmk:create", Set.of(Action.CREATE_KEY),
          "kms:*:*", Set.of(Action.LIST_KEYS, Action.CREATE_KEY, Action.CREATE_RANDOM),
          "iam:tokens:assume", Set.of(Action.ASSUME_AGENCY),
          "iam:*:*",
              Set.of(
                  Action.ASSUME_AGENCY,
                  Action.CREATE_ACCESS_KEY,
                  Action.UPDATE_POLICY,
                  Action.UPDATE_AGENCY));

  /** What makes something that outlasts a session. */
  private static final Set<Action> LASTING =
      Set.of(Action.CREATE_ACCESS_KEY, Action.UPDATE_POLICY, Action.UPDATE_AGENCY);

  private DescentModel() {}

  enum Kind {
    ACCESS_KEY,
    TOKEN,
    TEMPORARY
  }

  /** A user or an agency, with what it holds: scope, a blank, the name of a policy. */
  static final class Holder {
    final String id;
    final String account;
    final boolean administrator;
    final Set<String> held = new HashSet<>();
    boolean there = true;
    String trusted = "";
    String name = "";
    Instant closes = Instant.MAX;
    Instant made = Instant.MIN;

    Holder(String id, String account, boolean administrator) {
      this.id = id;
      this.account = account;
      this.administrator = administrator;
    }
  }

  static final class Credential {
    final Kind kind;
    final String name;
    final @Nullable Credential parent;
    final Holder person;
    final @Nullable Holder agency;
    final List<Set<Action>> narrowings;
    final @Nullable String project;
    final boolean direct;
    final Instant end;
    boolean ended;
    boolean off;

    Credential(
        Kind kind,
        String name,
        @Nullable Credential parent,
        Holder person,
        @Nullable Holder agency,
        List<Set<Action>> narrowings,
        @Nullable String project,
        boolean direct,
        Instant end) {
      this.kind = kind;
      this.name = name;
      this.parent = parent;
      this.person = person;
      this.agency = agency;
      this.narrowings = narrowings;
      this.project = project;
      this.direct = direct;
      this.end = end;
    }

    String account() {
      return agency == null ? person.account : agency.account;
    }

    boolean lives(Instant now) {
      boolean plays =
          agency == null
              || (agency.there
                  && agency.trusted.equals(person.account)
                  && now.isBefore(agency.closes));
      return !ended
          && !off
          && person.there
          && plays
          && now.isBefore(end)
          && (parent == null || parent.lives(now));
    }

    int chain() {
      return parent == null ? 1 : 1 + parent.chain();
    }

    boolean may(Action action, String place) {
      boolean ofAccount = place.isEmpty();
      boolean reaches = ofAccount || (kind == Kind.TOKEN ? place.equals(project) : isFor(place));
      Holder holder = agency == null ? person : agency;
      boolean lasting = !LASTING.contains(action) || direct;
      return reaches
          && lasting
          && narrowings.stream().allMatch(narrowing -> narrowing.contains(action))
          && (holder.administrator
              || ALLOWING.entrySet().stream()
                  .filter(policy -> policy.getValue().contains(action))
                  .anyMatch(policy ->
                      ofAccount
                          ? holder.held.contains(NOWHERE + " " + policy.getKey())
                          : holder.held.contains(place + " " + policy.getKey())
                              || holder.held.contains(EVERYWHERE + " " + policy.getKey())));
    }

    private boolean isFor(String place) {
      return project == null || place.equals(project);
    }
  }
}
