"""Keys, their states, rotation, tags, aliases and grants."""

import re
import time

from huaweicloudsdkkms.v2 import model as m

from checks import same

NO_SUCH_KEY = "00000000-0000-4000-8000-000000000000"


def about(key):
    return m.OperateKeyRequestBody(key_id=key)


def life(c):
    key = c.key(key_description="orders 钥匙")
    details = c.details(key)
    same(details.key_id, key)
    same(details.key_description, "orders 钥匙")
    same(details.key_state, "2")
    same(details.key_spec, "AES_256")
    same(details.key_usage, "ENCRYPT_DECRYPT")
    same(details.origin, "kms")
    same(details.realm, c.region)
    same(details.default_key_flag, "0")
    same(details.keystore_id, "0")
    assert re.fullmatch("[0-9]{13}", details.creation_date), details.creation_date
    same(c.call("disable_key", m.DisableKeyRequest(body=about(key))).key_info.key_state, "3")
    same(c.call("enable_key", m.EnableKeyRequest(body=about(key))).key_info.key_state, "2")
    body = m.ScheduleKeyDeletionRequestBody(key_id=key, pending_days="7")
    same(c.call("delete_key", m.DeleteKeyRequest(body=body)).key_state, "4")
    assert int(c.details(key).scheduled_deletion_date) > time.time() * 1000
    same(c.call("cancel_key_deletion", m.CancelKeyDeletionRequest(body=about(key))).key_state, "3")


def names(c):
    key = c.key()
    name = c.name()
    body = m.UpdateKeyAliasRequestBody(key_id=key, key_alias=name)
    same(c.call("update_key_alias", m.UpdateKeyAliasRequest(body=body)).key_info.key_alias, name)
    body = m.UpdateKeyDescriptionRequestBody(key_id=key, key_description="second")
    answer = c.call("update_key_description", m.UpdateKeyDescriptionRequest(body=body))
    same(answer.key_info.key_description, "second")


def listing(c):
    made = {c.key(), c.key()}
    found, marker = [], ""
    while True:
        body = m.ListKeysRequestBody(limit="2", marker=marker)
        page = c.call("list_keys", m.ListKeysRequest(body=body))
        same([one.key_id for one in page.key_details], page.keys)
        found += page.keys
        marker = page.next_marker
        if page.truncated == "false":
            break
        assert marker
    same(marker, "")
    same(page.total, len(found))
    assert made <= set(found) and len(set(found)) == len(found)
    # cloud-custodian sends no body at all.
    assert c.call("list_keys", m.ListKeysRequest()).total == len(found)


def quotas(c):
    used = c.call("show_user_instances", m.ShowUserInstancesRequest()).instance_num
    resources = c.call("show_user_quotas", m.ShowUserQuotasRequest()).quotas.resources
    same([one.type for one in resources], ["CMK", "grant_per_CMK"])
    same(resources[0].used, used)


def rotation(c):
    key = c.key()

    def status():
        return c.call("show_key_rotation_status", m.ShowKeyRotationStatusRequest(body=about(key)))

    same(status().key_rotation_enabled, False)
    same(status().rotation_interval, 0)
    c.call("enable_key_rotation", m.EnableKeyRotationRequest(body=about(key)))
    same(status().key_rotation_enabled, True)
    same(status().rotation_interval, 365)
    body = m.UpdateKeyRotationIntervalRequestBody(key_id=key, rotation_interval=30)
    c.call("update_key_rotation_interval", m.UpdateKeyRotationIntervalRequest(body=body))
    same(status().rotation_interval, 30)
    c.call("disable_key_rotation", m.DisableKeyRotationRequest(body=about(key)))
    same(status().key_rotation_enabled, False)


def versions(c):
    same([one.id for one in c.call("show_versions", m.ShowVersionsRequest()).versions], ["v1.0"])
    same(c.call("show_version", m.ShowVersionRequest(version_id="v1.0")).version["status"], "CURRENT")


def tags(c):
    key, label = c.key(), c.name()
    body = m.CreateKmsTagRequestBody(tag=m.TagItem(key="a b'(x)*~!钥", value="一"))
    c.call("create_kms_tag", m.CreateKmsTagRequest(key_id=key, body=body))
    body = m.BatchCreateKmsTagsRequestBody(action="create", tags=[m.TagItem(key=label, value="x")])
    c.call("batch_create_kms_tags", m.BatchCreateKmsTagsRequest(key_id=key, body=body))
    shown = c.call("show_kms_tags", m.ShowKmsTagsRequest(key_id=key))
    same(shown.exist_tags_num, 2)
    c.call("delete_tag", m.DeleteTagRequest(key_id=key, key="a b'(x)*~!钥"))
    shown = c.call("show_kms_tags", m.ShowKmsTagsRequest(key_id=key))
    same([(one.key, one.value) for one in shown.tags], [(label, "x")])
    wanted = [m.Tag(key=label, values=["x"])]
    body = m.ListKmsByTagsRequestBody(action="filter", limit="100", offset="0", tags=wanted)
    request = m.ListKmsByTagsRequest(resource_instances="resource_instances", body=body)
    answer = c.call("list_kms_by_tags", request)
    same(answer.total_count, 1)
    same(answer.resources[0].resource_id, key)
    same(answer.resources[0].resource_detail.key_id, key)
    project = c.call("list_kms_tags", m.ListKmsTagsRequest()).tags
    same([one.values for one in project if one.key == label], [["x"]])


def aliases(c):
    first, second, alias = c.key(), c.key(), "alias/" + c.name()
    body = m.CreateAliasRequestBody(key_id=first, alias=alias)
    made = c.call("create_alias", m.CreateAliasRequest(body=body))
    same(made.alias, alias)
    assert made.alias_urn.startswith("kms:" + c.region + ":"), made.alias_urn
    page = c.call("list_aliases", m.ListAliasesRequest(key_id=first)).body[0]
    same([one.alias for one in page.aliases], [alias])
    same(page.page_info.next_marker, "")
    body = m.AssociateAliasRequestBody(alias=alias, target_key_id=second)
    same(c.call("associate_alias", m.AssociateAliasRequest(body=body)).key_id, second)
    same(c.details(alias).key_id, second)
    body = m.DeleteAliasRequestBody(key_id=second, aliases=[alias])
    c.call("delete_alias", m.DeleteAliasRequest(body=body))
    page = c.call("list_aliases", m.ListAliasesRequest(key_id=second)).body[0]
    same(page.aliases, [])


def grants(c):
    key = c.key()
    who = "0123456789abcdef0123456789abcdef"

    def grant():
        body = m.CreateGrantRequestBody(
            key_id=key, grantee_principal=who, name="orders", operations=["describe-key", "encrypt-data"]
        )
        return c.call("create_grant", m.CreateGrantRequest(body=body)).grant_id

    def listed():
        body = m.ListGrantsRequestBody(key_id=key)
        return c.call("list_grants", m.ListGrantsRequest(body=body)).grants

    first, second = grant(), grant()
    assert re.fullmatch("[0-9a-f]{64}", first), first
    one = [found for found in listed() if found.grant_id == first][0]
    same(one.grantee_principal, who)
    same(one.grantee_principal_type, "user")
    same(sorted(one.operations), ["describe-key", "encrypt-data"])
    retirable = c.call(
        "list_retirable_grants",
        m.ListRetirableGrantsRequest(body=m.ListRetirableGrantsRequestBody(limit="100")),
    )
    assert {first, second} <= {found.grant_id for found in retirable.grants}
    body = m.RevokeGrantRequestBody(key_id=key, grant_id=first)
    c.call("cancel_grant", m.CancelGrantRequest(body=body))
    body = m.RevokeGrantRequestBody(key_id=key, grant_id=second)
    c.call("cancel_self_grant", m.CancelSelfGrantRequest(body=body))
    same(listed(), [])


def regions(c):
    listed = c.call("list_support_regions", m.ListSupportRegionsRequest(limit=50, offset=0)).regions
    same(listed[0], c.region)
    assert c.replica_region in listed, listed
    same(c.call("list_support_regions", m.ListSupportRegionsRequest(offset=len(listed))).regions, [])
    key = c.key()
    body = m.ReplicateKeyRequestBody(
        key_id=key,
        replica_region=c.replica_region,
        replica_project_id=c.replica_project,
        key_alias=c.name(),
        tags=[m.TagItem(key="env", value="prod")],
    )
    replica = c.call("replicate_key", m.ReplicateKeyRequest(key_id=key, body=body))
    assert replica.key_id != key
    same(replica.region, c.replica_region)
    body = m.UpdatePrimaryRegionRequestBody(key_id=key, primary_region=c.replica_region)
    request = m.UpdatePrimaryRegionRequest(key_id=key, body=body)
    swapped = c.call("update_primary_region", request)
    same((swapped.key_id, swapped.primary_region), (key, c.replica_region))


def refusals(c):
    request = m.ListKeyDetailRequest(body=about(NO_SUCH_KEY))
    refusal = c.refused("list_key_detail", request)
    same((refusal.status_code, refusal.error_code), (404, "KMS.0207"))
    refusal = c.refused("list_key_detail", m.ListKeyDetailRequest(body=about("no-id")))
    same((refusal.status_code, refusal.error_code), (400, "KMS.0205"))


ALL = [life, names, listing, quotas, rotation, versions, tags, aliases, grants, regions, refusals]
