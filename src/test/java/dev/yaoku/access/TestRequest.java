package dev.yaoku.access;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A request under construction. */
final class TestRequest {
  static final String P = "0123456789abcdef0123456789abcdef";
  static final String AK = "AKEXAMPLE0000000001";
  static final String SK = "SKexample/0000000000000000000000000000001";
  static final String DATE = "20260102T030405Z";
  static final String SIGNED = "host;user-agent;x-project-id;x-sdk-date";

  String method;
  String target;
  List<RequestHead.Header> headers = new ArrayList<>();
  byte[] body = {};
  String source = "192.0.2.1";
  boolean secure = true;

  private TestRequest(String method, String target) {
    this.method = method;
    this.target = target;
  }

  /** A request without headers. */
  static TestRequest bare(String method, String target) {
    return new TestRequest(method, target);
  }

  /** A request with the headers that the published vectors share. */
  static TestRequest of(String method, String target) {
    return bare(method, target)
        .header("Host", "127.0.0.1:8080")
        .header("User-Agent", "huaweicloud-usdk-java/3.0")
        .header("X-Project-Id", P)
        .header("X-Sdk-Date", DATE);
  }

  TestRequest header(String name, String value) {
    headers.add(new RequestHead.Header(name.toLowerCase(Locale.ROOT), value));
    return this;
  }

  TestRequest without(String name) {
    headers.removeIf(h -> h.name().equals(name));
    return this;
  }

  TestRequest body(String text) {
    body = text.getBytes(StandardCharsets.UTF_8);
    return this;
  }

  /** The plain form with the usual signed headers. */
  TestRequest signature(String hex) {
    return authorization("SDK-HMAC-SHA256 Access=" + AK, SIGNED, hex);
  }

  TestRequest authorization(String begin, String signedHeaders, String hex) {
    return header(
        "Authorization", begin + ", SignedHeaders=" + signedHeaders + ", Signature=" + hex);
  }

  RequestHead head() {
    return head(Target.parse(target));
  }

  RequestHead head(Target read) {
    return Heads.plain(method, read, headers, source, secure);
  }
}
