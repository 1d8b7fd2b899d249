"""What a team wrote itself, in Python: a cluster and a runner of its own kind, a GitLab the library does not know, an aspect."""

from collections.abc import Sequence

import jsii
from cdktf import App, Aspects, IAspect, TerraformResource, TerraformStack
from cdktf_azure_gitlab import (
    AksCluster,
    GitLabRunnerScope,
    GitLabRunnerToken,
    IAksCluster,
    IGitLab,
    KubernetesGitLabRunner,
    RunnerToken,
)
from constructs import Construct, IConstruct

VAULT = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/team/providers/Microsoft.KeyVault/vaults/team-runners"


class TeamCluster(AksCluster):
    """A cluster as this team wants it."""

    def __init__(self, scope: Construct, id: str, *, team: str) -> None:
        super().__init__(scope, id, location="koreacentral", cluster_name=f"{team}-ci")
        self.add_node_pool("big", vm_size="Standard_D16s_v5", max_count=4)


@jsii.implements(IGitLab)
class TeamGitLab(Construct):
    """A GitLab whose runners another department makes."""

    @property
    def gitlab_url(self) -> str:
        return "https://gitlab.example.com"

    @property
    def gitlab_version(self) -> None:
        return None

    @property
    def ca_certificate(self) -> None:
        return None

    @property
    def has_private_address(self) -> None:
        return None

    def request_runner_token(
        self,
        id: str,
        *,
        description: str | None = None,
        locked: bool | None = None,
        maximum_timeout_seconds: float | None = None,
        paused: bool | None = None,
        ref_protected: bool | None = None,
        run_untagged: bool | None = None,
        runner_scope: GitLabRunnerScope | None = None,
        tags: Sequence[str] | None = None,
    ) -> GitLabRunnerToken:
        return GitLabRunnerToken(
            key_vault_id=VAULT,
            key_vault_name="team-runners",
            tenant_id="00000000-0000-0000-0000-000000000001",
            token_secret_name=f"token-{(tags or ['none'])[0]}",
            ready=[],
        )

    def allow_web_from(self, scope: Construct, id: str, address_prefixes: Sequence[str]) -> None:
        pass


class TeamRunner(KubernetesGitLabRunner):
    """A runner that every project of the team gets alike."""

    def __init__(self, scope: Construct, id: str, *, gitlab: IGitLab, cluster: IAksCluster) -> None:
        super().__init__(scope, id, gitlab=gitlab, cluster=cluster, tags=["team"])
        self.chart.add_runner("slow", token=RunnerToken.kubernetes_secret("slow-token"), image="maven:3")


@jsii.implements(IAspect)
class CostCenter:
    """Tags every cluster, whoever made it."""

    def visit(self, node: IConstruct) -> None:
        if isinstance(node, TerraformResource) and node.terraform_resource_type == "azurerm_kubernetes_cluster":
            node.add_override("tags.cost-center", "ci")


app = App()
stack = TerraformStack(app, "team")
cluster = TeamCluster(stack, "Cluster", team="payments")
TeamRunner(stack, "Runner", gitlab=TeamGitLab(stack, "GitLab"), cluster=cluster)
resource = cluster.node.find_child("Resource")
assert isinstance(resource, TerraformResource)
resource.add_override("sku_tier", "Premium")
Aspects.of(stack).add(CostCenter())

app.synth()
