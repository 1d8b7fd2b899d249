"""Everything that takes another construct: each is handed what this library gives for it."""

from cdk8s import App as Cdk8sApp
from cdk8s import Chart
from cdktf import App, TerraformStack, TerraformVariable
from cdktf_azure_gitlab import (
    AksCluster,
    AksNodePool,
    GitLabEndpoint,
    KubernetesGitLabRunner,
    RunnerCache,
    RunnerToken,
    GitLab, SelfHostedGitLab,
    AksSystemNodePoolOptions,
    WorkloadIdentity,
)

LOCATION = "koreacentral"

app = App()

own = TerraformStack(app, "own")
gitlab = SelfHostedGitLab(own, "GitLab", location=LOCATION, endpoint=GitLabEndpoint.custom_domain("gitlab.example.com"))
cluster = AksCluster(own, "Cluster", location=LOCATION, system_node_pool=AksSystemNodePoolOptions(node_count=3))
big = cluster.add_node_pool("big", vm_size="Standard_D16s_v5", max_count=4)
spot = AksNodePool(own, "Spot", cluster, vm_size="Standard_D8s_v5", spot=True)
runner = KubernetesGitLabRunner(
    own, "Runner", gitlab=gitlab, cluster=cluster, tags=["aks"], node_pool=big, cache=RunnerCache.azure_blob()
)
runner.add_runner("spot", tags=["spot"], node_pool=spot)
runner.add_runner("jobs", tags=["jobs"], node_pool=cluster.job_node_pool)
identity = WorkloadIdentity(own, "Deployer", cluster, namespace="deploy", service_account_name="deployer")
account = cluster.add_service_account("tool", namespace="tools", service_account_name="tool")
account.wait_for(*runner.ready, *identity.ready)
release = cluster.add_helm_chart("ingress", chart="ingress-nginx", repository="https://kubernetes.github.io/ingress-nginx", version="4.13.0")
release.wait_for(*runner.ready, *cluster.ready)
chart = cluster.add_cdk8s_chart("quota", Chart(Cdk8sApp(), "quota"))
chart.wait_for(*release.ready)

existing = TerraformStack(app, "existing")
token = TerraformVariable(existing, "token", sensitive=True)
KubernetesGitLabRunner(
    existing,
    "Runner",
    gitlab=GitLab.from_attributes(existing, "Com", gitlab_url="https://gitlab.com"),
    cluster=AksCluster.from_aks_cluster_attributes(
        existing,
        "Shared",
        cluster_name="shared",
        resource_group_name="shared-rg",
        job_node_pool=AksNodePool.from_aks_node_pool_attributes(existing, "Pool", node_pool_name="ci"),
    ),
    token=RunnerToken.terraform_variable(token),
)

app.synth()
