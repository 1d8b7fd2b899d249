// The same as programs/python/chart.py.
import { ApiObject, App, JsonPatch } from 'cdk8s';
import { GitLabRunnerChart, RunnerToken } from 'cdktf-azure-gitlab';

const app = new App();
const chart = new GitLabRunnerChart(app, 'runner', {
  gitlabUrl: 'https://gitlab.example.com',
  token: RunnerToken.kubernetesSecret('gitlab-runner-token'),
  concurrent: 20,
  image: 'node:22',
});
chart.addRunner('docs', RunnerToken.kubernetesSecret('docs-token'), { image: 'python:3.13' });
const quota = new ApiObject(chart, 'Quota', { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'jobs' } });
quota.addJsonPatch(JsonPatch.add('/spec', { hard: { pods: '50' } }));

app.synth();
