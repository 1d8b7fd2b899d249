// Kubernetes takes a mebibyte as one ConfigMap and 256 KiB as annotations, Linux 128 KiB as one variable: a manager or a job with more never starts.
import { TerraformVariable } from 'cdktf';
import { GitLabRunnerChartProps } from '../../../src';
import { newStack } from '../../synth';
import { newChart } from '../chart';

type Props = Partial<GitLabRunnerChartProps>;

const text = (kibibytes: number) => 'x'.repeat(kibibytes * 1024);
const CONFIG = 'more than the ConfigMap of config.toml can hold';
const FILES = 'keep long scripts and files in an image or a volume';

test.each<[string, Props, string]>([
  ['a script', { runnerSettings: { pre_build_script: text(1025) } }, `runnerSettings: ${CONFIG}, got 1025 KiB; keep to 1024 KiB: ${FILES}`],
  ['a script and a patch', { runnerSettings: { pre_build_script: text(500) }, kubernetesSettings: { pod_spec: [{ name: 'a', patch: `hostUsers: false #${text(600)}` }] } },
    `kubernetesSettings: ${CONFIG}, got 1101 KiB; keep to 1024 KiB: ${FILES}`],
  ['variables', { environment: Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`A${index}`, text(120)])) }, `environment: ${CONFIG}, got 1080 KiB; keep to 1024 KiB: ${FILES}`],
  ['one variable', { environment: { BUNDLE: text(128) } }, 'environment["BUNDLE"]: more than Linux gives a program as one variable, got 129 KiB; keep to 128 KiB: keep the content in a file'],
  ['one of the manager', { managerEnvironment: { BUNDLE: text(200) } },
    'managerEnvironment["BUNDLE"]: more than Linux gives a program as one variable, got 201 KiB; keep to 128 KiB: keep the content in a file'],
  ['annotations of jobs', { podAnnotations: { a: text(200), b: text(100) } }, 'podAnnotations: more than an object can carry, got 301 KiB; keep to 256 KiB: keep the content in a ConfigMap'],
  ['annotations of the manager', { managerPodAnnotations: { a: text(257) } },
    'managerPodAnnotations: more than an object can carry, got 258 KiB; keep to 256 KiB: keep the content in a ConfigMap'],
  ['annotations of an account', { jobServiceAccount: { annotations: { a: text(257) } } },
    'jobServiceAccount.annotations: more than an object can carry, got 258 KiB; keep to 256 KiB: keep the content in a ConfigMap'],
])('refuses what is too large: %s', (_what, props, message) => {
  expect(() => newChart(props)).toThrow(new Error(`${message} (at ci)`));
});

test.each<[string, () => Props]>([
  ['a script', () => ({ runnerSettings: { pre_build_script: text(1000) } })],
  ['one variable, to the byte', () => ({ environment: { A: text(128).slice(3) } })],
  ['annotations, to the byte', () => ({ podAnnotations: { a: text(256).slice(1) } })],
  ['what only the apply knows', () => ({ environment: { A: new TerraformVariable(newStack(), 'bundle', {}).stringValue } })],
])('takes what fits: %s', (_what, props) => {
  expect(() => newChart(props())).not.toThrow();
});
