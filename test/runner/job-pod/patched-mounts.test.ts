// A pod that mounts a volume which it has not is taken by no API server, and only the first job says so.
import { TerraformVariable } from 'cdktf';
import { GitLabRunnerChartProps, RunnerImageBuilds, RunnerVolume } from '../../../src';
import { newStack } from '../../synth';
import { newChart } from '../chart';

type Props = Partial<GitLabRunnerChartProps>;

const MOUNT = 'containers: [{ name: build, volumeMounts: [{ name: own, mountPath: /own }] }]';
const patched = (...patches: [text: string, type?: string][]): Props => ({
  kubernetesSettings: { pod_spec: patches.map(([patch, type = 'strategic'], index) => ({ name: `patch ${index}`, patch_type: type, patch })) },
});
const PROBLEM = 'mounts a volume that the jobs\' pods have not, so that none of them starts';
const ADD = 'add it to volumes of the patch, or to the prop volumes';

test.each<[string, Props, string]>([
  ['of nobody', patched([MOUNT]), `[0].patch: ${PROBLEM}, got "own"; ${ADD}`],
  ['of another name', { ...patched([MOUNT]), volumes: [RunnerVolume.emptyDir('owl', '/owl')] }, `[0].patch: ${PROBLEM}, got "own"; did you mean "owl"`],
  ['in an init container', patched(['hostUsers: false'], ['initContainers: [{ name: first, image: busybox:1, volumeMounts: [{ name: cache-folder, mountPath: /c }] }]']),
    `[1].patch: ${PROBLEM}, got "cache-folder"; ${ADD}`],
  ['by an operation', patched(['[{ op: add, path: /containers/0/volumeMounts/-, value: { name: own, mountPath: /own } }]', 'json']), `[0].patch: ${PROBLEM}, got "own"; ${ADD}`],
  ['that a patch takes away', patched([`${MOUNT}\nvolumes: [{ name: own, $patch: delete }]`]), `[0].patch: ${PROBLEM}, got "own"; ${ADD}`],
  ['as a device', patched(['containers: [{ name: build, volumeDevices: [{ name: block-device, devicePath: /dev/b }] }]']), `[0].patch: ${PROBLEM}, got "block-device"; ${ADD}`],
])('a mount of a volume is refused: %s', (_what, props, message) => {
  expect(() => newChart(props)).toThrow(new Error(`kubernetesSettings.pod_spec${message} (at ci)`));
});

test.each<[string, () => Props]>([
  ['of the same patch', () => patched([`${MOUNT}\nvolumes: [{ name: own, emptyDir: {} }]`])],
  ['of another patch', () => patched([MOUNT], ['volumes: [{ name: own, emptyDir: {} }]', 'strategic'])],
  ['of an operation', () => patched([MOUNT], ['[{ op: add, path: /volumes/-, value: { name: own, emptyDir: {} } }]', 'json'])],
  ['of operations that make the whole list', () => patched([MOUNT], ['[{ op: add, path: /volumes, value: [{ name: own, emptyDir: {} }] }]', 'json'])],
  ['of the prop', () => ({ ...patched([MOUNT]), volumes: [RunnerVolume.persistentVolumeClaim('own', '/claims')] })],
  ['of the runner', () => patched(['containers: [{ name: build, volumeMounts: [{ name: repo, mountPath: /b }, { name: scripts, mountPath: /s }, { name: logs, mountPath: /l }] }]'])],
  ['of an image builder', () => ({ ...patched([MOUNT.replace('own', 'buildkit')]), imageBuilds: RunnerImageBuilds.rootlessBuildkit() })],
  ['that is not known', () => ({ ...patched([MOUNT]), volumes: [RunnerVolume.persistentVolumeClaim(new TerraformVariable(newStack(), 'claim', {}).stringValue, '/claims')] })],
  ['that each job names', () => ({ ...patched([MOUNT]), volumes: [RunnerVolume.persistentVolumeClaim('claim-$CI_PROJECT_ID', '/claims')] })],
  ['that a file may bring', () => ({ kubernetesSettings: { pod_spec: [...patched([MOUNT]).kubernetesSettings!.pod_spec, { name: 'file', patch_path: '/patches/own.yaml' }] } })],
  ['that goes', () => patched(['containers: [{ name: build, volumeMounts: [{ mountPath: /own, $patch: delete }] }]'])],
])('a mount of a volume is taken: %s', (_what, props) => {
  expect(() => newChart(props())).not.toThrow();
});
