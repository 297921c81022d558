package main

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"strings"
	"time"

	m "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/kms/v2/model"
)

var base = base64.StdEncoding

func plain(text string) []byte {
	data, err := base.DecodeString(text)
	must(err)
	return data
}

func (c *checks) encrypt(key, text string) string {
	body := &m.EncryptDataRequestBody{KeyId: key, PlainText: text}
	return *call(c, "EncryptData", c.kms.EncryptData, &m.EncryptDataRequest{Body: body}).CipherText
}

func (c *checks) decrypt(cipherText string) *m.DecryptDataResponse {
	body := &m.DecryptDataRequestBody{CipherText: cipherText}
	return call(c, "DecryptData", c.kms.DecryptData, &m.DecryptDataRequest{Body: body})
}

func encryption(c *checks) {
	key, other := c.key(""), c.key("")
	text := "钥匙 é € \U0001f600 \"quoted\" \\ </x>"
	cipherText := c.encrypt(key, text)
	opened := c.decrypt(cipherText)
	same(*opened.KeyId, key)
	same(*opened.PlainText, text)
	same(*opened.PlainTextBase64, base.EncodeToString([]byte(text)))
	moved := call(c, "ReEncrypt", c.kms.ReEncrypt, &m.ReEncryptRequest{
		Body: &m.ReEncryptRequestBody{DestinationKeyId: other, CipherText: cipherText}})
	same(*moved.KeyId, other)
	same(*moved.SourceKeyId, key)
	same(*c.decrypt(*moved.CipherText).PlainText, text)
}

func dataKeys(c *checks) {
	key := c.key("")
	open := func(cipherText, length string) string {
		answer := call(c, "DecryptDatakey", c.kms.DecryptDatakey, &m.DecryptDatakeyRequest{
			Body: &m.DecryptDatakeyRequestBody{
				KeyId: key, CipherText: cipherText, DatakeyCipherLength: length}})
		same(*answer.DatakeyLength, length)
		same(*answer.DatakeyDgst, digest(*answer.DataKey))
		return *answer.DataKey
	}
	body := of[m.CreateDatakeyRequestBody]("{'key_id':'%s','datakey_length':'512'}", key)
	made := call(c, "CreateDatakey", c.kms.CreateDatakey, &m.CreateDatakeyRequest{Body: body})
	same(open(*made.CipherText, "64"), *made.PlainText)
	body = of[m.CreateDatakeyRequestBody]("{'key_id':'%s','key_spec':'AES_128'}", key)
	sealed := call(c, "CreateDatakeyWithoutPlaintext", c.kms.CreateDatakeyWithoutPlaintext,
		&m.CreateDatakeyWithoutPlaintextRequest{Body: body})
	same(len(open(*sealed.CipherText, "16")), 32)
	random := *call(c, "CreateRandom", c.kms.CreateRandom, &m.CreateRandomRequest{
		Body: of[m.GenRandomRequestBody]("{'random_data_length':'256'}")}).RandomData
	wrapped := call(c, "EncryptDatakey", c.kms.EncryptDatakey, &m.EncryptDatakeyRequest{
		Body: of[m.EncryptDatakeyRequestBody](
			"{'key_id':'%s','plain_text':'%s%s','datakey_plain_length':'32'}",
			key, random, digest(random))})
	same(open(*wrapped.CipherText, "32"), random)
}

// digest is the SHA-256 of hexadecimal bytes, in the server's case.
func digest(text string) string {
	data, err := hex.DecodeString(text)
	must(err)
	sum := sha256.Sum256(data)
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

func pairs(c *checks) {
	key := c.key("")
	pair := call(c, "CreateRsaDatakeyPair", c.kms.CreateRsaDatakeyPair,
		&m.CreateRsaDatakeyPairRequest{Body: of[m.CreateRsaDatakeyPairRequestBody](
			"{'key_id':'%s','key_spec':'RSA_2048','with_plain_text':true}", key)})
	private, err := x509.ParsePKCS8PrivateKey(plain(*pair.PrivateKeyPlainText))
	must(err)
	public, err := x509.MarshalPKIXPublicKey(private.(*rsa.PrivateKey).Public())
	must(err)
	same(base.EncodeToString(public), *pair.PublicKey)
	same(*c.decrypt(*pair.PrivateKeyCipherText).PlainTextBase64, *pair.PrivateKeyPlainText)
	ec := call(c, "CreateEcDatakeyPair", c.kms.CreateEcDatakeyPair,
		&m.CreateEcDatakeyPairRequest{Body: of[m.CreateEcDatakeyPairRequestBody](
			"{'key_id':'%s','key_spec':'ECC_NIST_P256','with_plain_text':false}", key)})
	_, err = x509.ParsePKCS8PrivateKey(plain(*c.decrypt(*ec.PrivateKeyCipherText).PlainTextBase64))
	must(err)
}

func (c *checks) publicKey(key string) string {
	request := &m.ShowPublicKeyRequest{Body: about(key)}
	return *call(c, "ShowPublicKey", c.kms.ShowPublicKey, request).PublicKey
}

func signatures(c *checks) {
	key := c.key("'key_spec':'EC_P256','key_usage':'SIGN_VERIFY'")
	sum := sha256.Sum256([]byte("what is signed"))
	message := base.EncodeToString(sum[:])
	signed := call(c, "Sign", c.kms.Sign, &m.SignRequest{Body: of[m.SignRequestBody](
		"{'key_id':'%s','message':'%s','signing_algorithm':'ECDSA_SHA_256'}", key, message)})
	valid := call(c, "ValidateSignature", c.kms.ValidateSignature,
		&m.ValidateSignatureRequest{Body: of[m.VerifyRequestBody](
			"{'key_id':'%s','message':'%s','signature':'%s','signing_algorithm':'ECDSA_SHA_256'}",
			key, message, *signed.Signature)})
	same(*valid.SignatureValid, "true")
	block, _ := pem.Decode([]byte(c.publicKey(key)))
	public, err := x509.ParsePKIXPublicKey(block.Bytes)
	must(err)
	same(ecdsa.VerifyASN1(public.(*ecdsa.PublicKey), sum[:], plain(*signed.Signature)), true)
}

func macs(c *checks) {
	key := c.key("'key_spec':'HMAC_256','key_usage':'GENERATE_VERIFY_MAC'")
	made := call(c, "GenerateMac", c.kms.GenerateMac,
		&m.GenerateMacRequest{Body: of[m.GenerateMacRequestBody](
			"{'key_id':'%s','mac_algorithm':'HMAC_SHA_256','message':'aGVsbG8='}", key)})
	verify := func(mac string) bool {
		return *call(c, "VerifyMac", c.kms.VerifyMac,
			&m.VerifyMacRequest{Body: of[m.VerifyMacRequestBody](
				"{'key_id':'%s','mac_algorithm':'HMAC_SHA_256','message':'aGVsbG8=','mac':'%s'}",
				key, mac)}).MacValid
	}
	same(verify(*made.Mac), true)
	same(verify(strings.Repeat("0", 64)), false)
}

func imports(c *checks) {
	key := c.key("'origin':'external'")
	parameters := call(c, "CreateParametersForImport", c.kms.CreateParametersForImport,
		&m.CreateParametersForImportRequest{Body: of[m.GetParametersForImportRequestBody](
			"{'key_id':'%s','wrapping_algorithm':'RSAES_OAEP_SHA_256'}", key)})
	same(*parameters.ExpirationTime > time.Now().Unix(), true)
	public, err := x509.ParsePKIXPublicKey(plain(*parameters.PublicKey))
	must(err)
	wrapped, err := rsa.EncryptOAEP(
		sha256.New(), rand.Reader, public.(*rsa.PublicKey), make([]byte, 32), nil)
	must(err)
	call(c, "ImportKeyMaterial", c.kms.ImportKeyMaterial,
		&m.ImportKeyMaterialRequest{Body: &m.ImportKeyMaterialRequestBody{
			KeyId:                key,
			ImportToken:          *parameters.ImportToken,
			EncryptedKeyMaterial: base.EncodeToString(wrapped)}})
	same(*c.details(key).KeyState, "2")
	call(c, "DeleteImportedKeyMaterial", c.kms.DeleteImportedKeyMaterial,
		&m.DeleteImportedKeyMaterialRequest{Body: about(key)})
	same(*c.details(key).KeyState, "5")
}

func keystores(c *checks) {
	alias := c.name()
	store := *call(c, "CreateKeyStore", c.kms.CreateKeyStore,
		&m.CreateKeyStoreRequest{Body: of[m.CreateKeyStoreRequestBody](
			"{'keystore_alias':'%s','hsm_cluster_id':'%s','hsm_ca_cert':'PEM'}", alias, alias)},
	).Keystore.KeystoreId
	limit := int32(100)
	list := call(c, "ListKeyStores", c.kms.ListKeyStores, &m.ListKeyStoresRequest{Limit: &limit})
	same(int(*list.Total), len(*list.Keystores))
	shown := call(c, "ShowKeyStore", c.kms.ShowKeyStore, &m.ShowKeyStoreRequest{KeystoreId: store})
	same(*shown.Keystore.KeystoreAlias, alias)
	enabled := call(c, "EnableKeyStore", c.kms.EnableKeyStore,
		&m.EnableKeyStoreRequest{KeystoreId: store})
	same(*enabled.Keystore.KeystoreState, "2")
	disabled := call(c, "DisableKeyStore", c.kms.DisableKeyStore,
		&m.DisableKeyStoreRequest{KeystoreId: store})
	same(*disabled.Keystore.KeystoreState, "3")
	call(c, "DeleteKeyStore", c.kms.DeleteKeyStore, &m.DeleteKeyStoreRequest{KeystoreId: store})
	refused(c.kms.ShowKeyStore, &m.ShowKeyStoreRequest{KeystoreId: store}, 400, "KMS.8003")
}

func agreement(c *checks) {
	agreeing := "'key_spec':'EC_P256','key_usage':'KEY_AGREEMENT'"
	first, second := c.key(agreeing), c.key(agreeing)
	secret := func(own, peer string) string {
		body := of[m.DeriveSharedSecretRequestBody](
			"{'key_id':'%s','key_agreement_algorithm':'ECDH'}", own)
		body.PublicKey = c.publicKey(peer)
		return *call(c, "DeriveSharedSecret", c.kms.DeriveSharedSecret,
			&m.DeriveSharedSecretRequest{Body: body}).SharedSecret
	}
	same(secret(first, second), secret(second, first))
}

func pins(c *checks) {
	body := of[m.CreatePinRequestBody]("{'keystore_id':'0'}")
	made := call(c, "CreatePin", c.kms.CreatePin, &m.CreatePinRequest{Body: body})
	same(*made.Pin != "", true)
}
