package dev.yaoku.service;

import static dev.yaoku.service.DescentModel.EVERYWHERE;
import static dev.yaoku.service.DescentModel.NOWHERE;
import static dev.yaoku.service.DescentWorld.NAMES;
import static dev.yaoku.service.DescentWorld.succeeds;
import static dev.yaoku.service.Household.ACCOUNT;
import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static dev.yaoku.service.Household.OTHER_ACCOUNT;
import static dev.yaoku.service.Household.OTHER_PROJECT;
import static dev.yaoku.service.Household.PROJECT;
import static dev.yaoku.service.Household.SECOND_PROJECT;

import dev.yaoku.access.Caller;
import dev.yaoku.service.DescentModel.Credential;
import dev.yaoku.service.DescentModel.Holder;
import dev.yaoku.service.DescentModel.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Steps of {@link DescentTest}: administrators change users, access keys, policies and agencies.
 */
final class DescentChanges {
  private final DescentWorld world;
  private final Household house;
  private final Random random;
  private final List<Credential> credentials;
  private int named;

  DescentChanges(DescentWorld world) {
    this.world = world;
    this.house = world.house;
    this.random = world.random;
    this.credentials = world.credentials;
  }

  void makeAccessKey() {
    Holder person = world.anybody();
    List<AccessKeys.New> made = new ArrayList<>();
    if (succeeds(
        () ->
            made.add(
                house
                    .services
                    .accessKeys()
                    .create(world.administratorOf(person.account), person.id, "")))) {
      AccessKeys.New key = made.getFirst();
      credentials.add(
          new Credential(
              Kind.ACCESS_KEY,
              world.keptSecret(key.key().id(), key.secret()),
              null,
              person,
              null,
              List.of(),
              null,
              true,
              Instant.MAX));
    }
  }

  void changeAccessKey() {
    List<Credential> keys =
        credentials.stream().filter(c -> c.kind == Kind.ACCESS_KEY && !c.ended).toList();
    if (keys.isEmpty()) {
      return;
    }
    Credential key = world.any(keys);
    Caller administrator = world.administratorOf(key.person.account);
    if (random.nextBoolean()) {
      house.services.accessKeys().delete(administrator, key.name);
      key.ended = true;
    } else {
      key.off = !key.off;
      house.services.accessKeys().update(administrator, key.name, !key.off, null);
    }
    world.endSessions(key.person);
  }

  void enable() {
    Holder bob = world.person(BOB);
    bob.there = !bob.there;
    house
        .services
        .users()
        .update(house.caller(ALICE), BOB, new Users.Change(null, null, bob.there, null, null));
    if (!bob.there) {
      world.endSessions(bob);
    }
  }

  void password() {
    try (var text = Household.text("Correct-Horse-" + random.nextInt(1_000))) {
      house.services.users().setPassword(house.caller(ALICE), BOB, text);
      world.endSessions(world.person(BOB));
    }
  }

  private static Attachments.Holder holder(Holder holder) {
    return holder.name.isEmpty()
        ? new Attachments.Holder.User(holder.id)
        : new Attachments.Holder.Agency(holder.id);
  }

  private Holder anyHolder() {
    List<Holder> there = world.agencies.stream().filter(a -> a.there).toList();
    return there.isEmpty() || random.nextBoolean() ? world.person(BOB) : world.any(there);
  }

  void give() {
    Holder to = anyHolder();
    String place = world.any(List.of(NOWHERE, EVERYWHERE, projectOf(to)));
    String policy = world.any(NAMES);
    house
        .services
        .attachments()
        .attach(
            world.administratorOf(to.account), holder(to), place, world.idOf(to.account, policy));
    to.held.add(place + " " + policy);
  }

  private String projectOf(Holder holder) {
    return holder.account.equals(ACCOUNT)
        ? world.any(List.of(PROJECT, SECOND_PROJECT))
        : OTHER_PROJECT;
  }

  void take() {
    Holder from = anyHolder();
    if (from.held.isEmpty()) {
      return;
    }
    String one = world.any(from.held.stream().sorted().toList());
    String[] parts = one.split(" ", 2);
    house
        .services
        .attachments()
        .detach(
            world.administratorOf(from.account),
            holder(from),
            parts[0],
            world.idOf(from.account, parts[1]));
    from.held.remove(one);
    if (from.name.isEmpty()) {
      world.endSessions(from);
    } else {
      world.endRoles(from);
    }
  }

  void makeAgency() {
    if (world.agencies.stream().filter(a -> a.there).count() >= 6) {
      return;
    }
    String account = random.nextInt(3) == 0 ? ACCOUNT : OTHER_ACCOUNT;
    String trusted = random.nextInt(4) == 0 ? OTHER_ACCOUNT : ACCOUNT;
    String name = "agency" + named++;
    Duration life = random.nextBoolean() ? Duration.ZERO : Duration.ofDays(1);
    Agencies.Shown made =
        house
            .services
            .agencies()
            .create(
                world.administratorOf(account),
                name,
                "",
                new Agencies.Trusted(trusted, null),
                life);
    Holder agency = new Holder(made.id(), account, false);
    agency.name = name;
    agency.trusted = trusted;
    agency.made = made.createdAt();
    agency.closes = life.isZero() ? Instant.MAX : made.createdAt().plus(life);
    world.agencies.add(agency);
  }

  void changeAgency() {
    List<Holder> there = world.agencies.stream().filter(a -> a.there).toList();
    if (there.isEmpty()) {
      return;
    }
    Holder agency = world.any(there);
    Caller administrator = world.administratorOf(agency.account);
    Agencies services = house.services.agencies();
    switch (random.nextInt(3)) {
      case 0 -> {
        services.delete(administrator, agency.id);
        agency.there = false;
        world.endRoles(agency);
      }
      case 1 -> {
        agency.trusted = agency.trusted.equals(ACCOUNT) ? OTHER_ACCOUNT : ACCOUNT;
        services.update(
            administrator, agency.id, null, new Agencies.Trusted(agency.trusted, null), null);
        world.endRoles(agency);
      }
      default -> {
        Duration life =
            random.nextBoolean() ? Duration.ZERO : Duration.ofHours(1 + random.nextInt(100));
        services.update(administrator, agency.id, null, null, life);
        agency.closes = life.isZero() ? Instant.MAX : agency.made.plus(life);
      }
    }
  }
}
