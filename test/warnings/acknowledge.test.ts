import { Testing as Cdk8sTesting } from 'cdk8s';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  AksCluster, GitLab, GitLabRunnerChart, GitLabRunnerToken, IGitLab, KubernetesGitLabRunner, KubernetesGitLabRunnerProps, ManifestDelivery,
  RunnerToken, SelfHostedGitLab, Warnings,
} from '../../src';
import { newStack, synth, testApp } from '../synth';

const EVERYBODY = ['0.0.0.0/0'];

/** Paths and ids of the warnings in an app, in its order. */
function given(stack: TerraformStack): string[] {
  return stack.node.root.node.findAll().flatMap(({ node }) => node.metadata.filter(({ type }) => type === '@cdktf/warn')
    .map(({ data }) => `${node.path} ${data.replace(/^.* \[(.*)\]$/s, '$1')}`));
}

/** A synthesis with what comes at its end. */
function finish(stack: TerraformStack): string[] {
  synth(stack);
  stack.node.root.node.validate();
  return given(stack);
}

const openServer = (stack: Construct, id = 'GitLab') => new SelfHostedGitLab(stack, id, { location: 'koreacentral', sshAllowedCidrs: EVERYBODY });

function privilegedRunner(stack: TerraformStack, props: Partial<KubernetesGitLabRunnerProps> = {}): KubernetesGitLabRunner {
  return new KubernetesGitLabRunner(stack, 'Runner', {
    gitlab: GitLab.fromAttributes(stack, 'Com', { gitlabUrl: 'https://gitlab.com' }),
    cluster: AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'aks', resourceGroupName: 'g' }),
    token: RunnerToken.kubernetesSecret('token'),
    privileged: true,
    ...props,
  });
}

describe('an acknowledgement', () => {
  test('silences what comes after it', () => {
    const stack = newStack();
    Warnings.of(stack).acknowledge('ssh-open-to-internet', 'a trial');
    openServer(stack);
    expect(finish(stack)).toEqual([]);
  });

  test('silences what came before it, and leaves a trace of both', () => {
    const stack = newStack();
    const gitlab = openServer(stack);
    expect(given(stack)).toEqual(['Test/GitLab ssh-open-to-internet']);
    Warnings.of(gitlab).acknowledge('ssh-open-to-internet', 'a trial');
    expect(finish(stack)).toEqual([]);
    expect(gitlab.node.metadata.filter(({ type }) => type === 'cdktf-azure-gitlab/acknowledged').map(({ data }) => data)).toEqual([
      'sshAllowedCidrs: port 22 is open to the whole Internet; name the networks that need it [ssh-open-to-internet], acknowledged: a trial',
    ]);
  });

  test('is good for its construct and what is below, and for its id alone', () => {
    const stack = newStack();
    const trial = new Construct(stack, 'Trial');
    Warnings.of(trial).acknowledge('ssh-open-to-internet', 'a trial');
    const gitlab = new SelfHostedGitLab(trial, 'GitLab', { location: 'koreacentral', sshAllowedCidrs: EVERYBODY, preventDestroy: false });
    openServer(stack, 'Other');
    expect(finish(stack)).toEqual([`${gitlab.node.path} destroy-allowed`, 'Test/Other ssh-open-to-internet']);
  });

  test('of an app is good for all its stacks', () => {
    const app = testApp();
    const stacks = ['A', 'B'].map((id) => new TerraformStack(app, id));
    stacks.forEach((stack) => openServer(stack));
    Warnings.of(app).acknowledge('ssh-open-to-internet', 'a trial');
    expect(finish(stacks[0])).toEqual([]);
  });

  test.each<[string, (runner: KubernetesGitLabRunner) => Construct]>([
    ['the runner', (runner) => runner],
    ['its chart', (runner) => runner.chart],
    ['its chart\'s own app', (runner) => runner.chart.node.root as Construct],
    ['its stack', (runner) => TerraformStack.of(runner)],
  ])('of %s is good for the jobs\' warnings, also for those of runners that come later', (_, scope) => {
    const stack = newStack();
    const runner = privilegedRunner(stack);
    expect(given(stack)).toEqual(['Test/Runner privileged-jobs']);
    Warnings.of(scope(runner)).acknowledge('privileged-jobs', 'they build images');
    Warnings.of(scope(runner)).acknowledge('privilege-escalation', 'jobs need sudo');
    runner.addRunner('sudo', { token: RunnerToken.kubernetesSecret('other'), allowPrivilegeEscalation: true });
    expect(finish(stack)).toEqual([]);
  });

  test.each(['before', 'after'])('of a plain chart\'s app works %s the chart is handed over', (order) => {
    const stack = newStack();
    const app = Cdk8sTesting.app();
    const chart = new GitLabRunnerChart(app, 'ci', { gitlabUrl: 'https://gitlab.com', token: RunnerToken.kubernetesSecret('token'), privileged: true });
    const cluster = AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'aks', resourceGroupName: 'g' });
    const acknowledge = () => Warnings.of(app).acknowledge('privileged-jobs', 'they build images');
    if (order === 'before') {
      acknowledge();
    }
    cluster.addCdk8sChart('Chart', chart);
    if (order === 'after') {
      expect(given(stack)).toEqual(['Test/Cluster/Chart privileged-jobs']);
      acknowledge();
    }
    expect(finish(stack)).toEqual([]);
  });
});

describe('one that silences nothing', () => {
  test('is told', () => {
    const stack = newStack();
    const gitlab = openServer(stack);
    Warnings.of(gitlab).acknowledge('ssh-open-to-internet', 'a trial');
    Warnings.of(gitlab).acknowledge('plain-http', 'it was once');
    expect(finish(stack)).toEqual(['Test/GitLab unused-acknowledgement']);
  });

  test('is the runner\'s to tell for its chart', () => {
    const stack = newStack();
    Warnings.of(privilegedRunner(stack).chart).acknowledge('host-path-volume', 'it was once');
    expect(finish(stack)).toEqual(['Test/Runner privileged-jobs', 'Test/Runner unused-acknowledgement']);
  });

  test('is told once, however often the app is synthesised', () => {
    const stack = newStack();
    Warnings.of(stack).acknowledge('plain-http', 'it was once');
    finish(stack);
    expect(finish(stack)).toEqual(['Test unused-acknowledgement']);
  });

  test('may be meant too, as in a base of several programs', () => {
    const stack = newStack();
    Warnings.of(stack).acknowledge('plain-http', 'in trials alone');
    Warnings.of(stack).acknowledge('unused-acknowledgement', 'not every program is a trial');
    expect(finish(stack)).toEqual([]);
  });

  test('is none of two that silence the same', () => {
    const stack = newStack();
    const gitlab = openServer(stack);
    [stack, gitlab].forEach((scope) => Warnings.of(scope).acknowledge('ssh-open-to-internet', 'a trial'));
    expect(finish(stack)).toEqual([]);
  });
});

describe('a warning', () => {
  test('is given once, though each synthesis looks anew', () => {
    const stack = newStack();
    const cluster = AksCluster.fromAksClusterAttributes(stack, 'Cluster', {
      clusterName: 'aks', resourceGroupName: 'g', manifestDelivery: ManifestDelivery.files(),
    });
    cluster.addManifest('Map', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { oidc: cluster.oidcIssuerUrl } });
    finish(stack);
    expect(finish(stack)).toEqual(['Test/Cluster/Map unresolved-manifest-values']);
  });

  test('of plain HTTP is GitLab\'s, not its runners\' too', () => {
    const stack = newStack();
    privilegedRunner(stack, {
      privileged: false, gitlab: GitLab.fromAttributes(stack, 'GitLab', { gitlabUrl: 'http://gitlab.example.com' }),
    });
    expect(finish(stack)).toEqual(['Test/GitLab plain-http']);
  });

  test('of plain HTTP is the runner\'s where a GitLab of somebody else\'s class gives none', () => {
    const stack = newStack();
    privilegedRunner(stack, { privileged: false, gitlab: new OwnGitLab(stack, 'GitLab') });
    expect(finish(stack)).toEqual(['Test/Runner plain-http']);
  });
});

class OwnGitLab extends Construct implements IGitLab {
  readonly gitlabUrl = 'http://gitlab.example.com';

  requestRunnerToken(): GitLabRunnerToken {
    throw new Error('not asked for');
  }

  allowWebFrom(): void {
    // not ours.
  }
}

describe('fails when', () => {
  const of = (scope: Construct) => (id: unknown, reason: unknown) => () => Warnings.of(scope).acknowledge(id as string, reason as string);

  test.each<[string, unknown, unknown, string]>([
    ['the id is unknown', 'ssh-open', 'x', 'id: not the id of a warning, got "ssh-open"; did you mean "sign-up-open" (at Test)'],
    ['the id is misspelt', 'ssh-open-to-intranet', 'x', 'id: not the id of a warning, got "ssh-open-to-intranet"; did you mean "ssh-open-to-internet" (at Test)'],
    ['the id is missing', undefined, 'x', 'id: missing, got nothing; give the id of a warning (at Test)'],
    ['the reason is empty', 'plain-http', '', 'reason: not a valid value, got ""; give a reason, as text (at Test)'],
    ['the reason is no text', 'plain-http', 1, 'reason: not text, got 1; give a reason, as text (at Test)'],
  ])('%s', (_, id, reason, message) => {
    expect(of(newStack())(id, reason)).toThrow(new Error(message));
  });

  test('the app itself is asked wrongly', () => {
    expect(of(testApp())('x', 'x')).toThrow(/ \(at Warnings\.acknowledge\)$/);
  });

  test('the scope is no construct', () => {
    expect(() => Warnings.of({} as any)).toThrow(new Error('scope: not a construct, got an object; give an app, a stack or a construct in it (at Warnings.of)'));
  });
});
