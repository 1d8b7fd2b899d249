"""GitLab on a virtual machine, a cluster, and a runner that turns every CI job into a pod."""

from cdktf import App, TerraformStack
from cdktf_azure_gitlab import AksCluster, KubernetesGitLabRunner, SelfHostedGitLab

LOCATION = "koreacentral"

app = App()
stack = TerraformStack(app, "gitlab")

gitlab = SelfHostedGitLab(stack, "GitLab", location=LOCATION)
# with one node for CI jobs ten vCPU, which is what a new subscription has
cluster = AksCluster(
    stack,
    "Cluster",
    location=LOCATION,
    system_node_pool={"vm_size": "Standard_D2s_v5"},
    job_node_pool={"vm_size": "Standard_D2s_v5", "max_count": 1},
)
KubernetesGitLabRunner(stack, "Runner", gitlab=gitlab, cluster=cluster, tags=["aks"])

app.synth()
