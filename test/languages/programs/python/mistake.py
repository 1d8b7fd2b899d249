"""Prints what somebody who gives a wrong value, beside a right one, gets to read."""

from cdktf import App, TerraformStack
from cdktf_azure_gitlab import GitLabSignIn, SelfHostedGitLab

SOMEBODY = "00000000-0000-0000-0000-000000000001"

try:
    SelfHostedGitLab(
        TerraformStack(App(), "Prod"),
        "GitLab",
        location="Korea Central",
        sign_in=[GitLabSignIn.entra_id_saml(tenant_id=SOMEBODY, application_id=SOMEBODY, administrators=[SOMEBODY])],
    )
except RuntimeError as error:
    print(error)
