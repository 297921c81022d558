"""What configures the SDK from outside: the file of credentials that a first start writes."""

import os

from huaweicloudsdkcore.auth.provider import ProfileCredentialProvider
from huaweicloudsdkkms.v2 import KmsClient
from huaweicloudsdkkms.v2 import model as m

from checks import same

FILE = "HUAWEICLOUD_SDK_CREDENTIALS_FILE"


def keys_of(client):
    body = m.ListKeysRequestBody(limit="1")
    return len(client.list_keys(m.ListKeysRequest(body=body)).keys)


def client(c):
    return KmsClient.new_builder().with_endpoint(os.environ["KMS_ENDPOINT"])


def file_of_the_first_start(c):
    """Told nothing but the file, and told to read the file, the SDK calls as its first user."""
    c.key()
    os.environ[FILE] = os.environ["KMS_CREDENTIALS_FILE"]
    try:
        same(keys_of(client(c).build()), 1)
        told = ProfileCredentialProvider.get_basic_credential_profile_provider().get_credentials()
        same(told.project_id, c.project)
        same(keys_of(client(c).with_credentials(told).build()), 1)
    finally:
        del os.environ[FILE]


ALL = [file_of_the_first_start] if "KMS_CREDENTIALS_FILE" in os.environ else []
