// Values in patches of a pod's spec that its fields do not take: the runner would make no pod of them.
import { readFileSync } from 'node:fs';
import { FIELD_SHAPES, FIELD_TYPES } from '../../../src/kubernetes/private/pod-types';
import { newChart, runner } from '../chart';

const IMPORTS = require.resolve('cdk8s-plus-28/lib/imports/k8s');

/** The types of each field's name, wherever it is in a pod's spec, as Kubernetes' own schema has them. */
function typesByName(shown = (type: string, _isMap: boolean) => type.replace('[]', '')): Map<string, Set<string>> {
  const names = new Map([...readFileSync(IMPORTS, 'utf8').matchAll(/^ +'(\w+)': .*?obj\.(\w+)/gm)].map(([, name, prop]) => [prop, name]));
  const shapes = new Map([...readFileSync(IMPORTS.replace(/\.js$/, '.d.ts'), 'utf8').matchAll(/^export interface (\w+) \{(.*?)^\}/gms)]
    .map(([, shape, body]) => [shape, [...body.matchAll(/^ +readonly (\w+)\??: (.*?(?:\[\])?);$/gm)].map(([, prop, type]) => [names.get(prop) ?? prop, type])]));
  const found = new Map<string, Set<string>>();
  const [seen, next] = [new Set<string>(), ['PodSpec']];
  for (let shape = next.pop(); shape !== undefined; shape = next.pop()) {
    seen.add(shape);
    for (const [name, whole] of shapes.get(shape)!) {
      const type = whole.replace('[]', '');
      found.set(name, (found.get(name) ?? new Set()).add(shown(whole, shapes.has(type))));
      if (shapes.has(type) && !seen.has(type)) {
        next.push(type);
      }
    }
  }
  return found;
}

test.each(Object.entries(FIELD_TYPES))('fields that are said to be %s are so wherever Kubernetes has them', (type, { fields }) => {
  const types = typesByName();
  expect(fields.map((name) => [name, [...types.get(name) ?? []]])).toEqual(fields.map((name) => [name, [type]]));
});

test.each(Object.entries(FIELD_SHAPES))('fields that are said to be a %s are so wherever Kubernetes has them', (shape, fields) => {
  const shapes = typesByName((type, isMap) => type.endsWith('[]') ? 'list' : isMap ? 'map' : type);
  expect(fields.map((name) => [name, [...shapes.get(name) ?? []]])).toEqual(fields.map((name) => [name, [shape]]));
});

const patchType = (patch: string) => patch.startsWith('[') ? 'json' : 'strategic';
const withPatch = (patch: string) => newChart({ kubernetesSettings: { pod_spec: [{ name: 'patch', patch_type: patchType(patch), patch }] } });

test.each<[string, string, string]>([
  ['a number in quotes', 'terminationGracePeriodSeconds: "60"', 'terminationGracePeriodSeconds is not a whole number, so that no pod is made, got "60"; write a whole number, without quotes'],
  ['a number with a unit', 'activeDeadlineSeconds: 1h', 'activeDeadlineSeconds is not a whole number, so that no pod is made, got "1h"; write a whole number, without quotes'],
  ['a number in quotes, deep inside', 'containers: [{ name: build, securityContext: { runAsUser: "1000" } }]',
    'containers[0].securityContext.runAsUser is not a whole number, so that no pod is made, got "1000"; write a whole number, without quotes'],
  ['a number in quotes in a list', 'securityContext: { supplementalGroups: [100, "200"] }',
    'securityContext.supplementalGroups[1] is not a whole number, so that no pod is made, got "200"; write a whole number, without quotes'],
  ['a part of a second', 'terminationGracePeriodSeconds: 0.5', 'terminationGracePeriodSeconds is not a whole number, so that no pod is made, got 0.5; write a whole number, without quotes'],
  ['a truth in quotes', 'hostNetwork: "true"', 'hostNetwork is neither true nor false, so that no pod is made, got "true"; write true or false, without quotes'],
  ['a truth as a number', 'containers: [{ name: build, tty: 1 }]', 'containers[0].tty is neither true nor false, so that no pod is made, got 1; write true or false, without quotes'],
  ['a number as text', 'containers: [{ name: build, env: [{ name: PORT, value: 8080 }] }]',
    'containers[0].env[0].value is not text, so that no pod is made, got 8080; write it in quotes'],
  ['a label that is a truth', 'nodeSelector: { gpu: true }', 'nodeSelector.gpu is not text, so that no pod is made, got true; write it in quotes'],
  ['an argument that is a number', 'initContainers: [{ name: init, image: busybox, args: [sleep, 5] }]',
    'initContainers[0].args[1] is not text, so that no pod is made, got 5; write it in quotes'],
])('refuses %s', (_what, patch, message) => {
  expect(() => withPatch(patch)).toThrow(new Error(`kubernetesSettings.pod_spec[0].patch: ${message} (at ci)`));
});

const claim = (spec: string) => `volumes: [{ name: v, ephemeral: { volumeClaimTemplate: { spec: ${spec} } } }]`;
const build = (fields: string) => `containers: [{ name: build, ${fields} }]`;

test.each<[string, string, string]>([
  ['a map for a list', build('env: { A: b }'), 'containers[0].env is not a list, so that no pod is made, got {"A":"b"}; write a list'],
  ['a text for a list', claim('{ accessModes: ReadWriteOnce }'), 'volumes[0].ephemeral.volumeClaimTemplate.spec.accessModes is not a list, so that no pod is made, got "ReadWriteOnce"; write a list'],
  ['a text for a map', build('envFrom: [{ secretRef: own }]'), 'containers[0].envFrom[0].secretRef is not a map, so that no pod is made, got "own"; write a map'],
  ['a way of access that is none', claim('{ accessModes: [RWO] }'),
    'volumes[0].ephemeral.volumeClaimTemplate.spec.accessModes[0] is not one that Kubernetes takes, so that no pod is made, got "RWO"; write one of "ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"'],
  ['a unit that is none', claim('{ resources: { requests: { storage: 50GB } } }'),
    'volumes[0].ephemeral.volumeClaimTemplate.spec.resources.requests.storage is not one that Kubernetes takes, so that no pod is made, got "50GB"; write a quantity such as "500m" or "2Gi"'],
  ['half a device', build('resources: { limits: { nvidia.com/gpu: 0.5 } }'),
    'containers[0].resources.limits.nvidia.com/gpu is not one that Kubernetes takes, so that no pod is made, got 0.5; write a whole number'],
  ['devices without a limit', build('resources: { requests: { github.com/fuse: 1 } }'),
    'containers[0].resources.requests has devices without the same limit, which Kubernetes wants, got "github.com/fuse"; write as many in containers[0].resources.limits'],
  ['more devices than asked for', build('resources: { requests: { nvidia.com/gpu: 1 }, limits: { nvidia.com/gpu: 2 } }'),
    'containers[0].resources.requests has devices without the same limit, which Kubernetes wants, got "nvidia.com/gpu"; write as many in containers[0].resources.limits'],
  ['a spread that is none', 'topologySpreadConstraints: [{ maxSkew: 0 }]', 'topologySpreadConstraints[0].maxSkew is not one that Kubernetes takes, so that no pod is made, got 0; write a whole number, 1 or more'],
  ['a runner\'s word for Kubernetes\' own', 'dnsPolicy: none',
    'dnsPolicy is not one that Kubernetes takes, so that no pod is made, got "none"; write one of "ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"'],
  ['a host that is none', 'hostname: Custom_Host', 'hostname is not one that Kubernetes takes, so that no pod is made, got "Custom_Host"; write lower-case letters, digits and hyphens'],
  ['a name under another', 'volumes: [{ name: v, secret: { name: own } }]', 'not a field of a volume\'s secret, so that it would be dropped, got "name"; did you mean "secretName"'],
  ['another under a name', 'volumes: [{ name: v, configMap: { configMapName: own } }]', 'not a field of a volume\'s configMap, so that it would be dropped, got "configMapName"; did you mean "name"'],
  ['a mount at no place', build('volumeMounts: [{ name: v, path: /v }]'), 'not a field of a container\'s volumeMounts, so that it would be dropped, got "path"; did you mean "mountPath"'],
  ['limits of a container as such', build('resources: { cpu: 2 }'), 'not a field of a container\'s resources, so that it would be dropped, got "cpu"; did you mean "claims"'],
])('refuses %s', (_what, patch, message) => {
  expect(() => withPatch(patch)).toThrow(new Error(`kubernetesSettings.pod_spec[0].patch: ${message} (at ci)`));
});

test.each<[string, string, string]>([
  ['a field', '[{ op: add, path: /hostUsers, value: "false" }]', 'hostUsers is neither true nor false, so that no pod is made, got "false"; write true or false, without quotes'],
  ['an item', '[{ op: replace, path: /containers/0/env/-, value: { name: A, value: 1 } }]', 'containers[0].env[0].value is not text, so that no pod is made, got 1; write it in quotes'],
  ['a label', '[{ op: add, path: /nodeSelector/gpu, value: true }]', 'nodeSelector.gpu is not text, so that no pod is made, got true; write it in quotes'],
])('refuses operations that bring another type to %s', (_what, patch, message) => {
  expect(() => withPatch(patch)).toThrow(new Error(`kubernetesSettings.pod_spec[0].patch: ${message} (at ci)`));
});

test.each<[string, string]>([
  ['what YAML 1.1 reads as a truth or a number', 'hostNetwork: yes\nterminationGracePeriodSeconds: 1_000\npriority: 0b11'],
  ['quantities and ports of either type', 'containers: [{ name: build, resources: { limits: { cpu: 2, memory: 4Gi } }, startupProbe: { httpGet: { port: 8080 } } }]'],
  ['a name for a port', 'containers: [{ name: build, livenessProbe: { tcpSocket: { port: http }, timeoutSeconds: 5 } }]'],
  ['what is taken away', 'priority: null\ncontainers: [{ name: build, env: [{ name: A, $patch: delete }] }]'],
  ['attributes of a driver', 'volumes: [{ name: v, csi: { driver: d, readOnly: true, volumeAttributes: { readOnly: "true", mode: "0777" } } }]'],
  ['options of a driver, and of names', 'volumes: [{ name: v, flexVolume: { driver: d, options: { mode: "0777", readOnly: "true" } } }]\ndnsConfig: { options: [{ name: ndots, value: "2" }] }'],
  ['rights of a file', 'volumes: [{ name: v, configMap: { name: c, defaultMode: 0444, optional: true, items: [{ key: a, path: b, mode: 0o555 }] } }]'],
  ['merge keys', 'containers:\n- &own { name: build, env: [{ name: A, value: "1" }] }\n- { <<: *own, name: helper }'],
  ['devices as many as there can be', 'containers: [{ name: build, resources: { requests: { github.com/fuse: 1 }, limits: { github.com/fuse: "1", cpu: 1.5, memory: 1e9 } } }]'],
  ['a claim of its own', 'volumes: [{ name: v, ephemeral: { volumeClaimTemplate: { spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 50Gi } } } } } }]'],
  ['words of Kubernetes\' in maps of others', 'nodeSelector: { effect: gpu, hostname: A_b }\nvolumes: [{ name: v, csi: { driver: d, volumeAttributes: { accessModes: rwo, secret: own } } }]'],
  ['variables', 'hostname: $CI_JOB_NAME_SLUG'],
  ['operations without a value', '[{ op: remove, path: /priority }, { op: test, path: /hostNetwork, value: "x" }]'],
])('takes %s', (_what, patch) => {
  expect(runner(withPatch(patch)).kubernetes.pod_spec).toEqual([{ name: 'patch', patch_type: patchType(patch), patch }]);
});
