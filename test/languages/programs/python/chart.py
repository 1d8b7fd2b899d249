"""The runner's Kubernetes objects alone, in a plain cdk8s app; a quota of somebody's own goes with them."""

from cdk8s import ApiObject, ApiObjectMetadata, App, JsonPatch
from cdktf_azure_gitlab import GitLabRunnerChart, RunnerToken

app = App()
chart = GitLabRunnerChart(
    app,
    "runner",
    gitlab_url="https://gitlab.example.com",
    token=RunnerToken.kubernetes_secret("gitlab-runner-token"),
    concurrent=20,
    image="node:22",
)
chart.add_runner("docs", token=RunnerToken.kubernetes_secret("docs-token"), image="python:3.13")
quota = ApiObject(chart, "Quota", api_version="v1", kind="ResourceQuota", metadata=ApiObjectMetadata(name="jobs"))
quota.add_json_patch(JsonPatch.add("/spec", {"hard": {"pods": "50"}}))

app.synth()
