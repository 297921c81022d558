package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The data directory is on a disk of this machine, and one server's only (SECURITY_DESIGN M11). */
class DataDirectoryTest {
  @TempDir Path scratch;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nfs",
        "nfs3",
        "nfs4",
        "cifs",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
        "fuse.sshfs",
        "9p",
        "afs"
      })
  void aNetworkFileSystemIsRefusedByItsName(String type) {
    Path there = Path.of("/mnt/yaoku");

    assertThatThrownBy(() -> DataDirectory.refuseNetwork(there, "The data directory", type))
        .isInstanceOf(StartRefused.class)
        .hasMessage(
            "The data directory /mnt/yaoku is on a network file system ("
                + type
                + "), where locks and durable writes cannot be relied on. Choose a local one.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "apfs", "fuseblk"})
  void aDiskOfThisMachineIsTaken(String type) {
    DataDirectory.refuseNetwork(scratch, "The data directory", type);
  }

  @Test
  void aDirectoryOfThisMachineIsTakenByOneServerAtATime() {
    Path data = scratch.resolve("data");
    DataDirectory.refuseNetwork(scratch, "The directory of the store");
    DataDirectory.refuseNetwork(null, "The directory of the store");
    try (DataDirectory taken = DataDirectory.take(data)) {
      assertThat(taken.path()).isEqualTo(data).isDirectory();
      assertThatThrownBy(() -> DataDirectory.take(data))
          .isInstanceOf(StartRefused.class)
          .hasMessageStartingWith("Another Yaoku server uses the data directory " + data);
    }
    DataDirectory.take(data).close();
  }

  @Test
  void aDirectoryThatIsNotThereIsNamed() {
    Path none = scratch.resolve("none");

    assertThatThrownBy(() -> DataDirectory.refuseNetwork(none, "The directory of the store"))
        .isInstanceOf(StartRefused.class)
        .hasMessageStartingWith("The directory of the store " + none + " cannot be used: ");
  }
}
