"""The official Python SDK against a Yaoku: every operation that it offers, called with success.

Reads KMS_ENDPOINT, KMS_REGION, KMS_AK, KMS_SK and KMS_PROJECT_ID, and for replicas KMS_REPLICA_REGION
and KMS_REPLICA_PROJECT_ID, a second region of the server and the project there. With
KMS_CREDENTIALS_FILE, the file that the server wrote at its first start, that is tried, too.
"""

import os
import re

import configured
import data
import keys
import policies
from checks import Checks

HERE = os.path.dirname(os.path.abspath(__file__))


def not_built():
    """What the server does not have yet, in this SDK's spelling."""
    with open(os.path.join(HERE, "..", "not-built"), encoding="utf-8") as lines:
        names = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return {re.sub("(?<!^)([A-Z])", r"_\1", name).lower() for name in names}


def main():
    checks = Checks()
    missing = not_built()
    for check in keys.ALL + data.ALL + policies.ALL + configured.ALL:
        if policies.NEEDS.get(check) not in missing:
            checks.check("python " + check.__name__, check)
    checks.finish(missing)


main()
