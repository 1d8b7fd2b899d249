"""Makes Checkov tell all that it reads: a line in the file SEEN for each resource and data source of Terraform, and for each Kubernetes object."""
import os

from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.kubernetes.checks.resource.base_spec_check import BaseK8Check
from checkov.terraform.checks.data.base_check import BaseDataCheck
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck

SAID = {"name": "Seen", "categories": [CheckCategories.CONVENTION]}


def seen(line):
    # one write each: Checkov's frameworks are processes that run at once.
    with open(os.environ["SEEN"], "a", encoding="utf-8") as file:
        file.write(line + "\n")
    return CheckResult.UNKNOWN


class SeenResource(BaseResourceCheck):
    def scan_resource_conf(self, conf):
        return seen("resource " + self.entity_path.split(":", 1)[1].replace(":", "."))


class SeenDataSource(BaseDataCheck):
    def scan_data_conf(self, conf):
        return seen("data " + self.entity_path.split(":", 1)[1].replace(":", "."))


class SeenObject(BaseK8Check):
    def scan_spec_conf(self, conf):
        return seen("object {kind} {metadata[name]}".format(**conf))


SeenResource(id="CKV_SEEN_1", supported_resources=["*"], **SAID)
SeenDataSource(id="CKV_SEEN_2", supported_data=["*"], **SAID)
SeenObject(id="CKV_SEEN_3", supported_entities=["*"], **SAID)
