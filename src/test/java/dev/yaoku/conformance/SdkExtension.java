package dev.yaoku.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the one {@link Sdk} of this run, and holds them to what {@link Passes} and {@link
 * Http} say.
 */
final class SdkExtension
    implements ParameterResolver, BeforeTestExecutionCallback, AfterTestExecutionCallback {
  private static final ExtensionContext.Namespace OURS =
      ExtensionContext.Namespace.create(SdkExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Sdk.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return sdk(context);
  }

  @Override
  public void beforeTestExecution(ExtensionContext context) {
    sdk(context).forget();
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    Passes passes = context.getRequiredTestMethod().getAnnotation(Passes.class);
    if (passes != null && context.getExecutionException().isEmpty()) {
      assertThat(sdk(context).succeeded())
          .as("operations that the SDK called with success")
          .contains(passes.value());
    }
    Http http = context.getRequiredTestMethod().getAnnotation(Http.class);
    if (http != null && context.getExecutionException().isEmpty()) {
      assertThat(sdk(context).succeededOverHttp())
          .as("operations that were called over HTTP with success")
          .contains(http.value());
    }
  }

  /** Closed with the store, at the end of the run. */
  private static Sdk sdk(ExtensionContext context) {
    return context.getRoot().getStore(OURS).computeIfAbsent(Sdk.class, _ -> Sdk.start(), Sdk.class);
  }
}
