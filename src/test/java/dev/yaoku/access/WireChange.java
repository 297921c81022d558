package dev.yaoku.access;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Ways to change a signed request on its way, each in one place that chance chooses. */
enum WireChange {
  METHOD {
    @Override
    void make(TestRequest request, Random random) {
      request.method = request.method.equals("PUT") ? "POST" : "PUT";
    }
  },
  PATH {
    @Override
    void make(TestRequest request, Random random) {
      int end = request.target.indexOf('?');
      request.target = edited(request.target, 1, end < 0 ? request.target.length() : end, random);
    }
  },
  QUERY {
    @Override
    void make(TestRequest request, Random random) {
      int mark = request.target.indexOf('?');
      request.target =
          mark < 0
              ? request.target + "?x=1"
              : edited(request.target, mark, request.target.length(), random);
    }
  },
  HEADER {
    @Override
    void make(TestRequest request, Random random) {
      List<String> names = signedHeaders(request);
      String name = names.get(random.nextInt(names.size()));
      String value = value(request, name);
      int at = random.nextInt(value.length() + 1);
      request.without(name).header(name, value.substring(0, at) + 'x' + value.substring(at));
    }
  },
  DATE {
    @Override
    void make(TestRequest request, Random random) {
      String date = value(request, "x-sdk-date");
      int second = (Integer.parseInt(date.substring(13, 15)) + 1 + random.nextInt(59)) % 60;
      request
          .without("x-sdk-date")
          .header("x-sdk-date", date.substring(0, 13) + "%02dZ".formatted(second));
    }
  },
  BODY {
    @Override
    void make(TestRequest request, Random random) {
      byte[] body = request.body;
      int kind = body.length == 0 ? 0 : random.nextInt(3);
      request.body = Arrays.copyOf(body, body.length + (kind == 0 ? 1 : kind == 1 ? -1 : 0));
      if (kind == 2) {
        request.body[random.nextInt(body.length)] ^= (byte) (1 << random.nextInt(8));
      }
    }
  },
  SIGNATURE {
    @Override
    void make(TestRequest request, Random random) {
      String how = value(request, "authorization");
      int first = how.indexOf("Signature=") + "Signature=".length();
      int at = first + random.nextInt(how.length() - first);
      char digit = how.charAt(at) == '0' ? '1' : '0';
      authorization(request, how.substring(0, at) + digit + how.substring(at + 1));
    }
  },
  SIGNED_HEADERS {
    @Override
    void make(TestRequest request, Random random) {
      List<String> names = new ArrayList<>(signedHeaders(request));
      String all = String.join(";", names);
      names.remove(random.nextInt(names.size()));
      authorization(request, value(request, "authorization").replace(all, String.join(";", names)));
    }
  },
  ACCESS_KEY {
    @Override
    void make(TestRequest request, Random random) {
      String how = value(request, "authorization");
      String other =
          how.contains(UnsignedRequest.PERMANENT_AK)
              ? how.replace(UnsignedRequest.PERMANENT_AK, UnsignedRequest.TEMPORARY_AK)
              : how.replace(UnsignedRequest.TEMPORARY_AK, UnsignedRequest.PERMANENT_AK);
      authorization(request, other);
    }
  },
  /** Not signed where there was none; then it is none of ours. */
  TOKEN {
    @Override
    void make(TestRequest request, Random random) {
      boolean had = !value(request, "x-security-token").isEmpty();
      request.without("x-security-token");
      if (!had || random.nextBoolean()) {
        request.header("X-Security-Token", UnsignedRequest.TOKEN + random.nextInt(10));
      }
    }
  };

  /** Whether it is seen whatever the target means; another spelling may mean the same. */
  boolean beyondTheTarget() {
    return this != PATH && this != QUERY;
  }

  abstract void make(TestRequest request, Random random);

  /** A copy of the request with one change. */
  TestRequest of(TestRequest request, Random random) {
    TestRequest changed = TestRequest.bare(request.method, request.target);
    changed.headers.addAll(request.headers);
    changed.body = request.body.clone();
    make(changed, random);
    return changed;
  }

  static String value(TestRequest request, String name) {
    return request.headers.stream()
        .filter(header -> header.name().equals(name))
        .map(RequestHead.Header::value)
        .findFirst()
        .orElse("");
  }

  static List<String> signedHeaders(TestRequest request) {
    String how = value(request, "authorization");
    String list = how.split("SignedHeaders=", 2)[1].split(",", 2)[0];
    return List.of(list.split(";", -1));
  }

  private static void authorization(TestRequest request, String value) {
    request.without("authorization").header("Authorization", value);
  }

  /** One character is exchanged, left out or put in. */
  private static String edited(String text, int from, int to, Random random) {
    String letters = "aZ0-._~%/;+&=";
    String put = String.valueOf(letters.charAt(random.nextInt(letters.length())));
    int at = from + random.nextInt(to - from);
    String before = text.substring(0, at);
    return switch (random.nextInt(3)) {
      case 0 -> before + put + text.substring(at);
      case 1 -> before + text.substring(at + 1);
      default -> before + put + text.substring(at + 1);
    };
  }
}
