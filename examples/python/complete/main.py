"""GitLab on a virtual machine, a cluster, and a runner that turns every CI job into a pod."""

from cdktf import App, TerraformStack
from cdktf_azure_gitlab import AksCluster, KubernetesGitLabRunner, SelfHostedGitLab

LOCATION = "koreacentral"

app = App()
stack = TerraformStack(app, "gitlab")

gitlab = SelfHostedGitLab(stack, "GitLab", location=LOCATION)
cluster = AksCluster(stack, "Cluster", location=LOCATION)
KubernetesGitLabRunner(stack, "Runner", gitlab=gitlab, cluster=cluster, tags=["aks"])

app.synth()
