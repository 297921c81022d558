package dev.yaoku.service;

import static dev.yaoku.service.Household.PROJECT;
import static dev.yaoku.service.Household.REGION;

import dev.yaoku.key.Key;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A household with a key, over a store that tells what it was asked and can get another view. */
abstract class GrantWorld {
  @TempDir Path directory;
  Household house;
  LetIn letIn;
  ViewedStore store;
  HouseholdKeys keys;
  Key key;

  @BeforeEach
  void open() throws IOException {
    house = new Household(directory);
    letIn = new LetIn(house);
    store = new ViewedStore(house.store);
    house.assembleOver(store);
    keys = new HouseholdKeys(house, store);
    key = keys.create(letIn.byAccessKeyIn(PROJECT, REGION));
  }

  @AfterEach
  void close() {
    keys.close();
    house.close();
  }
}
