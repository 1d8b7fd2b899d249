import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildImages } from './images.mjs';
import { debianPackage } from '../../programs/debian.mjs';
import { cached, goBuild, kubernetesProgram, sources } from '../../programs/go.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const RUNNER = join(HERE, 'runner');
const POLICIES = join(HERE, 'policies');
const S3 = join(HERE, 's3');
const BUILDERS = join(HERE, 'builders');
const OPERATOR = join(HERE, 'operator');
const STATE_METRICS = join(HERE, 'state-metrics');
export const RUNNER_VERSION = '19.4.0';

/** Makes everything the cluster is built of, each once; returns the environment that the tests find it by. */
export function programs(cache, note) {
  const kubebox = kubernetesProgram(cache, 'kubebox', note);
  const policies = cached(cache, 'policies', sources(POLICIES, 'go.mod', 'go.sum', 'main.go'), note, (target) => goBuild(POLICIES, '.', target));
  const s3 = cached(cache, 's3', sources(S3, 'go.mod', 'go.sum'), note, (target) => goBuild(S3, 'github.com/versity/versitygw/cmd/versitygw', target));
  const common = 'gitlab.com/gitlab-org/gitlab-runner/common';
  const flags = `-X ${common}.VERSION=${RUNNER_VERSION} -X ${common}.NAME=gitlab-runner -X ${common}.REVISION=fc1f1862`;
  const runnerProgram = (name) => cached(cache, `runner-${name}`, [RUNNER_VERSION, ...sources(RUNNER, 'go.mod', 'go.sum', 'absent', name)], note,
    (target) => goBuild(RUNNER, `./${name}`, target, flags));
  const manager = runnerProgram('manager');
  const helper = runnerProgram('helper');
  const pods = runnerProgram('pods');
  const builder = (name, target) => cached(cache, name, sources(BUILDERS, 'go.mod', 'go.sum', 'registry'), note, (output) => goBuild(BUILDERS, target, output));
  const builders = {
    buildkitd: builder('buildkitd', 'github.com/moby/buildkit/cmd/buildkitd'),
    buildctl: builder('buildctl', 'github.com/moby/buildkit/cmd/buildctl'),
    rootlesskit: builder('rootlesskit', 'github.com/rootless-containers/rootlesskit/v3/cmd/rootlesskit'),
  };
  const podMonitors = cached(cache, 'pod-monitors', sources(OPERATOR, 'go.mod', 'go.sum'), note, (target) => copyFileSync(operatorKind('podmonitors'), target));
  const stateMetrics = cached(cache, 'state-metrics', sources(STATE_METRICS, 'go.mod', 'go.sum'), note, (target) => goBuild(STATE_METRICS, 'k8s.io/kube-state-metrics/v2', target));
  const prometheus = debianPackage(cache, 'prometheus', note);
  const docker = debianPackage(cache, 'docker.io', note);
  const system = ['/bin/busybox', '/bin/bash', '/usr/bin/git', '/usr/bin/pgrep', '/usr/bin/newuidmap', '/usr/sbin/runc', '/usr/bin/containerd', '/usr/sbin/xtables-nft-multi', '/usr/bin/openssl'].map((file) => execFileSync('sha256sum', [file], { encoding: 'utf8' }));
  const images = cached(cache, 'images', [readFileSync(join(HERE, 'images.mjs'), 'utf8'), manager, helper, builders, docker, system], note, (target) => {
    mkdirSync(target);
    buildImages(target, { manager, helper, version: RUNNER_VERSION, docker, ...builders });
  });
  return {
    CLUSTER_KUBEBOX: kubebox, CLUSTER_IMAGES: images, CLUSTER_POLICIES: policies, CLUSTER_REGISTRY: builder('registry', './registry'), CLUSTER_S3: s3,
    CLUSTER_PROMETHEUS: join(prometheus, 'usr/bin'), CLUSTER_POD_MONITORS: podMonitors, CLUSTER_PODS: pods,
    CLUSTER_STATE_METRICS: stateMetrics,
  };
}

/** The definition of a kind of the Prometheus Operator's, as its module has it. */
function operatorKind(plural) {
  const module = execFileSync('go', ['mod', 'download', '-json', 'github.com/prometheus-operator/prometheus-operator'], { cwd: OPERATOR, encoding: 'utf8' });
  return join(JSON.parse(module).Dir, 'example/prometheus-operator-crd', `monitoring.coreos.com_${plural}.yaml`);
}
