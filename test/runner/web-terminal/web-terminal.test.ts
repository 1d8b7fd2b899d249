import * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import { parse } from 'smol-toml';
import { RunnerPodMonitor, RunnerWebTerminal } from '../../../src/runner';
import { newChart, object, pod, wrong } from '../chart';

const CIDRS = ['10.10.0.4/32'];
const internal = RunnerWebTerminal.internalLoadBalancer('10.224.0.250', CIDRS);
const withTerminal = (webTerminal: RunnerWebTerminal) => newChart({ webTerminal });
const sessions = (webTerminal: RunnerWebTerminal): any =>
  parse(object(withTerminal(webTerminal), 'ConfigMap').data['config.template.toml']).session_server;
const service = (webTerminal: RunnerWebTerminal): any => object(withTerminal(webTerminal), 'Service');
const managerPolicy = (chart: ReturnType<typeof newChart>): any => object(chart, 'NetworkPolicy', 'gitlab-runner').spec.ingress;
const execVerbs = (chart: ReturnType<typeof newChart>): string[] =>
  object(chart, 'Role').rules.find(({ resources }: any) => resources.includes('pods/exec')).verbs;

test('without a web terminal nothing listens, nobody is let in, and no right is there for it', () => {
  const chart = newChart();
  expect(chart.toJson().filter(({ kind }) => kind === 'Service')).toEqual([]);
  expect(object(chart, 'ConfigMap').data['config.template.toml']).not.toContain('session_server');
  expect(pod(chart).spec.containers[0].ports).toHaveLength(1);
  expect(managerPolicy(chart)).toEqual([]);
  expect(execVerbs(chart)).toEqual(['create']);
});

test('the manager listens, tells its address, and may open a WebSocket', () => {
  expect(sessions(internal)).toEqual({ listen_address: ':8093', advertise_address: '10.224.0.250:8093', session_timeout: 1800 });
  expect(sessions(RunnerWebTerminal.internalLoadBalancer('10.224.0.250', CIDRS, 60)).session_timeout).toBe(60);
  expect(pod(withTerminal(internal)).spec.containers[0].ports).toEqual([{ name: 'metrics', containerPort: 9252 }, { name: 'sessions', containerPort: 8093 }]);
  expect(execVerbs(withTerminal(internal))).toEqual(['create', 'get']);
});

test('an internal load balancer has the address, and lets in GitLab alone', () => {
  expect(service(internal)).toMatchObject({
    metadata: {
      name: 'gitlab-runner-terminal',
      annotations: { 'service.beta.kubernetes.io/azure-load-balancer-internal': 'true', 'service.beta.kubernetes.io/azure-load-balancer-ipv4': '10.224.0.250' },
    },
    spec: {
      type: 'LoadBalancer', externalTrafficPolicy: 'Local', loadBalancerSourceRanges: CIDRS, selector: { 'app.kubernetes.io/name': 'gitlab-runner' },
      ports: [{ name: 'sessions', port: 8093, targetPort: 'sessions', protocol: 'TCP' }],
    },
  });
  expect(managerPolicy(withTerminal(internal))).toEqual([{ from: [{ ipBlock: { cidr: '10.10.0.4/32' } }], ports: [{ port: 8093, protocol: 'TCP' }] }]);
  const { spec } = service(internal);
  const known = Object.entries((k8s as any).toJson_ServiceSpec(spec)).filter(([, value]) => value !== undefined).map(([key]) => key);
  expect(known.sort()).toEqual(Object.keys(spec).sort());
});

test('a public load balancer is not internal', () => {
  const { metadata, spec } = service(RunnerWebTerminal.publicLoadBalancer('203.0.113.7', CIDRS));
  expect(metadata.annotations).toEqual({ 'service.beta.kubernetes.io/azure-load-balancer-ipv4': '203.0.113.7' });
  expect(spec.loadBalancerSourceRanges).toEqual(CIDRS);
});

test('behind an ingress its namespace is let in, and metrics stay with Prometheus', () => {
  const webTerminal = RunnerWebTerminal.ingress('terminal.example.com:443', 'ingress');
  expect(sessions(webTerminal).advertise_address).toBe('terminal.example.com:443');
  const { metadata, spec } = service(webTerminal);
  expect([metadata.annotations, spec.type, spec.externalTrafficPolicy]).toEqual([undefined, 'ClusterIP', undefined]);
  expect(managerPolicy(newChart({ webTerminal, podMonitor: RunnerPodMonitor.PROMETHEUS_OPERATOR }))).toEqual([
    { from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }], ports: [{ port: 9252, protocol: 'TCP' }] },
    { from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress' } } }], ports: [{ port: 8093, protocol: 'TCP' }] },
  ]);
});

test.each<[string, () => unknown, string]>([
  ['there are several managers', () => newChart({ webTerminal: internal, managerReplicas: 2 }),
    'webTerminal: a session is with one manager, and one address leads to any of several, got 2; leave managerReplicas or webTerminal out (at ci)'],
  ['the address is a name', () => RunnerWebTerminal.internalLoadBalancer('terminal.example.com', CIDRS),
    'ipAddress: not a valid value, got "terminal.example.com"; give an IPv4 address such as "203.0.113.7" (at RunnerWebTerminal.internalLoadBalancer)'],
  ['everybody is let in', () => RunnerWebTerminal.publicLoadBalancer('203.0.113.7', ['0.0.0.0/0']),
    'gitlabCidrs[0]: wrong size, got "0.0.0.0/0"; give a prefix length from /8 to /32 (at RunnerWebTerminal.publicLoadBalancer)'],
  ['nobody is let in', () => RunnerWebTerminal.publicLoadBalancer('203.0.113.7', []),
    'gitlabCidrs: empty, got []; give at least 1, each an IPv4 block such as "10.0.0.0/16" (at RunnerWebTerminal.publicLoadBalancer)'],
  ['a scheme is given', () => RunnerWebTerminal.ingress('https://terminal.example.com', 'ingress'),
    'address: not a valid value, got "https://terminal.example.com"; give a host and a port such as "terminal.example.com:443" (at RunnerWebTerminal.ingress)'],
  ['a port is out of range', () => RunnerWebTerminal.ingress('terminal.example.com:70000', 'ingress'),
    'address: out of range, got 70000; give a whole number from 1 to 65535 (at RunnerWebTerminal.ingress)'],
  ['the time is', () => RunnerWebTerminal.internalLoadBalancer('10.0.0.9', CIDRS, 0),
    'sessionTimeoutSeconds: out of range, got 0; give a whole number from 1 to 86400 (at RunnerWebTerminal.internalLoadBalancer)'],
  ['it is none', () => newChart({ webTerminal: wrong({}) }),
    'webTerminal: not a RunnerWebTerminal, got an object; give one such as RunnerWebTerminal.internalLoadBalancer() (at ci)'],
  ['it is set by its own name', () => newChart({ runnerSettings: { session_server: { session_timeout: 60 } } }),
    'runnerSettings.session_server: set in another way, got {"session_timeout":60}; use webTerminal (at ci)'],
])('refused: %s', (_what, make, message) => {
  expect(make).toThrow(new Error(message));
});
