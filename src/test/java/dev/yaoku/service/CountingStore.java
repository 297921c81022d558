package dev.yaoku.service;

import dev.yaoku.store.Reading;
import dev.yaoku.store.RightsReading;
import dev.yaoku.store.Store;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A real store that takes down what is asked of it: each transaction and each question in it. */
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
                if (method.getReturnType() == RightsReading.class) {
                  return listening(RightsReading.class, (RightsReading) method.invoke(real));
                }
                asked.add(method.getName());
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
