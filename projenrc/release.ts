import { github, javascript, release } from 'projen';

const { JobPermission } = github.workflows;
// a publisher of its own is pinned: a release runs no code that came out yesterday.
const PUBLIB_VERSION = '0.2.1061';
const RUNNER = ['ubuntu-latest'];
// a tag can be moved, a commit cannot; projen pins the other actions itself.
const ACTIONS = {
  'actions/setup-go@v7.0.0': 'actions/setup-go@b7ad1dad31e06c5925ef5d2fc7ad053ef454303e', // v7.0.0
  'actions/setup-java@v6.0.0': 'actions/setup-java@b6effb05e454b25005698d916606bdc6ffcbf961', // v5.7.0
  'actions/setup-node@v7.0.0': 'actions/setup-node@820762786026740c76f36085b0efc47a31fe5020', // v7.0.0
  'actions/setup-python@v7.0.0': 'actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97', // v7.0.0
};
const PACKAGES = 'dist';

/** Makes every package when a version is tagged, and has a job for each registry publish its own. By hand it is a dry run. */
export function releaseWorkflow(project: javascript.NodeProject): void {
  const host = new github.GitHub(project, { mergify: false, pullRequestLint: false });
  Object.entries(ACTIONS).forEach(([action, commit]) => host.actions.set(action, commit));
  const workflow = new github.GithubWorkflow(host, 'release', { limitConcurrency: true });
  workflow.on({
    push: { tags: ['v[0-9]*'] },
    workflowDispatch: { inputs: { dry_run: { description: 'Publish nothing', type: 'choice', options: ['true'], default: 'true' } } },
  });

  const publisher = new release.Publisher(project, {
    artifactName: 'packages',
    buildJobId: 'build',
    publibVersion: PUBLIB_VERSION,
    workflowNodeVersion: '24',
    workflowRunsOn: RUNNER,
  });
  const environment = { githubEnvironment: 'release' };
  publisher.publishToNpm({ ...environment, trustedPublishing: true, npmProvenance: true });
  publisher.publishToPyPi({ ...environment, trustedPublishing: true });
  publisher.publishToMaven({ ...environment, mavenServerId: 'central-ossrh' });
  publisher.publishToGo(environment);

  workflow.addJobs({
    build: {
      runsOn: RUNNER,
      permissions: { contents: JobPermission.READ },
      outputs: { artifact_id: { stepId: 'upload', outputName: 'artifact-id' } },
      tools: { node: { version: '24' }, python: { version: '3.12' }, java: { version: '17' }, go: { version: '1.25' } },
      steps: [
        github.WorkflowSteps.checkout({ with: { fetchDepth: 0 } }),
        // as root, which the tiers need for namespaces and machines, with root's own folders for npm and Go, and with the tools from above
        { name: 'Everything a change has to pass', run: 'sudo --preserve-env --set-home env "PATH=$PATH" bash .ci/run' },
        { name: 'The clone is nobody else\'s', run: 'sudo chown --recursive "$(id --user):$(id --group)" .' },
        {
          name: 'Packages of every language',
          run: 'npm run release:packages -- "${VERSION#v}"',
          env: { VERSION: '${{ github.ref_type == \'tag\' && github.ref_name || \'v0.0.0\' }}' },
        },
        { name: 'Permissions, which an upload loses', run: `cd ${PACKAGES} && getfacl -R . > permissions-backup.acl`, continueOnError: true },
        github.WorkflowSteps.uploadArtifact({ id: 'upload', with: { name: 'packages', path: PACKAGES } }),
      ],
    },
    // projen gives the jobs to a release workflow of its own only, which bumps versions by commits.
    ...(publisher as any)._renderJobsForBranch('main', {}),
    release_documentation: {
      needs: ['build'],
      if: 'github.ref_type == \'tag\'',
      runsOn: RUNNER,
      permissions: { contents: JobPermission.WRITE },
      steps: [
        github.WorkflowSteps.downloadArtifact({ with: { artifactIds: ['${{ needs.build.outputs.artifact_id }}'], path: PACKAGES } }),
        {
          name: 'Release with the API\'s documentation in each language',
          run: `gh release create "$TAG" ${PACKAGES}/docs/*.md --repo "$GITHUB_REPOSITORY" --verify-tag --generate-notes`,
          env: { GH_TOKEN: '${{ github.token }}', TAG: '${{ github.ref_name }}' },
        },
      ],
    },
  });
}
