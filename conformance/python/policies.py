"""Opening policies, access points, data-key capsules and pins."""

import base64
import json
import time
import uuid

from huaweicloudsdkkms.v2 import model as m

from checks import b64, same
from data import openssl


def pins(c):
    assert c.call("create_pin", m.CreatePinRequest(body=m.CreatePinRequestBody(keystore_id="0"))).pin


def access_points(c):
    space = str(uuid.uuid4())
    point = custom_point(c, space)
    listed = c.call("list_access_point", m.ListAccessPointRequest(keyspace_id=space))
    same([one.access_point_id for one in listed.access_points], [point])
    same((listed.access_points[0].state, listed.access_points[0].type), (1, 3))
    same(listed.page_info.current_count, 1)
    c.call("disable_access_point", m.DisableAccessPointRequest(access_point_id=point))
    listed = c.call("list_access_point", m.ListAccessPointRequest(keyspace_id=space))
    same(listed.access_points[0].state, 0)
    c.call("enable_access_point", m.EnableAccessPointRequest(access_point_id=point))
    c.call("delete_access_point", m.DeleteAccessPointRequest(access_point_id=point))
    listed = c.call("list_access_point", m.ListAccessPointRequest(keyspace_id=space))
    same(listed.access_points, [])


def custom_point(c, space):
    body = m.CreateAccessPointRequestBody(keyspace_id=space, access_point_name=c.name(), type=3)
    return c.call("create_access_point", m.CreateAccessPointRequest(body=body)).access_point_id


def policies(c):
    space = str(uuid.uuid4())
    text = json.dumps({"version": "1.0", "allowed_access_point": [str(uuid.uuid4())]})
    body = m.CreateKeyPolicyRequestBody(keyspace_id=space, policy_name=c.name(), policy=text)
    policy = c.call("create_key_policy", m.CreateKeyPolicyRequest(body=body)).policy_id
    shown = c.call("show_key_policy", m.ShowKeyPolicyRequest(policy_id=policy))
    same(shown.policy.allowed_access_point, json.loads(text)["allowed_access_point"])
    body = m.UpdateKeyPolicyRequestBody(policy='{"allowed_access_point":[]}', description="closed")
    changed = c.call("update_key_policy", m.UpdateKeyPolicyRequest(policy_id=policy, body=body))
    same(changed.policy.allowed_access_point, [])
    same(changed.description, "closed")
    listed = c.call("list_key_policy", m.ListKeyPolicyRequest(keyspace_id=space))
    same([one.policy_id for one in listed.keyspace_policies], [policy])
    c.call("delete_key_policy", m.DeleteKeyPolicyRequest(policy_id=policy))
    refusal = c.refused("show_key_policy", m.ShowKeyPolicyRequest(policy_id=policy))
    same((refusal.status_code, refusal.error_code), (404, "KMS.0207"))


def capsules(c):
    key, point = c.key(), custom_point(c, str(uuid.uuid4()))
    body = m.CreateDatakeyCapsuleRequestBody(
        key_id=key, datakey_length="256", key_policy=json.dumps({"allowed_access_point": [point]})
    )
    made = c.call("create_datakey_capsule", m.CreateDatakeyCapsuleRequest(body=body))
    same(len(base64.b64decode(made.datakey)), 32)
    request = m.DownloadAccessPointPrivateKeyRequest(access_point_id=point)
    private = base64.b64decode(c.call("download_access_point_private_key", request).private_key)
    expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 600))
    signed = (made.datakey_capsule + "\n" + expires).encode()
    files = {"k": private}
    document = m.DecryptDatakeyCapsuleRequestBodyAttestationDocument(
        custom_signature=b64(
            openssl("dgst", "-sha256", "-keyform", "DER", "-sign", "{k}", data=signed, files=files)
        ),
        custom_public_key=b64(
            openssl("pkey", "-inform", "DER", "-in", "{k}", "-pubout", "-outform", "DER", files=files)
        ),
        expire_time=expires,
    )
    body = m.DecryptDatakeyCapsuleRequestBody(
        key_id=key, datakey_capsule=made.datakey_capsule, attestation_document=document
    )
    opened = c.call("decrypt_datakey_capsule", m.DecryptDatakeyCapsuleRequest(body=body))
    same(opened.instance_id, point)
    same(opened.datakey, made.datakey)


ALL = [pins, access_points, policies, capsules]

NEEDS = {
    pins: "create_pin",
    access_points: "create_access_point",
    policies: "create_key_policy",
    capsules: "create_datakey_capsule",
}
