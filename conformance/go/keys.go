package main

import (
	m "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/kms/v2/model"
)

const noSuchKey = "00000000-0000-4000-8000-000000000000"

func life(c *checks) {
	key := c.key("'key_description':'orders 钥匙'")
	details := c.details(key)
	same(*details.KeyDescription, "orders 钥匙")
	same(*details.KeyState, "2")
	same(details.KeySpec.Value(), "AES_256")
	same(details.KeyUsage.Value(), "ENCRYPT_DECRYPT")
	same(details.Origin.Value(), "kms")
	same(*details.Realm, c.region)
	same(*details.KeystoreId, "0")
	disabled := call(c, "DisableKey", c.kms.DisableKey, &m.DisableKeyRequest{Body: about(key)})
	same(*disabled.KeyInfo.KeyState, "3")
	enabled := call(c, "EnableKey", c.kms.EnableKey, &m.EnableKeyRequest{Body: about(key)})
	same(*enabled.KeyInfo.KeyState, "2")
	body := of[m.ScheduleKeyDeletionRequestBody]("{'key_id':'%s','pending_days':'7'}", key)
	same(*call(c, "DeleteKey", c.kms.DeleteKey, &m.DeleteKeyRequest{Body: body}).KeyState, "4")
	request := &m.CancelKeyDeletionRequest{Body: about(key)}
	same(*call(c, "CancelKeyDeletion", c.kms.CancelKeyDeletion, request).KeyState, "3")
}

func names(c *checks) {
	key, name := c.key(""), c.name()
	body := of[m.UpdateKeyAliasRequestBody]("{'key_id':'%s','key_alias':'%s'}", key, name)
	named := call(c, "UpdateKeyAlias", c.kms.UpdateKeyAlias, &m.UpdateKeyAliasRequest{Body: body})
	same(*named.KeyInfo.KeyAlias, name)
	described := call(c, "UpdateKeyDescription", c.kms.UpdateKeyDescription,
		&m.UpdateKeyDescriptionRequest{Body: of[m.UpdateKeyDescriptionRequestBody](
			"{'key_id':'%s','key_description':'second'}", key)})
	same(*described.KeyInfo.KeyDescription, "second")
}

func listing(c *checks) {
	made, found, marker := c.key(""), map[string]bool{}, ""
	for {
		body := of[m.ListKeysRequestBody]("{'limit':'3','marker':'%s'}", marker)
		page := call(c, "ListKeys", c.kms.ListKeys, &m.ListKeysRequest{Body: body})
		same(len(*page.Keys), len(*page.KeyDetails))
		for _, key := range *page.Keys {
			found[key] = true
		}
		marker = *page.NextMarker
		if page.Truncated.Value() == "false" {
			same(int(*page.Total), len(found))
			break
		}
	}
	same(marker, "")
	same(found[made], true)
}

func quotas(c *checks) {
	used := *call(c, "ShowUserInstances", c.kms.ShowUserInstances,
		&m.ShowUserInstancesRequest{}).InstanceNum
	quotas := call(c, "ShowUserQuotas", c.kms.ShowUserQuotas, &m.ShowUserQuotasRequest{})
	same(*(*quotas.Quotas.Resources)[0].Used, used)
}

func rotation(c *checks) {
	key := c.key("")
	is := func(enabled bool, interval int32) {
		status := call(c, "ShowKeyRotationStatus", c.kms.ShowKeyRotationStatus,
			&m.ShowKeyRotationStatusRequest{Body: about(key)})
		same(*status.KeyRotationEnabled, enabled)
		same(*status.RotationInterval, interval)
	}
	is(false, 0)
	call(c, "EnableKeyRotation", c.kms.EnableKeyRotation,
		&m.EnableKeyRotationRequest{Body: about(key)})
	is(true, 365)
	call(c, "UpdateKeyRotationInterval", c.kms.UpdateKeyRotationInterval,
		&m.UpdateKeyRotationIntervalRequest{Body: of[m.UpdateKeyRotationIntervalRequestBody](
			"{'key_id':'%s','rotation_interval':30}", key)})
	is(true, 30)
	call(c, "DisableKeyRotation", c.kms.DisableKeyRotation,
		&m.DisableKeyRotationRequest{Body: about(key)})
	is(false, 0)
}

func versions(c *checks) {
	all := call(c, "ShowVersions", c.kms.ShowVersions, &m.ShowVersionsRequest{})
	same(*(*all.Versions)[0].Id, "v1.0")
	one := call(c, "ShowVersion", c.kms.ShowVersion, &m.ShowVersionRequest{VersionId: "v1.0"})
	same((*one.Version).(map[string]interface{})["status"].(string), "CURRENT")
}

func tags(c *checks) {
	key, label := c.key(""), c.name()
	call(c, "CreateKmsTag", c.kms.CreateKmsTag, &m.CreateKmsTagRequest{KeyId: key,
		Body: of[m.CreateKmsTagRequestBody]("{'tag':{'key':'env','value':'一'}}")})
	call(c, "BatchCreateKmsTags", c.kms.BatchCreateKmsTags,
		&m.BatchCreateKmsTagsRequest{KeyId: key, Body: of[m.BatchCreateKmsTagsRequestBody](
			"{'action':'create','tags':[{'key':'%s','value':'x'}]}", label)})
	shown := call(c, "ShowKmsTags", c.kms.ShowKmsTags, &m.ShowKmsTagsRequest{KeyId: key})
	same(*shown.ExistTagsNum, int32(2))
	call(c, "DeleteTag", c.kms.DeleteTag, &m.DeleteTagRequest{KeyId: key, Key: "env"})
	found := call(c, "ListKmsByTags", c.kms.ListKmsByTags,
		&m.ListKmsByTagsRequest{ResourceInstances: "resource_instances",
			Body: of[m.ListKmsByTagsRequestBody](
				"{'action':'filter','limit':'100','offset':'0','tags':[{'key':'%s','values':['x']}]}",
				label)})
	same(*found.TotalCount, int32(1))
	same(*(*found.Resources)[0].ResourceDetail.KeyId, key)
	project := call(c, "ListKmsTags", c.kms.ListKmsTags, &m.ListKmsTagsRequest{})
	seen := 0
	for _, tag := range *project.Tags {
		if *tag.Key == label {
			seen += len(*tag.Values)
		}
	}
	same(seen, 1)
}

func aliases(c *checks) {
	first, second, alias := c.key(""), c.key(""), "alias/"+c.name()
	made := call(c, "CreateAlias", c.kms.CreateAlias, &m.CreateAliasRequest{
		Body: of[m.CreateAliasRequestBody]("{'key_id':'%s','alias':'%s'}", first, alias)})
	same(*made.Alias, alias)
	list := func(key string) []m.AliasEntity {
		answer := call(c, "ListAliases", c.kms.ListAliases, &m.ListAliasesRequest{KeyId: &key})
		return (*answer.Body)[0].Aliases
	}
	same(list(first)[0].Alias, alias)
	moved := call(c, "AssociateAlias", c.kms.AssociateAlias, &m.AssociateAliasRequest{
		Body: of[m.AssociateAliasRequestBody]("{'alias':'%s','target_key_id':'%s'}", alias, second)})
	same(*moved.KeyId, second)
	same(*c.details(alias).KeyId, second)
	call(c, "DeleteAlias", c.kms.DeleteAlias, &m.DeleteAliasRequest{
		Body: of[m.DeleteAliasRequestBody]("{'key_id':'%s','aliases':['%s']}", second, alias)})
	same(len(list(second)), 0)
}

func grants(c *checks) {
	key := c.key("")
	grant := func() string {
		body := of[m.CreateGrantRequestBody]("{'key_id':'%s','name':'orders','operations':"+
			"['describe-key'],'grantee_principal':'0123456789abcdef0123456789abcdef'}", key)
		return *call(c, "CreateGrant", c.kms.CreateGrant, &m.CreateGrantRequest{Body: body}).GrantId
	}
	list := func() []m.Grants {
		body := of[m.ListGrantsRequestBody]("{'key_id':'%s'}", key)
		return *call(c, "ListGrants", c.kms.ListGrants, &m.ListGrantsRequest{Body: body}).Grants
	}
	first, second := grant(), grant()
	same(len(list()), 2)
	same(*list()[0].Name, "orders")
	retirable := call(c, "ListRetirableGrants", c.kms.ListRetirableGrants,
		&m.ListRetirableGrantsRequest{Body: &m.ListRetirableGrantsRequestBody{}})
	same(len(*retirable.Grants) >= 2, true)
	call(c, "CancelGrant", c.kms.CancelGrant, &m.CancelGrantRequest{
		Body: of[m.RevokeGrantRequestBody]("{'key_id':'%s','grant_id':'%s'}", key, first)})
	call(c, "CancelSelfGrant", c.kms.CancelSelfGrant, &m.CancelSelfGrantRequest{
		Body: of[m.RevokeGrantRequestBody]("{'key_id':'%s','grant_id':'%s'}", key, second)})
	same(len(list()), 0)
}

func regions(c *checks) {
	limit, none := int32(50), int32(0)
	list := func(offset *int32) []string {
		return *call(c, "ListSupportRegions", c.kms.ListSupportRegions,
			&m.ListSupportRegionsRequest{Limit: &limit, Offset: offset}).Regions
	}
	listed := list(&none)
	same(listed[0], c.region)
	end := int32(len(listed))
	same(len(list(&end)), 0)
	key := c.key("")
	replica := call(c, "ReplicateKey", c.kms.ReplicateKey, &m.ReplicateKeyRequest{KeyId: key,
		Body: of[m.ReplicateKeyRequestBody]("{'key_id':'%s','replica_region':'%s',"+
			"'replica_project_id':'%s','key_alias':'%s','tags':[{'key':'env','value':'prod'}]}",
			key, c.replicaRegion, c.replicaProject, c.name())})
	same(*replica.Region, c.replicaRegion)
	same(*replica.KeyId != key, true)
	swapped := call(c, "UpdatePrimaryRegion", c.kms.UpdatePrimaryRegion,
		&m.UpdatePrimaryRegionRequest{KeyId: key, Body: of[m.UpdatePrimaryRegionRequestBody](
			"{'key_id':'%s','primary_region':'%s'}", key, c.replicaRegion)})
	same(*swapped.PrimaryRegion, c.replicaRegion)
}

func refusals(c *checks) {
	refused(c.kms.ListKeyDetail, &m.ListKeyDetailRequest{Body: about(noSuchKey)}, 404, "KMS.0207")
	refused(c.kms.ListKeyDetail, &m.ListKeyDetailRequest{Body: about("no-id")}, 400, "KMS.0205")
}
