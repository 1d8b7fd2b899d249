// A trial whose warnings somebody gets to read, but for the one that is meant.
const { App, TerraformStack } = require('cdktf');
const { GitLabEndpoint, SelfHostedGitLab, Warnings } = require('cdktf-azure-gitlab');

const app = new App();
const stack = new TerraformStack(app, 'trial');
new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', sshAllowedCidrs: ['0.0.0.0/0'], endpoint: GitLabEndpoint.http() });
Warnings.of(stack).acknowledge('plain-http', 'A trial that is gone by Friday.');
Warnings.of(app).acknowledge('sign-up-open', 'It was once.');
app.synth();
