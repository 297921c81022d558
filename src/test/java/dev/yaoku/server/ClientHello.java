package dev.yaoku.server;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

/**
 * The first message of TLS 1.3 from a client that knows several groups for the exchange of keys and
 * has made a key for X25519 alone (RFC 8446, sections 4.1 and 4.2).
 */
final class ClientHello {
  static final int X25519 = 0x001d;
  static final int X25519_MLKEM768 = 0x11ec;

  private static final int KEY_SHARE = 0x0033;
  private static final int RANDOM_BYTES = 32;

  private ClientHello() {}

  /** The group that a server chooses of these, which are in the order that the client prefers. */
  static int chosen(int port, int... groups) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeShort(0x1603);
      out.writeByte(1);
      out.write(sized(2, message(groups)));
      out.flush();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      int kind = in.readUnsignedByte();
      if (kind != 22) {
        throw new IOException("an answer of kind " + kind);
      }
      in.skipNBytes(2);
      return groupIn(ByteBuffer.wrap(in.readNBytes(in.readUnsignedShort())));
    }
  }

  private static byte[] message(int... groups) throws IOException {
    byte[] key = new byte[32];
    key[0] = 9;
    byte[] extensions =
        joined(
            extension(0x002b, sized(1, shorts(0x0304))),
            extension(0x000a, sized(2, shorts(groups))),
            extension(0x000d, sized(2, shorts(0x0403, 0x0503, 0x0804, 0x0805))),
            extension(KEY_SHARE, sized(2, joined(shorts(X25519), sized(2, key)))));
    byte[] hello =
        joined(
            shorts(0x0303),
            new byte[RANDOM_BYTES],
            sized(1, new byte[32]),
            sized(2, shorts(0x1301, 0x1302, 0x1303)),
            sized(1, new byte[1]),
            sized(2, extensions));
    return joined(new byte[] {1}, sized(3, hello));
  }

  private static byte[] extension(int type, byte[] content) throws IOException {
    return joined(shorts(type), sized(2, content));
  }

  private static byte[] shorts(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * values.length);
    for (int value : values) {
      bytes.putShort((short) value);
    }
    return bytes.array();
  }

  /** The content behind its length, which takes so many bytes. */
  private static byte[] sized(int bytes, byte[] content) throws IOException {
    byte[] length = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      length[i] = (byte) (content.length >> (8 * (bytes - 1 - i)));
    }
    return joined(length, content);
  }

  private static byte[] joined(byte[]... parts) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.write(part);
    }
    return all.toByteArray();
  }

  /** The group that a server's first message names, even where it asks for another key. */
  private static int groupIn(ByteBuffer message) throws IOException {
    message.position(4 + 2 + RANDOM_BYTES);
    skip(message, message.get() & 0xff);
    skip(message, 3 + 2);
    while (message.hasRemaining()) {
      int type = message.getShort() & 0xffff;
      int length = message.getShort() & 0xffff;
      if (type == KEY_SHARE) {
        return message.getShort() & 0xffff;
      }
      skip(message, length);
    }
    throw new IOException("no group in the answer");
  }

  private static void skip(ByteBuffer bytes, int count) {
    bytes.position(bytes.position() + count);
  }
}
