package dev.yaoku.api.huawei;

import dev.yaoku.api.Route;
import dev.yaoku.service.KeyServices;
import java.util.List;
import java.util.stream.Stream;

/**
 * The routes of the Huawei Cloud KMS API, version 1.0.
 *
 * @see "contract/operations.md"
 */
public final class HuaweiApi {
  private final List<Route> routes;
  private final HuaweiErrors errors;

  /** The API over the operations. */
  public HuaweiApi(KeyServices services, HuaweiOptions options) {
    this.errors = new HuaweiErrors(options);
    Frame frame = new Frame(errors);
    this.routes =
        Stream.of(
                new VersionRoutes(frame).routes(),
                new KeyRoutes(frame, services.creation(), services.lifecycle()).routes(),
                new QueryRoutes(frame, services.queries(), options).routes(),
                new EnterpriseProjectRoutes(frame, services.enterpriseProjects()).routes(),
                new CryptoRoutes(frame, services.encryption(), services.randoms()).routes(),
                new DataKeyRoutes(frame, services.dataKeys()).routes(),
                new SigningRoutes(frame, services.signing()).routes(),
                new MacRoutes(frame, services.macs()).routes(),
                new DataKeyPairRoutes(frame, services.pairs()).routes(),
                new ReEncryptionRoutes(frame, services.reEncryption(), options.importOaepSha1())
                    .routes(),
                new AgreementRoutes(frame, services.agreement()).routes(),
                new GrantRoutes(frame, services.grants()).routes(),
                new AliasRoutes(frame, services.aliases(), options).routes(),
                new TagRoutes(frame, services.tags()).routes(),
                new TagSearchRoutes(frame, services.queries()).routes(),
                new RotationRoutes(frame, services.rotation()).routes(),
                new ImportRoutes(frame, services.imports(), options).routes(),
                new KeystoreRoutes(frame, services.keystores()).routes(),
                new RegionRoutes(frame, services.replication()).routes(),
                new AdministrationRoutes(
                        frame, services.clocks(), services.deletions(), services.creation())
                    .routes(),
                new PinRoutes(frame, services.pins()).routes(),
                new CapsuleRoutes(frame, services.capsules()).routes(),
                new KeyPolicyRoutes(frame, services.keyPolicies()).routes(),
                new AccessPointRoutes(frame, services.accessPoints()).routes())
            .flatMap(List::stream)
            .toList();
  }

  /** All routes. Where two fit a path, a literal segment goes before a variable. */
  public List<Route> routes() {
    return routes;
  }

  /** How refusals are written, also for paths that are no route. */
  public HuaweiErrors errors() {
    return errors;
  }
}
