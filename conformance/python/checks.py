"""Named checks, one line each, and the operations that the SDK called with success in them."""

import base64
import os
import sys
import traceback
import uuid

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ServiceResponseException
from huaweicloudsdkcore.http.http_config import HttpConfig
from huaweicloudsdkkms.v2 import KmsClient
from huaweicloudsdkkms.v2 import model as m


class Checks:
    """Runs checks against the server that the environment names."""

    def __init__(self):
        self.called = set()
        self.run = uuid.uuid4().hex[:10]
        self.passed = []
        self.failed = []
        self.project = os.environ["KMS_PROJECT_ID"]
        self.region = os.environ["KMS_REGION"]
        self.replica_region = os.environ["KMS_REPLICA_REGION"]
        self.replica_project = os.environ["KMS_REPLICA_PROJECT_ID"]
        credentials = BasicCredentials(os.environ["KMS_AK"], os.environ["KMS_SK"], self.project)
        config = HttpConfig.get_default_config()
        config.timeout = (5, 60)
        self.client = (
            KmsClient.new_builder()
            .with_http_config(config)
            .with_credentials(credentials)
            .with_endpoint(os.environ["KMS_ENDPOINT"])
            .build()
        )
        self._names = 0

    @staticmethod
    def operations():
        """Every operation that this SDK offers."""
        return sorted(
            name
            for name in vars(KmsClient)
            if not name.startswith("_")
            and not name.endswith("_invoker")
            and name + "_invoker" in vars(KmsClient)
        )

    def call(self, operation, request):
        """Calls an operation, which must succeed."""
        answer = getattr(self.client, operation)(request)
        self.called.add(operation)
        return answer

    def refused(self, operation, request):
        """The refusal of a call."""
        try:
            getattr(self.client, operation)(request)
        except ServiceResponseException as refusal:
            assert refusal.request_id, "a refusal without X-Request-Id"
            return refusal
        raise AssertionError(operation + " was not refused")

    def check(self, name, body):
        """Runs one check and prints what came of it."""
        try:
            body(self)
        except ServiceResponseException as refusal:
            self._fail(name, "%s %s %s" % (refusal.status_code, refusal.error_code, refusal.error_msg))
        except Exception as wrong:  # whatever a check meets is its result
            where = traceback.extract_tb(wrong.__traceback__)[-1]
            self._fail(name, "line %d: %s %s" % (where.lineno, type(wrong).__name__, wrong))
        else:
            self.passed.append(name)
            print("PASS " + name)

    def _fail(self, name, why):
        self.failed.append(name)
        print("FAIL %s: %s" % (name, " ".join(str(why).split())))

    def finish(self, not_offered):
        """Prints the total; the exit code is 0 if everything passed and every operation was called."""
        missing = sorted(set(self.operations()) - self.called - set(not_offered))
        for operation in missing:
            self._fail("operation " + operation, "was not called with success")
        print(
            "TOTAL %d pass %d fail %d, %d of %d operations of the Python SDK"
            % (
                len(self.passed) + len(self.failed),
                len(self.passed),
                len(self.failed),
                len(self.called),
                len(self.operations()),
            )
        )
        sys.exit(1 if self.failed else 0)

    def name(self):
        """A new name for a key or alias."""
        self._names += 1
        return "py-%s-%d" % (self.run, self._names)

    def key(self, **members):
        """Makes a key and returns its id."""
        body = m.CreateKeyRequestBody(key_alias=self.name(), **members)
        return self.call("create_key", m.CreateKeyRequest(body=body)).key_info.key_id

    def details(self, key):
        """What describe-key says."""
        request = m.ListKeyDetailRequest(body=m.OperateKeyRequestBody(key_id=key))
        return self.call("list_key_detail", request).key_info


def same(found, expected):
    """Fails unless both have one type and one value."""
    assert type(found) is type(expected) and found == expected, "%r, not %r" % (found, expected)


def b64(data):
    """Base64 text of bytes."""
    return base64.b64encode(data).decode("ascii")
