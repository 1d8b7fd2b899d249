"""Prints what somebody who gives a wrong value gets to read."""

from cdktf import App, TerraformStack
from cdktf_azure_gitlab import SelfHostedGitLab

try:
    SelfHostedGitLab(TerraformStack(App(), "Prod"), "GitLab", location="Korea Central")
except RuntimeError as error:
    print(error)
