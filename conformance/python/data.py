"""Encryption, data keys, signatures, MACs, import and keystores."""

import base64
import hashlib
import os
import subprocess
import tempfile
import time

from huaweicloudsdkkms.v2 import model as m

from checks import b64, same

MESSAGE = b"what is signed"


def about(key):
    return m.OperateKeyRequestBody(key_id=key)


def openssl(*arguments, data=b"", files=None):
    """Runs OpenSSL with files by name, {name} standing for their paths."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {}
        for name, content in (files or {}).items():
            paths[name] = os.path.join(folder, name)
            with open(paths[name], "wb") as file:
                file.write(content)
        command = ["openssl"] + [argument.format(**paths) for argument in arguments]
        return subprocess.run(command, input=data, capture_output=True, check=True).stdout


def encryption(c):
    key = c.key()
    text = '钥匙 é € \U0001f600 "quoted" \\ </x>'
    body = m.EncryptDataRequestBody(
        key_id=key,
        plain_text=text,
        encryption_algorithm="SYMMETRIC_DEFAULT",
        additional_authenticated_data="for orders",
    )
    cipher_text = c.call("encrypt_data", m.EncryptDataRequest(body=body)).cipher_text
    body = m.DecryptDataRequestBody(cipher_text=cipher_text, additional_authenticated_data="for orders")
    opened = c.call("decrypt_data", m.DecryptDataRequest(body=body))
    same(opened.key_id, key)
    same(opened.plain_text, text)
    same(opened.plain_text_base64, b64(text.encode()))
    body = m.DecryptDataRequestBody(cipher_text=cipher_text)
    refusal = c.refused("decrypt_data", m.DecryptDataRequest(body=body))
    same((refusal.status_code, refusal.error_code), (400, "KMS.2201"))


def random(c):
    body = m.GenRandomRequestBody(random_data_length="512")
    data = c.call("create_random", m.CreateRandomRequest(body=body)).random_data
    same(len(bytes.fromhex(data)), 64)


def data_keys(c):
    key = c.key()

    def opened(cipher_text, length):
        body = m.DecryptDatakeyRequestBody(
            key_id=key, cipher_text=cipher_text, datakey_cipher_length=length
        )
        answer = c.call("decrypt_datakey", m.DecryptDatakeyRequest(body=body))
        digest = hashlib.sha256(bytes.fromhex(answer.data_key)).hexdigest().upper()
        same(answer.datakey_dgst, digest)
        same(answer.datakey_length, length)
        return answer.data_key

    body = m.CreateDatakeyRequestBody(key_id=key, datakey_length="512")
    made = c.call("create_datakey", m.CreateDatakeyRequest(body=body))
    same(opened(made.cipher_text, "64"), made.plain_text)
    body = m.CreateDatakeyRequestBody(key_id=key, key_spec="AES_128")
    request = m.CreateDatakeyWithoutPlaintextRequest(body=body)
    made = c.call("create_datakey_without_plaintext", request)
    same(len(opened(made.cipher_text, "16")), 32)
    own = os.urandom(32)
    body = m.EncryptDatakeyRequestBody(
        key_id=key,
        plain_text=own.hex().upper() + hashlib.sha256(own).hexdigest(),
        datakey_plain_length="32",
    )
    wrapped = c.call("encrypt_datakey", m.EncryptDatakeyRequest(body=body))
    same(opened(wrapped.cipher_text, "32"), own.hex().upper())


def pairs(c):
    key = c.key()
    body = m.CreateRsaDatakeyPairRequestBody(key_id=key, key_spec="RSA_2048", with_plain_text=True)
    rsa = c.call("create_rsa_datakey_pair", m.CreateRsaDatakeyPairRequest(body=body))
    body = m.DecryptDataRequestBody(cipher_text=rsa.private_key_cipher_text)
    opened = c.call("decrypt_data", m.DecryptDataRequest(body=body))
    same(opened.plain_text_base64, rsa.private_key_plain_text)
    body = m.CreateEcDatakeyPairRequestBody(key_id=key, key_spec="ECC_NIST_P256", with_plain_text=True)
    ec = c.call("create_ec_datakey_pair", m.CreateEcDatakeyPairRequest(body=body))
    public = openssl(
        "pkey", "-inform", "DER", "-in", "{k}", "-pubout", "-outform", "DER",
        files={"k": base64.b64decode(ec.private_key_plain_text)},
    )
    same(b64(public), ec.public_key)


def signatures(c):
    key = c.key(key_spec="EC_P256", key_usage="SIGN_VERIFY")
    digest = b64(hashlib.sha256(MESSAGE).digest())
    body = m.SignRequestBody(
        key_id=key, message=digest, signing_algorithm="ECDSA_SHA_256", message_type="DIGEST"
    )
    signature = c.call("sign", m.SignRequest(body=body)).signature
    body = m.VerifyRequestBody(
        key_id=key, message=digest, signature=signature, signing_algorithm="ECDSA_SHA_256"
    )
    answer = c.call("validate_signature", m.ValidateSignatureRequest(body=body))
    same(answer.signature_valid, "true")
    public = c.call("show_public_key", m.ShowPublicKeyRequest(body=about(key))).public_key
    openssl(
        "dgst", "-sha256", "-verify", "{k}", "-signature", "{s}",
        data=MESSAGE,
        files={"k": public.encode(), "s": base64.b64decode(signature)},
    )


def macs(c):
    key = c.key(key_spec="HMAC_256", key_usage="GENERATE_VERIFY_MAC")
    message = b64(MESSAGE)
    body = m.GenerateMacRequestBody(key_id=key, mac_algorithm="HMAC_SHA_256", message=message)
    mac = c.call("generate_mac", m.GenerateMacRequest(body=body)).mac

    def valid(mac):
        body = m.VerifyMacRequestBody(
            key_id=key, mac_algorithm="HMAC_SHA_256", message=message, mac=mac
        )
        return c.call("verify_mac", m.VerifyMacRequest(body=body)).mac_valid

    same(valid(mac), True)
    same(valid("00" * 32), False)


def imports(c):
    key = c.key(origin="external")
    same(c.details(key).key_state, "5")

    def bring(**members):
        body = m.GetParametersForImportRequestBody(
            key_id=key, wrapping_algorithm="RSAES_OAEP_SHA_256"
        )
        request = m.CreateParametersForImportRequest(body=body)
        parameters = c.call("create_parameters_for_import", request)
        assert parameters.expiration_time > time.time()
        wrapped = openssl(
            "pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", "{k}",
            "-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:sha256",
            "-pkeyopt", "rsa_mgf1_md:sha256",
            data=os.urandom(32),
            files={"k": base64.b64decode(parameters.public_key)},
        )
        body = m.ImportKeyMaterialRequestBody(
            key_id=key,
            import_token=parameters.import_token,
            encrypted_key_material=b64(wrapped),
            **members,
        )
        c.call("import_key_material", m.ImportKeyMaterialRequest(body=body))

    until = int(time.time()) + 86400
    bring(expiration_time=until)
    same(c.details(key).key_state, "2")
    same(c.details(key).expiration_time, str(until * 1000))
    bring()
    body = m.RotateOnDemandRequestBody(key_id=key)
    same(c.call("rotate_on_demand", m.RotateOnDemandRequest(body=body)).key_id, key)
    request = m.DeleteImportedKeyMaterialRequest(body=about(key))
    c.call("delete_imported_key_material", request)
    same(c.details(key).key_state, "5")


def keystores(c):
    alias = c.name()
    body = m.CreateKeyStoreRequestBody(
        keystore_alias=alias, hsm_cluster_id="cluster-" + alias, hsm_ca_cert="a certificate"
    )
    store = c.call("create_key_store", m.CreateKeyStoreRequest(body=body)).keystore.keystore_id
    listed = c.call("list_key_stores", m.ListKeyStoresRequest(limit=100, offset=0))
    assert store in [one.keystore_id for one in listed.keystores]
    same(listed.total, len(listed.keystores))
    shown = c.call("show_key_store", m.ShowKeyStoreRequest(keystore_id=store)).keystore
    same(shown.keystore_alias, alias)
    answer = c.call("enable_key_store", m.EnableKeyStoreRequest(keystore_id=store))
    same(answer.keystore.keystore_state, "2")
    answer = c.call("disable_key_store", m.DisableKeyStoreRequest(keystore_id=store))
    same(answer.keystore.keystore_state, "3")
    c.call("delete_key_store", m.DeleteKeyStoreRequest(keystore_id=store))
    refusal = c.refused("show_key_store", m.ShowKeyStoreRequest(keystore_id=store))
    same((refusal.status_code, refusal.error_code), (400, "KMS.8003"))


def re_encryption(c):
    first, second = c.key(), c.key()
    body = m.EncryptDataRequestBody(key_id=first, plain_text="moved")
    cipher_text = c.call("encrypt_data", m.EncryptDataRequest(body=body)).cipher_text
    body = m.ReEncryptRequestBody(destination_key_id=second, cipher_text=cipher_text)
    moved = c.call("re_encrypt", m.ReEncryptRequest(body=body))
    same((moved.source_key_id, moved.key_id), (first, second))
    same(moved.destination_encryption_algorithm, "SYMMETRIC_DEFAULT")
    body = m.DecryptDataRequestBody(cipher_text=moved.cipher_text)
    same(c.call("decrypt_data", m.DecryptDataRequest(body=body)).plain_text, "moved")


def agreement(c):
    keys = [c.key(key_spec="EC_P256", key_usage="KEY_AGREEMENT") for _ in range(2)]

    def secret(own, peer):
        public = c.call("show_public_key", m.ShowPublicKeyRequest(body=about(peer))).public_key
        body = m.DeriveSharedSecretRequestBody(
            key_id=own, key_agreement_algorithm="ECDH", public_key=public
        )
        return c.call("derive_shared_secret", m.DeriveSharedSecretRequest(body=body)).shared_secret

    one = secret(keys[0], keys[1])
    same(one, secret(keys[1], keys[0]))
    same(len(base64.b64decode(one)), 32)


ALL = [
    encryption, random, data_keys, pairs, signatures, macs, imports, keystores, re_encryption, agreement,
]
