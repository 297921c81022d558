"""Sends requests through the official client of Python, which signs them.

The argument is a file in JSON, as the test class OtherSignersTest writes it: where to, and which.
"""

import json
import sys

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.client import Client, ClientBuilder
from huaweicloudsdkcore.http.http_config import HttpConfig
from huaweicloudsdkcore.sdk_response import SdkResponse
from huaweicloudsdkcore.signer.algorithm import SigningAlgorithm

ALGORITHMS = {
    "PLAIN": SigningAlgorithm.HMAC_SHA256,
    "DERIVED": SigningAlgorithm.HMAC_SHA256,
    "SM3": SigningAlgorithm.HMAC_SM3,
    "ECDSA": SigningAlgorithm.ECDSA_P256_SHA256,
    "SM2": SigningAlgorithm.SM2_SM3,
}


class Answer(SdkResponse):
    """What an answer is read as, in the form of generated code."""

    openapi_types = {"any": "str"}
    attribute_map = {"any": "any"}

    def __init__(self, any=None):
        super().__init__()
        self.any = any


def client(order, request):
    """A client that signs as the request wants."""
    credentials = BasicCredentials(request["ak"], request["sk"])
    if request["project"]:
        credentials.with_project_id(order["project"])
    if request["token"]:
        credentials.with_security_token(request["token"])
    if request["scheme"] == "DERIVED":
        credentials.with_derived_predicate(lambda _: True)
        # What the builder does with a region; an endpoint of one's own is no region.
        credentials._process_derived_auth_params("kms", order["region"])
    config = HttpConfig.get_default_config()
    config.timeout = (5, 60)
    config.signing_algorithm = ALGORITHMS[request["scheme"]]
    made = (
        ClientBuilder(Client)
        .with_http_config(config)
        .with_credentials(credentials)
        .with_endpoint(order["endpoint"])
        .build()
    )
    made.model_package = sys.modules[__name__]
    return made


def send(sender, request):
    """Sends a request as the generated code of a service does."""
    body = request["body"]
    if request["bson"]:
        body = {"b": bytes.fromhex(request["bson"])}
    query = [
        (name, values[0] if len(values) == 1 else values)
        for name, values in request["query"].items()
    ]
    sender.do_http_request(
        method=request["method"],
        resource_path=request["path"],
        path_params=request["path_params"],
        query_params=query,
        header_params=dict(request["headers"], **{"Content-Type": request["content_type"]}),
        body=body,
        collection_formats={name: "multi" for name, value in query if isinstance(value, list)},
        response_type=Answer.__name__,
    )


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        order = json.load(file)
    clients = {}
    for request in order["requests"]:
        kind = (request["scheme"], request["ak"], request["project"])
        if kind not in clients:
            clients[kind] = client(order, request)
        send(clients[kind], request)


main()
