import { App } from 'cdk8s';
import { TerraformStack, Testing, TerraformVariable, Token } from 'cdktf';
import { AksCluster } from '../../../src/aks';
import { SelfHostedGitLab } from '../../../src/gitlab';
import { GitLabRunnerChart, GitLabRunnerChartProps, JobNetwork, KubernetesGitLabRunner, RunnerToken } from '../../../src/runner';
import { newStack } from '../../synth';

const AZURE = ['169.254.169.254/32', '168.63.129.16/32'];
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];
const NAMES = {
  to: [
    { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } }, podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } },
    { ipBlock: { cidr: '169.254.10.0/24' } },
    { ipBlock: { cidr: '169.254.20.10/32' } },
  ],
  ports: [{ protocol: 'UDP', port: 53 }, { protocol: 'TCP', port: 53 }],
};
const INTERNET = { ipBlock: { cidr: '0.0.0.0/0', except: [...AZURE, ...PRIVATE] } };

function newChart(props: Partial<GitLabRunnerChartProps> = {}): GitLabRunnerChart {
  return new GitLabRunnerChart(new App(), 'ci', { gitlabUrl: 'https://gitlab.example.com', token: RunnerToken.kubernetesSecret('ci-token'), ...props });
}

const policies = (objects: any[]): any[] => objects.filter(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'gitlab-runner-jobs');
const policy = (chart: GitLabRunnerChart): any => {
  const [found, ...more] = policies(chart.toJson());
  expect(more).toEqual([]);
  return found;
};
const egress = (jobNetwork?: JobNetwork, props: Partial<GitLabRunnerChartProps> = {}): any[] =>
  policy(newChart({ jobNetwork, ...props })).spec.egress;
const warnings = (chart: GitLabRunnerChart): string[] => chart.node.metadata.filter(({ type }) => type === '@cdktf/warn').map(({ data }) => data.replace(/ \[[a-z-]+\]$/, ''));
/** Types that JavaScript lets through. */
const wrong = (value: unknown): any => value;

describe('by default', () => {
  test('nobody reaches a job, and it reaches names and the Internet without Azure\'s machine services and private addresses', () => {
    const chart = newChart();
    expect(policy(chart).spec).toEqual({
      podSelector: { matchExpressions: [{ key: 'job.runner.gitlab.com/pod', operator: 'Exists' }] },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [],
      egress: [NAMES, { to: [INTERNET] }],
    });
    expect(warnings(chart)).toEqual([]);
  });

  test('the policy is where the jobs are', () => {
    expect(policy(newChart()).metadata.namespace).toBe('gitlab-runner');
    expect(policy(newChart({ namespace: 'runner', jobNamespace: 'jobs' })).metadata.namespace).toBe('jobs');
  });

  test('a GitLab with a private address in its URL is open, at its port', () => {
    const open = (gitlabUrl: string) => egress(undefined, { gitlabUrl }).slice(1);
    const gitlab = (port: number, address = '10.1.0.4') => [{ to: [{ ipBlock: { cidr: `${address}/32` } }], ports: [{ protocol: 'TCP', port }] }, { to: [INTERNET] }];
    expect(open('https://10.1.0.4')).toEqual(gitlab(443));
    expect(open('http://10.1.0.4')).toEqual(gitlab(80));
    expect(open('https://10.1.0.4:8443/gitlab')).toEqual(gitlab(8443));
    expect(open('https://172.31.0.4')).toEqual(gitlab(443, '172.31.0.4'));
    for (const elsewhere of ['https://203.0.113.7', 'https://10.1.0.4.example.com', 'https://gitlab.example.com:8443']) {
      expect(open(elsewhere)).toEqual([{ to: [INTERNET] }]);
    }
  });

  test('a GitLab whose name looks private gives a warning, until its address is given', () => {
    const warning = (name: string) => [
      `jobNetwork: jobs reach public addresses only, and ${name} looks like the name of a private one; give its address to JobNetwork.internet()`,
    ];
    for (const name of ['gitlab.corp.internal', 'gitlab', 'gitlab.lan', 'gitlab.home.arpa']) {
      expect(warnings(newChart({ gitlabUrl: `https://${name}:8443` }))).toEqual(warning(name));
      expect(warnings(newChart({ gitlabUrl: `https://${name}`, jobNetwork: JobNetwork.internet(['10.1.0.4/32']) }))).toEqual([]);
    }
    expect(warnings(newChart({ gitlabUrl: 'https://internal.example.com' }))).toEqual([]);
  });
});

describe('the Internet', () => {
  test('and private blocks beside it, known or not', () => {
    expect(egress(JobNetwork.internet(['10.1.0.0/16', '100.100.0.4/32']))[1]).toEqual({
      to: [INTERNET, { ipBlock: { cidr: '10.1.0.0/16' } }, { ipBlock: { cidr: '100.100.0.4/32' } }],
    });
    const block = new TerraformVariable(newStack(), 'Block', {}).stringValue;
    expect(egress(JobNetwork.internet([block]))[1].to[1].ipBlock).toEqual({ cidr: block });
  });

  test('fails on what is no private block', () => {
    expect(() => JobNetwork.internet(['8.8.8.8/32'])).toThrow(
      'privateCidrs[0]: public, and reachable already with the rest of the Internet, got "8.8.8.8/32"; leave it out (at JobNetwork.internet)');
    expect(() => JobNetwork.internet(['10.0.0.1'])).toThrow(
      'privateCidrs[0]: not an IPv4 block, got "10.0.0.1"; did you mean "10.0.0.1/32" (at JobNetwork.internet)');
    expect(() => JobNetwork.internet(['169.254.169.254/32'])).toThrow(
      'privateCidrs[0]: an Azure service that treats every caller as the node, got "169.254.169.254/32"; leave it out, or use JobNetwork.open() (at JobNetwork.internet)');
    expect(() => JobNetwork.internet(wrong('10.0.0.0/8'))).toThrow(
      'privateCidrs: not a list, got "10.0.0.0/8"; give a list, each item an IPv4 block such as "10.0.0.0/16" (at JobNetwork.internet)');
    expect(() => JobNetwork.internet(Token.asList({ resolve: () => [] }))).toThrow(
      'privateCidrs: known only at apply time, got a reference; write the list here; its items may be references (at JobNetwork.internet)');
  });
});

describe('a list', () => {
  test('is all there is beside names, without Azure\'s machine services', () => {
    expect(egress(JobNetwork.listed(['203.0.113.0/24', '168.0.0.0/8', '169.254.0.0/16', '0.0.0.0/0']))).toEqual([NAMES, {
      to: [
        { ipBlock: { cidr: '203.0.113.0/24' } },
        { ipBlock: { cidr: '168.0.0.0/8', except: ['168.63.129.16/32'] } },
        { ipBlock: { cidr: '169.254.0.0/16', except: ['169.254.169.254/32'] } },
        { ipBlock: { cidr: '0.0.0.0/0', except: AZURE } },
      ],
    }]);
  });

  test('has GitLab where its address is known', () => {
    expect(egress(JobNetwork.listed(['10.2.0.0/16']), { gitlabUrl: 'https://203.0.113.7' }).slice(1)).toEqual([
      { to: [{ ipBlock: { cidr: '203.0.113.7/32' } }], ports: [{ protocol: 'TCP', port: 443 }] },
      { to: [{ ipBlock: { cidr: '10.2.0.0/16' } }] },
    ]);
  });

  test('fails on an empty one, on no list, and on Azure\'s machine services by themselves', () => {
    expect(() => JobNetwork.listed([])).toThrow(
      'cidrs: empty, got []; give at least 1, each an IPv4 block such as "10.0.0.0/16", or use closed() (at JobNetwork.listed)');
    expect(() => JobNetwork.listed(wrong(undefined))).toThrow(
      'cidrs: missing, got nothing; give a list, each item an IPv4 block such as "10.0.0.0/16" (at JobNetwork.listed)');
    expect(() => JobNetwork.listed(['10.0.0.0/8', '10.0.0.0/8'])).toThrow('cidrs[1]: given twice, got "10.0.0.0/8"; name it once (at JobNetwork.listed)');
    expect(() => JobNetwork.listed(['10.0.0.0/8', '168.63.129.16/32'])).toThrow(
      'cidrs[1]: an Azure service that treats every caller as the node, got "168.63.129.16/32"; leave it out, or use JobNetwork.open() (at JobNetwork.listed)');
  });
});

describe('a closed network', () => {
  test('has names and GitLab alone', () => {
    expect(egress(JobNetwork.closed(), { gitlabUrl: 'https://10.1.0.4' })).toEqual([
      NAMES, { to: [{ ipBlock: { cidr: '10.1.0.4/32' } }], ports: [{ protocol: 'TCP', port: 443 }] },
    ]);
  });

  test('knows the address of a GitLab of this library\'s', () => {
    const stack = newStack();
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral' });
    const runner = new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster: cluster(stack), jobNetwork: JobNetwork.closed() });
    expect(policy(runner.chart).spec.egress[1]).toEqual({
      to: [{ ipBlock: { cidr: `${gitlab.publicIpAddress}/32` } }], ports: [{ protocol: 'TCP', port: 443 }],
    });
    expect(JSON.stringify(Testing.synth(stack, true))).toMatch(/azurerm_public_ip\.[\w.]+ip_address\}\/32/);
  });

  test('fails where GitLab\'s address is not known', () => {
    expect(() => newChart({ jobNetwork: JobNetwork.closed() })).toThrow(
      'jobNetwork: a network policy needs addresses, and that of https://gitlab.example.com is not known, got "JobNetwork.closed()"; '
      + 'use JobNetwork.listed() with GitLab\'s address (at ci)');
  });
});

describe('an open network', () => {
  test('has no policy and a warning', () => {
    const chart = newChart({ jobNetwork: JobNetwork.open() });
    expect(policies(chart.toJson())).toEqual([]);
    expect(warnings(chart)).toEqual([
      'jobNetwork: every job can use the identity of its node through 169.254.169.254 and reach other jobs; use JobNetwork.internet() or listed()',
    ]);
  });
});

describe('jobs that no policy holds', () => {
  const beyond = (kubernetesSettings: any, jobNetwork?: JobNetwork) =>
    warnings(newChart({ kubernetesSettings, jobNetwork })).filter((warning) => warning.startsWith('jobNetwork: no network policy'));

  test('in other namespaces give a warning', () => {
    for (const key of ['namespace_per_job', 'namespace_overwrite_allowed']) {
      expect(beyond({ [key]: key === 'namespace_per_job' ? true : 'ci-.*' })).toEqual([
        `jobNetwork: no network policy covers the namespaces that kubernetesSettings.${key} creates; leave it out, or give these jobs a cluster of their own`,
      ]);
    }
    expect(beyond({ namespace_per_job: true }, JobNetwork.open())).toEqual([]);
    expect(beyond({ namespace_per_job: false })).toEqual([]);
  });

  test('in their node\'s network give a warning', () => {
    const pods = (patch: string, type: string) => beyond({ pod_spec: [{ name: 'network', patch_type: type, patch }] });
    const warning = ['jobNetwork: no network policy covers pods on the node\'s network, which kubernetesSettings.pod_spec asks for; leave hostNetwork out'];
    expect(pods('hostNetwork: true', 'strategic')).toEqual(warning);
    expect(pods('{"hostNetwork": true}', 'merge')).toEqual(warning);
    expect(pods('[{"op":"add","path":"/hostNetwork","value":true}]', 'json')).toEqual(warning);
    expect(pods('[{"op":"add","path":"/hostUsers","value":false}]', 'json')).toEqual([]);
  });
});

test('fails on what is no network', () => {
  expect(() => newChart({ jobNetwork: wrong('open') })).toThrow(
    'jobNetwork: not a JobNetwork, got "open"; give one such as JobNetwork.internet() (at ci)');
});

function cluster(stack: TerraformStack): AksCluster {
  return new AksCluster(stack, 'Cluster', { location: 'koreacentral' });
}
