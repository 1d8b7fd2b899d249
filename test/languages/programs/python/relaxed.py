"""A trial whose warnings somebody gets to read, but for the one that is meant."""

from cdktf import App, TerraformStack
from cdktf_azure_gitlab import GitLabEndpoint, SelfHostedGitLab, Warnings

app = App()
stack = TerraformStack(app, "trial")
Warnings.of(stack).acknowledge("plain-http", "A trial that is gone by Friday.")
gitlab = SelfHostedGitLab(
    stack,
    "GitLab",
    location="koreacentral",
    endpoint=GitLabEndpoint.http(),
    ssh_allowed_cidrs=["0.0.0.0/0"],
    prevent_destroy=False,
)
Warnings.of(gitlab).acknowledge("destroy-allowed", "It holds nothing.")
app.synth()
