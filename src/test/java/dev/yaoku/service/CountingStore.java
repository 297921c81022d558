package dev.yaoku.service;

import dev.yaoku.store.Reading;
import dev.yaoku.store.RightsReading;
import dev.yaoku.store.RightsWriting;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A real store that takes down what is asked of it: each transaction that reads, and each question
 * and change.
 */
class CountingStore extends PassingStore {
  private final List<String> asked = new ArrayList<>();

  CountingStore(Store store) {
    super(store);
  }

  /** What was asked since the last time, in order of the alphabet. */
  List<String> asked() {
    List<String> since = asked.stream().sorted().toList();
    asked.clear();
    return since;
  }

  @Override
  public <T> T read(Function<? super Reading, T> work) {
    asked.add("transaction");
    return super.read(reading -> work.apply(listening(Reading.class, reading)));
  }

  private <T> T listening(Class<T> type, T real) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              try {
                Object result = method.invoke(real, arguments);
                if (result instanceof RightsWriting rights) {
                  return listening(RightsWriting.class, rights);
                }
                if (result instanceof RightsReading rights) {
                  return listening(RightsReading.class, rights);
                }
                asked.add(method.getName());
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  @Override
  public <T> T write(Function<? super Writing, T> work) {
    return super.write(writing -> work.apply(listening(Writing.class, writing)));
  }
}
