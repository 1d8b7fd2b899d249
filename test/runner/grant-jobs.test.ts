import {
  AksCluster, AzureRole, GitLabRunnerScope, KubernetesGitLabRunner, KubernetesGitLabRunnerProps, RunnerToken, SelfHostedGitLab,
} from '../../src';
import { newStack, resource, synth, warnings } from '../synth';
import { LOCATION, REGISTRY, applied, config, joinExisting, roles } from './joined';

describe('jobs\' rights in Azure', () => {
  const WARNING = 'Test/Runner: grantJobs: the runner serves the whole instance, so anybody who can create a project on the server has these rights, and tags keep nobody out; '
    + 'set runnerScope to a group or project';

  function granted(act: (runner: KubernetesGitLabRunner) => void, props: Partial<KubernetesGitLabRunnerProps> = {}): string[] {
    const stack = newStack();
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION });
    const cluster = new AksCluster(stack, 'Cluster', { location: LOCATION });
    act(new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, tags: ['releases'], ...props }));
    return warnings(stack).filter((warning) => warning.startsWith('Test/Runner'));
  }

  test.each<[string, (runner: KubernetesGitLabRunner) => void, Partial<KubernetesGitLabRunnerProps>]>([
    ['the manager\'s runner', (runner) => runner.grantJobs('Push', AzureRole.ACR_PUSH, REGISTRY), {}],
    ['a runner that says so', (runner) => runner.grantJobs('Push', AzureRole.ACR_PUSH, REGISTRY), { runnerScope: GitLabRunnerScope.instance() }],
    ['a runner added before', (runner) => {
      runner.addRunner('all', { tags: ['all'] });
      runner.grantJobs('Push', AzureRole.ACR_PUSH, REGISTRY);
    }, { runnerScope: GitLabRunnerScope.group('team') }],
    ['a runner added afterwards, once', (runner) => {
      runner.grantJobs('Push', AzureRole.ACR_PUSH, REGISTRY);
      runner.grantJobs('Read', AzureRole.READER, REGISTRY);
      runner.addRunner('all', { tags: ['all'] });
    }, { runnerScope: GitLabRunnerScope.project('team/api') }],
  ])('are everybody\'s on an instance-wide runner, which gives a warning: %s', (_name, act, props) => {
    expect(granted(act, props)).toEqual([WARNING]);
  });

  test('give no warning where the runner is a group\'s or a project\'s, where nobody knows, and where there are none', () => {
    const grant = (runner: KubernetesGitLabRunner) => runner.grantJobs('Push', AzureRole.ACR_PUSH, REGISTRY);
    expect(granted(grant, { runnerScope: GitLabRunnerScope.group('team') })).toEqual([]);
    expect(granted(grant, { runnerScope: GitLabRunnerScope.project('team/api') })).toEqual([]);
    expect(granted(grant, { token: RunnerToken.kubernetesSecret('token'), tags: undefined })).toEqual([]);
    expect(granted(() => undefined)).toEqual([]);
  });

  test('come by the identity of their service account', () => {
    const { stack, runner } = joinExisting({ namespace: 'runner', jobNamespace: 'jobs' });
    runner.grantJobs('Push', AzureRole.ACR_PUSH, REGISTRY);
    runner.grantJobs('Read', AzureRole.READER, REGISTRY);
    const json = synth(stack);
    expect(roles(json)).toEqual([`AcrPush: ${REGISTRY}`, `Reader: ${REGISTRY}`]);
    expect(resource(json, 'azurerm_federated_identity_credential').subject).toBe('system:serviceaccount:jobs:gitlab-runner-job');
    expect(applied(json, 'ServiceAccount', 'gitlab-runner-job').metadata.annotations).toEqual({
      'azure.workload.identity/client-id': expect.stringMatching(/^\$\{azurerm_user_assigned_identity\.Runner_JobIdentity_\w+\.client_id\}$/),
      'azure.workload.identity/tenant-id': expect.stringMatching(/\$\{.*tenant_id\}$/),
    });
    expect(config(runner).runners[0].kubernetes).toMatchObject({
      service_account: 'gitlab-runner-job', pod_labels: { 'azure.workload.identity/use': 'true' }, automount_service_account_token: false,
    });
    expect(resource(json, 'helm_release').depends_on).toEqual(expect.arrayContaining([
      expect.stringMatching(/azurerm_federated_identity_credential\.Runner_JobIdentity/), expect.stringMatching(/azurerm_role_assignment\.Runner_JobIdentity_Push/),
    ]));
  });

  test('fails when jobs have namespaces of their own', () => {
    const { runner } = joinExisting({ kubernetesSettings: { namespace_per_job: true } });
    expect(() => runner.grantJobs('Push', AzureRole.ACR_PUSH, REGISTRY)).toThrow(new Error(
      'kubernetesSettings.namespace_per_job: a managed identity is tied to one namespace, so jobs in namespaces of their own cannot have one, got true; '
      + 'remove it, or the calls of grantJobs() (at Test/Runner)'));
    const other = joinExisting().runner;
    other.grantJobs('Push', AzureRole.ACR_PUSH, REGISTRY);
    expect(() => other.addRunner('second', { token: RunnerToken.kubernetesSecret('t'), kubernetesSettings: { namespace_per_job: true } })).toThrow(new Error(
      'kubernetesSettings.namespace_per_job: a managed identity is tied to one namespace, so jobs in namespaces of their own cannot have one, got true; '
      + 'give such jobs a manager of their own (at Test/Runner)'));
  });
});
