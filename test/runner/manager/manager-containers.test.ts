import * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import { TerraformStack, Token } from 'cdktf';
import { GitLabRunnerChartProps, KeyVaultSecret, RunnerSecret } from '../../../src';
import { resources, synth } from '../../synth';
import { config, newChart, object, warnings } from '../chart';
import { config as configOf, joinExisting, VAULT } from '../joined';

const pod = (props: Partial<GitLabRunnerChartProps>): any => object(newChart(props), 'Deployment').spec.template.spec;
const EXPORTER = { name: 'exporter', image: 'registry.example.com/exporter:1', args: ['--listen=:9100'], volumeMounts: [{ name: 'shared', mountPath: '/shared' }] };
const LOCKED = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true };

test('containers come after the manager\'s own, those that run before it come first, and all are kept from the node', () => {
  const { containers, initContainers, volumes } = pod({
    managerPodVolumes: { shared: { emptyDir: { sizeLimit: '10Mi' } } },
    managerVolumes: { '/etc/own': { name: 'shared', readOnly: true, subPath: 'own' }, '/etc/registries': { secret: { secretName: 'registries' } } },
    managerContainers: [EXPORTER],
    managerInitContainers: [
      { name: 'proxy', image: 'proxy:1', restartPolicy: 'Always', ports: [{ containerPort: 3128 }], securityContext: { readOnlyRootFilesystem: false, runAsUser: 1000 } },
      { name: 'fetch', image: 'fetch:1' },
    ],
  });
  expect(containers.map(({ name }: any) => name)).toEqual(['gitlab-runner', 'exporter']);
  expect(containers[1]).toEqual({ ...EXPORTER, securityContext: LOCKED });
  expect(initContainers.map(({ name }: any) => name)).toEqual(['proxy', 'fetch', 'render-config']);
  expect(initContainers[0].securityContext).toEqual({ ...LOCKED, readOnlyRootFilesystem: false, runAsUser: 1000 });
  expect(volumes.slice(-2)).toEqual([{ name: 'own-1', secret: { secretName: 'registries' } }, { name: 'shared', emptyDir: { sizeLimit: '10Mi' } }]);
  expect(containers[0].volumeMounts.slice(-2)).toEqual([
    { name: 'shared', mountPath: '/etc/own', readOnly: true, subPath: 'own' }, { name: 'own-1', mountPath: '/etc/registries' },
  ]);
  // they have no token for the cluster's API.
  expect(JSON.stringify([containers[1], initContainers.slice(0, 2)])).not.toContain('api-access');
  for (const container of [containers[1], ...initContainers.slice(0, 2)]) {
    const known = Object.entries((k8s as any).toJson_Container(container)).filter(([, value]) => value !== undefined).map(([key]) => key);
    expect(known.sort()).toEqual(Object.keys(container).sort());
  }
});

test('nothing of it is there unless it is said', () => {
  const { containers, initContainers } = pod({});
  expect([containers.length, initContainers.length]).toEqual([1, 1]);
  expect(pod({ managerContainers: [], managerInitContainers: [], managerPodVolumes: {}, managerEnvironmentSecrets: {} })).toEqual(pod({}));
});

describe('variables from secrets', () => {
  test('are the manager\'s and the sidecar\'s, by reference', () => {
    const { containers, initContainers } = pod({
      managerEnvironment: { LANG: 'C.UTF-8' }, managerEnvironmentSecrets: { HTTPS_PROXY: RunnerSecret.kubernetesSecret('proxy', 'url') },
    });
    const proxy = { name: 'HTTPS_PROXY', valueFrom: { secretKeyRef: { name: 'proxy', key: 'url' } } };
    for (const { env } of [containers[0], initContainers[0]]) {
      expect(env.slice(0, 3)).toEqual([{ name: 'LANG', value: 'C.UTF-8' }, proxy, { name: 'NO_PROXY', value: '$(KUBERNETES_SERVICE_HOST),.svc,.cluster.local' }]);
    }
    expect(warnings(newChart({ managerEnvironmentSecrets: { SENTRY_TOKEN: RunnerSecret.kubernetesSecret('a', 'b') } }))).toEqual([]);
  });

  test('that say what is past the proxy stay as they are', () => {
    const { containers } = pod({ managerEnvironment: { HTTPS_PROXY: 'http://proxy:3128' }, managerEnvironmentSecrets: { no_proxy: RunnerSecret.kubernetesSecret('a', 'b') } });
    expect(containers[0].env.map(({ name }: any) => name)).toEqual(['HTTPS_PROXY', 'no_proxy', 'HOME']);
  });

  test('of a vault are copied by the driver, with a role for the manager', () => {
    const { runner } = joinExisting({
      managerEnvironmentSecrets: { AWS_SECRET_ACCESS_KEY: RunnerSecret.keyVaultSecret(KeyVaultSecret.of(VAULT, 'aws')) },
      sentryDsn: RunnerSecret.keyVaultSecret(KeyVaultSecret.of(VAULT, 'dsn')),
    });
    const [{ name, valueFrom: { secretKeyRef: { name: secret, key } } }] = object(runner.chart, 'Deployment').spec.template.spec.containers[0].env;
    expect(name).toBe('AWS_SECRET_ACCESS_KEY');
    const [provider] = runner.chart.toJson().filter(({ kind }) => kind === 'SecretProviderClass').filter(({ spec }) => spec.secretObjects);
    expect(provider.spec.secretObjects).toEqual([{ secretName: secret, type: 'Opaque', data: [{ objectName: key, key }] }]);
    expect(provider.spec.parameters.objects).toContain('objectName: "aws"');
    expect(configOf(runner).sentry_dsn).toMatch(/^@value:\/secrets\/vault-\d\/sentry@$/);
    const roles = Object.values<any>(resources(synth(TerraformStack.of(runner)), 'azurerm_role_assignment'));
    expect(roles.filter(({ scope, role_definition_name: role }) => scope === VAULT && role === 'Key Vault Secrets User')).toHaveLength(1);
  });
});

test('the address of a Sentry project is put in by the sidecar, above the runners', () => {
  const chart = newChart({ sentryDsn: RunnerSecret.kubernetesSecret('sentry', 'dsn') });
  expect(config(chart).sentry_dsn).toBe('@value:/secrets/sentry/sentry@');
  const { containers, initContainers, volumes } = object(chart, 'Deployment').spec.template.spec;
  expect(volumes).toContainEqual({ name: 'sentry', secret: { secretName: 'sentry', items: [{ key: 'dsn', path: 'sentry' }] } });
  expect(initContainers[0].volumeMounts).toContainEqual({ name: 'sentry', mountPath: '/secrets/sentry', readOnly: true });
  expect(JSON.stringify(containers)).not.toContain('sentry');
});

const container = (more: object) => ({ managerContainers: [{ name: 'x', image: 'x:1', ...more }] });
const restricted = (field: string, got: string) => `managerContainers[0].securityContext.${field}: more than the Pod Security level "restricted" of the manager's namespace lets a `
  + `container have, got ${got}; leave it out, or give namespaces of your own with namespaceCreationEnabled: false`;

test.each<[string, Partial<GitLabRunnerChartProps>, string]>([
  ['a field is misspelt', container({ volumeMount: [] }), 'managerContainers[0].volumeMount: not a field of a container, got []; did you mean "volumeMounts"'],
  ['a container has no name', { managerContainers: [{ image: 'x:1' }] }, 'managerContainers[0].name: missing, got nothing; give at most 63 '],
  ['a container has no image', { managerInitContainers: [{ name: 'x' }] }, 'managerInitContainers[0].image: missing, got nothing; give '],
  ['its name is the manager\'s', { managerContainers: [{ name: 'render-config', image: 'x:1' }] },
    'managerContainers[0].name: a container of the manager\'s own, got "render-config"; take another name'],
  ['two have one name', { managerContainers: [{ name: 'x', image: 'x:1' }, { name: 'x', image: 'y:1' }] }, 'managerContainers[1]: given twice, got an object; name it once'],
  ['one has the name of another kind', { ...container({}), managerInitContainers: [{ name: 'x', image: 'x:1' }] },
    'managerInitContainers[0].name: in managerContainers too, got "x"; take another name'],
  ['its port is the metrics\'', container({ ports: [{ containerPort: 9252 }] }), 'managerContainers[0].ports[0].containerPort: a port of the manager\'s own, got 9252; take another port'],
  ['a port after one that the apply knows is the metrics\'', container({ ports: [Token.asString({ containerPort: 80 }), { containerPort: 9252 }] }),
    'managerContainers[0].ports[1].containerPort: a port of the manager\'s own, got 9252; take another port'],
  ['its port is the node\'s', container({ ports: [{ containerPort: 80, hostPort: 80 }] }), 'managerContainers[0].ports[0].hostPort: a port of the node, got 80; leave it out'],
  ['it mounts what is not there', container({ volumeMounts: [{ name: 'home', mountPath: '/x' }] }),
    'managerContainers[0].volumeMounts[0].name: not a volume of managerPodVolumes, got "home"; add it there'],
  ['the manager does', { managerVolumes: { '/x': { name: 'y' } } }, 'managerVolumes["/x"].name: not a volume of managerPodVolumes, got "y"; add it there'],
  ['it is privileged', container({ securityContext: { privileged: true } }), restricted('privileged', 'true')],
  ['it is root', container({ securityContext: { runAsUser: 0 } }), restricted('runAsUser', '0')],
  ['it may gain rights', container({ securityContext: { allowPrivilegeEscalation: true } }), restricted('allowPrivilegeEscalation', 'true')],
  ['it has capabilities', container({ securityContext: { capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] } } }), restricted('capabilities.add', '{"drop":["ALL"],"add":["NET_ADMIN"]}')],
  ['it keeps the usual ones', container({ securityContext: { capabilities: { add: ['NET_BIND_SERVICE'] } } }), restricted('capabilities.drop', '{"add":["NET_BIND_SERVICE"]}')],
  ['it makes all system calls', container({ securityContext: { seccompProfile: { type: 'Unconfined' } } }), restricted('seccompProfile', '{"type":"Unconfined"}')],
  ['a volume is the node\'s', { managerPodVolumes: { x: { hostPath: { path: '/var/log' } } } },
    'managerPodVolumes["x"].hostPath: a folder of the node, which the manager\'s namespace lets no pod have, got {"path":"/var/log"}; '
      + 'use another volume, or give namespaces of your own with namespaceCreationEnabled: false'],
  ['a volume has a name of the manager\'s', { managerPodVolumes: { 'own-3': { emptyDir: {} } } },
    'managerPodVolumes["own-3"]: a name that the manager may give a volume of its own, got "own-3"; take another name'],
  ['a volume is of no kind', { managerPodVolumes: { x: { emptydir: {} } } }, 'managerPodVolumes["x"].emptydir: not a kind of volume, got {}; did you mean "emptyDir"'],
  ['a mount is of no kind', { managerVolumes: { '/x': { subPath: 'a' } } }, 'managerVolumes["/x"]: not one kind of volume, got []; give one key, such as { csi: { … } }'],
  ['a variable is the manager\'s own', { managerEnvironmentSecrets: { HOME: RunnerSecret.kubernetesSecret('a', 'b') } },
    'managerEnvironmentSecrets["HOME"]: set by the manager itself, got "RunnerSecret.kubernetesSecret()"; use another name'],
  ['a variable is given twice', { managerEnvironment: { A: 'b' }, managerEnvironmentSecrets: { A: RunnerSecret.kubernetesSecret('a', 'b') } },
    'managerEnvironmentSecrets["A"]: in managerEnvironment too, got "RunnerSecret.kubernetesSecret()"; leave one of the two out'],
  ['a chart alone has no vault', { managerEnvironmentSecrets: { A: RunnerSecret.keyVaultSecret(KeyVaultSecret.of(VAULT, 'a')) } },
    'managerEnvironmentSecrets.A: a chart has no identity that may read a vault, got "RunnerSecret.keyVaultSecret()"; use KubernetesGitLabRunner or RunnerSecret.kubernetesSecret()'],
  ['the address is in the settings', { runnerSettings: { sentry_dsn: 'https://k@s/1' } }, 'runnerSettings.sentry_dsn: '],
])('fail when %s', (_name, props, message) => {
  let thrown = '';
  try {
    newChart(props);
  } catch (error) {
    ({ message: thrown } = error as Error);
  }
  expect(thrown.slice(0, message.length)).toBe(message);
});

test('in namespaces of somebody\'s own, their level is theirs', () => {
  const own = { namespaceCreationEnabled: false, managerPodVolumes: { logs: { hostPath: { path: '/var/log' } } }, ...container({ securityContext: { privileged: true, runAsUser: 0 } }) };
  expect(pod(own).containers[1].securityContext).toEqual({ ...LOCKED, privileged: true, runAsUser: 0 });
});

test.each<[string, any, string]>([
  ['a map for a list', { env: { A: 'b' } }, 'env is not a list, so that no pod is made, got {"A":"b"}; write a list'],
  ['a text for a list', { command: 'sleep 1' }, 'command is not a list, so that no pod is made, got "sleep 1"; write a list'],
  ['a number for a text', { args: ['-c', 1] }, 'args[1] is not text, so that no pod is made, got 1; write it in quotes'],
  ['a limit beside its table', { resources: { memory: '1Gi' } }, 'not a field of a container\'s resources, so that it would be dropped, got "memory"; did you mean "limits"'],
])('a container that Kubernetes would not take fails: %s', (_what, fields, message) => {
  expect(() => newChart({ managerContainers: [{ ...EXPORTER, ...fields }] })).toThrow(new Error(`managerContainers[0]: ${message} (at ci)`));
});

test.each<[string, any, string]>([
  ['a name under another', { secret: { name: 'own' } }, 'not a field of a volume\'s secret, so that it would be dropped, got "name"; did you mean "secretName"'],
  ['a text for a map', { persistentVolumeClaim: 'own' }, 'persistentVolumeClaim is not a map, so that no pod is made, got "own"; write a map'],
])('a volume that Kubernetes would not take fails: %s', (_what, volume, message) => {
  expect(() => newChart({ managerPodVolumes: { own: volume } })).toThrow(new Error(`managerPodVolumes["own"]: ${message} (at ci)`));
  expect(() => newChart({ managerVolumes: { '/own': volume } })).toThrow(`managerVolumes["/own"]: ${message} (at ci)`);
});
