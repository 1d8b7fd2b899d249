// Patches of a pod's spec that lack something, hold two things at once, or lead nowhere: the runner would make no pod of them, or Kubernetes take none.
import { newChart } from '../chart';

const patchType = (patch: string) => patch.startsWith('[') ? 'json' : 'strategic';
const withPatch = (patch: string) => newChart({ kubernetesSettings: { pod_spec: [{ name: 'patch', patch_type: patchType(patch), patch }] } });
const build = (fields: string) => `containers: [{ name: build, ${fields} }]`;
const NO_POD = 'so that no pod is made';
const none = (where: string, got: string, words: string) => `${where} is not one that Kubernetes takes, ${NO_POD}, got ${got}; write ${words}`;

test.each<[string, string, string]>([
  ['a profile of Docker\'s', 'securityContext: { seccompProfile: { type: runtime/default } }', none('securityContext.seccompProfile.type', '"runtime/default"', 'one of "RuntimeDefault", "Unconfined", "Localhost"')],
  ['a profile in lower case', build('securityContext: { appArmorProfile: { type: unconfined } }'),
    none('containers[0].securityContext.appArmorProfile.type', '"unconfined"', 'one of "RuntimeDefault", "Unconfined", "Localhost"')],
  ['an operator that is none', 'tolerations: [{ key: ci, operator: Equals, value: "true" }]', none('tolerations[0].operator', '"Equals"', 'one of "Exists", "Equal", "Lt", "Gt"')],
  ['a protocol in lower case', build('ports: [{ containerPort: 80, protocol: tcp }]'), none('containers[0].ports[0].protocol', '"tcp"', 'one of "TCP", "UDP", "SCTP"')],
  ['a port beyond the last', build('ports: [{ containerPort: 80800 }]'), none('containers[0].ports[0].containerPort', '80800', 'a whole number from 1 to 65535')],
  ['a user below root', 'securityContext: { runAsUser: -1 }', none('securityContext.runAsUser', '-1', 'a whole number, 0 or more')],
  ['a name with capitals', 'volumes: [{ name: My_Volume, emptyDir: {} }]', none('volumes[0].name', '"My_Volume"', 'lower-case letters, digits and hyphens')],
  ['a path with a colon', build('volumeMounts: [{ name: repo, mountPath: "/a:/b" }]'), none('containers[0].volumeMounts[0].mountPath', '"/a:/b"', 'a path without ":"')],
  ['a path from the root within a volume', build('volumeMounts: [{ name: repo, mountPath: /a, subPath: /b }]'),
    none('containers[0].volumeMounts[0].subPath', '"/b"', 'a relative path without ".."')],
  ['a file from the root of a volume', 'volumes: [{ name: v, secret: { secretName: s, items: [{ key: a, path: /a }] } }]',
    none('volumes[0].secret.items[0].path', '"/a"', 'a relative path without ".."')],
  ['a capability with its prefix', build('securityContext: { capabilities: { add: [CAP_SYS_ADMIN] } }'),
    none('containers[0].securityContext.capabilities.add[0]', '"CAP_SYS_ADMIN"', 'a capability such as "SYS_PTRACE"')],
  ['a folder of the node of no type', 'volumes: [{ name: v, hostPath: { path: /a, type: file } }]',
    none('volumes[0].hostPath.type', '"file"', 'one of "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"')],
  ['a list for labels', 'nodeSelector: [gpu]', `nodeSelector is not a map, ${NO_POD}, got ["gpu"]; write a map`],
  ['a resource that nobody has', build('resources: { limits: { gpu: 1 } }'),
    'containers[0].resources.limits has a resource that Kubernetes does not know, got "gpu"; write "cpu", "memory", "ephemeral-storage" or a device such as "nvidia.com/gpu"'],
  ['more than the limit', build('resources: { requests: { memory: 8Gi, cpu: 1 }, limits: { memory: 4Gi, cpu: 1500m } }'),
    'containers[0].resources.requests.memory is more than the limit "4Gi", got "8Gi"; lower it, or raise the limit'],
  ['text for a map', 'imagePullSecrets: [own]', `imagePullSecrets[0] is not a map, ${NO_POD}, got "own"; write a map with name`],
  ['a mount at no place', build('volumeMounts: [{ name: repo }]'), `containers[0].volumeMounts[0].mountPath is missing, ${NO_POD}, got ["name"]; write it`],
  ['a file of no name', 'volumes: [{ name: v, secret: { secretName: s, items: [{ key: a }] } }]', `volumes[0].secret.items[0].path is missing, ${NO_POD}, got ["key"]; write it`],
  ['a secret without its key', build('env: [{ name: A, valueFrom: { secretKeyRef: { name: s } } }]'), `containers[0].env[0].valueFrom.secretKeyRef.key is missing, ${NO_POD}, got ["name"]; write it`],
  ['a value from what is none', build('env: [{ name: A, valueFrom: { secretRef: { name: s, key: k } } }]'),
    'containers[0].env[0].valueFrom is not one thing, which Kubernetes wants, got ["secretRef"]; write one of configMapKeyRef, fieldRef, fileKeyRef, resourceFieldRef, secretKeyRef'],
  ['two values', build('env: [{ name: A, value: b, valueFrom: { fieldRef: { fieldPath: metadata.name } } }]'), `containers[0].env[0] has a value and valueFrom, ${NO_POD}, got "A"; write one of the two`],
  ['two handlers', 'containers: [{ name: proxy, image: "envoy:1", livenessProbe: { exec: { command: [a] }, tcpSocket: { port: 1 } } }]',
    'containers[0].livenessProbe is not one thing, which Kubernetes wants, got ["exec","tcpSocket"]; write one of exec, grpc, httpGet, tcpSocket'],
  ['a call to no port', 'containers: [{ name: proxy, image: "envoy:1", readinessProbe: { httpGet: { path: / } } }]',
    `containers[0].readinessProbe.httpGet.port is missing, ${NO_POD}, got ["path"]; write it`],
  ['a time for what does not wait', 'tolerations: [{ key: ci, operator: Exists, effect: NoSchedule, tolerationSeconds: 60 }]',
    `tolerations[0].tolerationSeconds is for the effect NoExecute alone, ${NO_POD}, got 60; leave it out, or write that effect`],
  ['a value where any will do', 'tolerations: [{ key: ci, operator: Exists, value: "true" }]', `tolerations[0] has a value with the operator Exists, ${NO_POD}, got "true"; leave out one of the two`],
  ['a volume of two kinds', 'volumes: [{ name: v, emptyDir: {}, secret: { secretName: s } }]', `the volume "v" is of several kinds, ${NO_POD}, got ["emptyDir","secret"]; write one`],
  ['a volume of none', 'volumes: [{ name: v }]', 'a volume that is made from nothing, got "v"; write what it is, such as emptyDir: {}'],
  ['an image with capitals', 'containers: [{ name: proxy, image: "Envoy:1" }]', 'an image\'s name has no upper-case letters, got "Envoy:1"; write "envoy"'],
  ['a pod\'s field in a container', build('securityContext: { fsGroup: 1000 }'), 'securityContext.fsGroup is a pod\'s, which no container has, got "fsGroup"; write it in the securityContext of the pod'],
  ['a container\'s field in a pod', 'securityContext: { privileged: true }', 'securityContext.privileged is a container\'s, which no pod has, got "privileged"; write it in the securityContext of containers'],
  ['config.toml\'s spelling', 'affinity: { node_affinity: {} }', 'not a field of a pod\'s affinity, so that it would be dropped, got "node_affinity"; did you mean "nodeAffinity"'],
  ['one name for several', 'hostAliases: [{ ip: 10.0.0.1, hostname: gitlab }]', 'not a field of a pod\'s hostAliases, so that it would be dropped, got "hostname"; did you mean "hostnames"'],
  ['an item by its name', '[{ op: add, path: /containers/build/tty, value: true }]',
    'a path to an item of containers without its place in the list, got "/containers/build/tty"; write /containers/0/tty, or whatever number it has'],
  ['a label as it is', '[{ op: add, path: /nodeSelector/kubernetes.io/os, value: linux }]', 'a path with a "/" in a name, got "/nodeSelector/kubernetes.io/os"; write /nodeSelector/kubernetes.io~1os'],
  ['an incomplete item by an operation', '[{ op: add, path: /containers/0/volumeMounts/-, value: { name: repo } }]',
    `containers[0].volumeMounts[0].mountPath is missing, ${NO_POD}, got ["name"]; write it`],
])('refuses %s', (_what, patch, message) => {
  expect(() => withPatch(patch)).toThrow(new Error(`kubernetesSettings.pod_spec[0].patch: ${message} (at ci)`));
});

test.each<[string, string]>([
  ['a variable that is empty', build('env: [{ name: A, value: }]')],
  ['a variable by reference', build('env: [{ name: A, value: "", valueFrom: { secretKeyRef: { name: s, key: k } } }]')],
  ['a mount of the runner\'s that changes', build('volumeMounts: [{ mountPath: /builds, readOnly: true }]')],
  ['what is taken away', build('env: [{ name: A, $patch: delete }], livenessProbe: null')],
  ['any value of a taint for a time', 'tolerations: [{ key: ci, operator: Exists, effect: NoExecute, tolerationSeconds: 60 }, { operator: Exists }, { key: a, value: b }]'],
  ['another kind in the place of the runner\'s', 'volumes: [{ name: repo, emptyDir: null, ephemeral: { volumeClaimTemplate: { spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 9Gi } } } } } }]'],
  ['huge pages and storage', build('resources: { limits: { hugepages-2Mi: 4Mi, memory: 1Gi, ephemeral-storage: 1Gi, cpu: 1 }, requests: { cpu: 0.5, memory: 1Gi } }')],
  ['a label with its slash written', '[{ op: add, path: /nodeSelector/kubernetes.io~1os, value: linux }, { op: add, path: /nodeSelector, value: { a/b: c } }]'],
  ['a place in a list', '[{ op: add, path: /containers/0/env/-, value: { name: A, value: b } }, { op: remove, path: /volumes/1 }]'],
  ['labels with the names of fields', 'nodeSelector: { env: prod, protocol: tcp, type: a_b, operator: Exists }'],
  ['an image that each job names', 'containers: [{ name: proxy, image: $CI_REGISTRY_IMAGE/proxy }]'],
  ['a host of several names', 'hostAliases: [{ ip: 10.0.0.1, hostnames: [gitlab.example.com] }]\ndnsConfig: { options: [{ name: ndots }] }'],
])('takes %s', (_what, patch) => {
  expect(() => withPatch(patch)).not.toThrow();
});
