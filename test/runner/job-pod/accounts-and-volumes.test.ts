import { App } from 'cdk8s';
import { parse } from 'smol-toml';
import { AksCluster } from '../../../src/aks';
import { AzureRole } from '../../../src/azure';
import { GitLab, GitLabVersion } from '../../../src/gitlab';
import { GitLabRunnerChart, GitLabRunnerChartProps, KubernetesGitLabRunner, RunnerCache, RunnerToken, RunnerVolume } from '../../../src/runner';
import { newStack } from '../../synth';

const ACCOUNT = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/cache';
const TOKEN = RunnerToken.kubernetesSecret('ci-token');

function newChart(props: Partial<GitLabRunnerChartProps> = {}): GitLabRunnerChart {
  return new GitLabRunnerChart(new App(), 'ci', { gitlabUrl: 'https://gitlab.example.com', token: TOKEN, ...props });
}

function joined(props: any): KubernetesGitLabRunner {
  const stack = newStack();
  return new KubernetesGitLabRunner(stack, 'Runner', {
    gitlab: GitLab.fromAttributes(stack, 'GitLab', { gitlabUrl: 'https://gitlab.example.com' }),
    cluster: AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'c', resourceGroupName: 'g' }),
    token: TOKEN,
    ...props,
  });
}

function runner(chart: GitLabRunnerChart): any {
  const { data } = chart.toJson().find(({ kind }) => kind === 'ConfigMap');
  return (parse(data['config.template.toml']) as any).runners[0];
}

/** `kind namespace/name` of what is there. */
function objects(chart: GitLabRunnerChart, pattern: RegExp): string[] {
  return chart.toJson().filter(({ kind }) => pattern.test(kind)).map(({ kind, metadata: { namespace = '', name } }) => `${kind} ${namespace}/${name}`).sort();
}

describe('volumes', () => {
  const volumes = (...given: RunnerVolume[]) => runner(newChart({ volumes: given })).kubernetes.volumes;

  test('may be one claim at several paths', () => {
    expect(volumes(
      RunnerVolume.persistentVolumeClaim('cache', '/cache/a', { subPath: 'a' }), RunnerVolume.persistentVolumeClaim('cache', '/cache/b', { subPath: 'b', readOnly: true }),
    ).pvc).toEqual([
      { name: 'cache', mount_path: '/cache/a', sub_path: 'a' }, { name: 'cache', mount_path: '/cache/b', sub_path: 'b', read_only: true },
    ]);
  });

  test('may be some keys, an NFS server\'s, and see later mounts', () => {
    expect(volumes(
      RunnerVolume.configMap('npmrc', '/etc/npm', { items: { '.npmrc': 'npmrc' } }), RunnerVolume.secret('keys', '/etc/keys', { items: { 'id.pem': 'a/id.pem' } }),
      RunnerVolume.nfs('share', '/share', 'nfs.example.com', '/export', { readOnly: true }), RunnerVolume.hostPath('h', '/h', '/x', { mountPropagation: 'HostToContainer' }),
    )).toEqual({
      config_map: [{ name: 'npmrc', mount_path: '/etc/npm', items: { '.npmrc': 'npmrc' } }],
      secret: [{ name: 'keys', mount_path: '/etc/keys', items: { 'id.pem': 'a/id.pem' } }],
      nfs: [{ name: 'share', mount_path: '/share', read_only: true, server: 'nfs.example.com', path: '/export' }],
      host_path: [{ name: 'h', mount_path: '/h', host_path: '/x', mount_propagation: 'HostToContainer' }],
    });
  });

  test('may be mounted where variables say, with a file system', () => {
    expect(volumes(RunnerVolume.emptyDir('a', '$CI_BUILDS_DIR'), RunnerVolume.emptyDir('b', '/cache/${CI_PROJECT_ID}'), RunnerVolume.csi('c', '/c', 'disk.csi.azure.com', {}, { fsType: 'xfs' })))
      .toMatchObject({
        empty_dir: [{ name: 'a', mount_path: '$CI_BUILDS_DIR' }, { name: 'b', mount_path: '/cache/${CI_PROJECT_ID}' }],
        csi: [{ name: 'c', mount_path: '/c', driver: 'disk.csi.azure.com', fs_type: 'xfs' }],
      });
  });

  test('may be of one Secret or ConfigMap at several paths, and of one whose name no volume can have', () => {
    const { kubernetes, feature_flags: flags } = runner(newChart({
      volumes: [
        RunnerVolume.secret('registries', '/root/.docker/config.json', { subPath: 'config.json' }),
        RunnerVolume.secret('registries', '/kaniko/.docker', { items: { 'config.json': 'config.json' } }),
        RunnerVolume.configMap('registries', '/etc/registries'),
        RunnerVolume.configMap('kube-root-ca.crt', '/etc/ca'),
        RunnerVolume.secret(`${'a'.repeat(70)}.b`, '/etc/long'),
        RunnerVolume.secret('scratch', '/etc/scratch'),
        RunnerVolume.persistentVolumeClaim('scratch', '/scratch'),
        RunnerVolume.secret('logs', '/etc/logs'),
      ],
    }));
    const long = `${'a'.repeat(61)}-1`;
    expect(kubernetes.volumes).toEqual({
      secret: [{ name: 'registries', mount_path: '/root/.docker/config.json', sub_path: 'config.json' }],
      empty_dir: [
        { name: 'registries-1', mount_path: '/kaniko/.docker' }, { name: 'registries-2', mount_path: '/etc/registries' }, { name: 'kube-root-ca-crt-1', mount_path: '/etc/ca' },
        { name: long, mount_path: '/etc/long' }, { name: 'scratch-1', mount_path: '/etc/scratch' }, { name: 'logs-1', mount_path: '/etc/logs' },
      ],
      pvc: [{ name: 'scratch', mount_path: '/scratch' }],
    });
    expect(kubernetes.pod_spec.map(({ patch }: any) => JSON.parse(patch).volumes[0])).toEqual([
      { name: 'registries-1', emptyDir: null, secret: { secretName: 'registries', items: [{ key: 'config.json', path: 'config.json' }] } },
      { name: 'registries-2', emptyDir: null, configMap: { name: 'registries' } },
      { name: 'kube-root-ca-crt-1', emptyDir: null, configMap: { name: 'kube-root-ca.crt' } },
      { name: long, emptyDir: null, secret: { secretName: `${'a'.repeat(70)}.b` } },
      { name: 'scratch-1', emptyDir: null, secret: { secretName: 'scratch' } },
      { name: 'logs-1', emptyDir: null, secret: { secretName: 'logs' } },
    ]);
    expect(flags.FF_USE_ADVANCED_POD_SPEC_CONFIGURATION).toBe(true);
  });

  test('may be claimed for each job, by a patch beside those of the settings and without its warning', () => {
    const made = newChart({
      volumes: [RunnerVolume.ephemeralClaim('work', '/work', '100Gi', 'managed-csi-premium')], kubernetesSettings: { pod_spec: [{ name: 'own', patch: 'hostUsers: false' }] },
    });
    const { kubernetes, feature_flags: flags } = runner(made);
    expect(kubernetes.volumes).toEqual({ empty_dir: [{ name: 'work', mount_path: '/work' }] });
    expect(kubernetes.pod_spec.map(({ name }: any) => name)).toEqual(['volume work', 'own']);
    expect(JSON.parse(kubernetes.pod_spec[0].patch)).toEqual({
      volumes: [{
        name: 'work',
        emptyDir: null,
        ephemeral: {
          volumeClaimTemplate: {
            spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'managed-csi-premium', resources: { requests: { storage: '100Gi' } } },
          },
        },
      }],
    });
    expect(flags.FF_USE_ADVANCED_POD_SPEC_CONFIGURATION).toBe(true);
    const alone = newChart({ volumes: [RunnerVolume.ephemeralClaim('work', '/work', '100Gi')] });
    expect(alone.node.metadata.filter(({ type }) => type === '@cdktf/warn')).toEqual([]);
    expect(runner(alone).feature_flags.FF_USE_ADVANCED_POD_SPEC_CONFIGURATION).toBe(true);
  });

  test.each<[string, () => unknown, string]>([
    ['two are at one path', () => newChart({ volumes: [RunnerVolume.configMap('a', '/a'), RunnerVolume.secret('b', '/a')] }),
      'volumes[1]: mounted before, got "/a"; give each volume its own name and path (at ci)'],
    ['a claim has the name of a directory', () => newChart({ volumes: [RunnerVolume.emptyDir('a', '/a'), RunnerVolume.persistentVolumeClaim('a', '/b')] }),
      'volumes[1]: mounted before, got "name a"; give each volume its own name and path (at ci)'],
    ['the runner has one of that name', () => newChart({ volumes: [RunnerVolume.emptyDir('scripts', '/x')] }),
      'volumes[0]: a volume of the runner\'s own, got "scripts"; take another name (at ci)'],
    ['the runner is too old', () => newChart({ volumes: [RunnerVolume.nfs('a', '/a', 'nfs', '/x')], runnerVersion: GitLabVersion.of('18.11.0') }),
      'volumes: RunnerVolume.nfs() is not known to runner 18.11, got RunnerVolume.nfs(); take runner 19.0 or later (at ci)'],
    ['keys are those of a claim', () => RunnerVolume.persistentVolumeClaim('a', '/a', { items: { a: 'b' } }),
      'items: not for this kind of volume, got {"a":"b"}; leave it out (at RunnerVolume.persistentVolumeClaim)'],
    ['a key leaves the volume', () => RunnerVolume.secret('a', '/a', { items: { a: '../b' } }),
      'items["a"]: not a valid value, got "../b"; give a relative path such as "token" (at RunnerVolume.secret)'],
    ['a name has a dot, which no volume has', () => RunnerVolume.emptyDir('a.b', '/a'),
      'name: not a valid value, got "a.b"; give a Kubernetes name without dots such as "cache" (at RunnerVolume.emptyDir)'],
    ['a name has a variable that the runner does not expand', () => RunnerVolume.secret('a-$CI_JOB_ID', '/a'),
      'secretName: not a valid value, got "a-$CI_JOB_ID"; give a Kubernetes name such as "gitlab-runner" (at RunnerVolume.secret)'],
    ['a path is relative', () => RunnerVolume.emptyDir('a', 'cache/$CI_PROJECT_ID'),
      'mountPath: not a valid value, got "cache/$CI_PROJECT_ID"; give an absolute path such as "/cache" (at RunnerVolume.emptyDir)'],
    ['a file system is for a Secret', () => RunnerVolume.secret('a', '/a', { fsType: 'ext4' }),
      'fsType: not for this kind of volume, got "ext4"; leave it out (at RunnerVolume.secret)'],
    ['a size is none', () => RunnerVolume.ephemeralClaim('a', '/a', 'much'), 'size: not a valid value, got "much"; give a positive quantity such as "500Mi" or "2Gi" (at RunnerVolume.ephemeralClaim)'],
    ['a server is an address with a path', () => RunnerVolume.nfs('a', '/a', 'nfs:/x', '/x'),
      'server: not a valid value, got "nfs:/x"; give a name or an address of a server such as "nfs.example.com" (at RunnerVolume.nfs)'],
  ])('fail where %s', (_name, make, message) => {
    expect(make).toThrow(new Error(message));
  });
});

describe('what jobs may use', () => {
  test('is nothing but the default image for an empty list', () => {
    expect(runner(newChart({ allowedImages: [], allowedServices: [] })).kubernetes).toMatchObject({ allowed_images: [''], allowed_services: [''] });
    expect(runner(newChart({ allowedServices: ['postgres:*'] })).kubernetes).toMatchObject({ allowed_services: ['postgres:*'] });
    expect(runner(newChart({})).kubernetes).not.toHaveProperty('allowed_services');
  });

  test('are nodes with taints, by key, value and effect, or without one of them', () => {
    expect(runner(newChart({ tolerations: ['sku=gpu:NoSchedule', 'sku=big', 'spot', ':NoExecute', 'a='] })).kubernetes.node_tolerations)
      .toEqual({ 'sku=gpu': 'NoSchedule', 'sku=big': '', 'spot': '', '': 'NoExecute', 'a=': '' });
    expect(() => newChart({ tolerations: ['sku=gpu:Never'] })).toThrow(
      'tolerations[0]: not a valid value, got "sku=gpu:Never"; give a toleration such as "sku=gpu:NoSchedule", "sku=gpu" or "sku" (at ci)');
  });
});

describe('service accounts', () => {
  test('may exist already', () => {
    const chart = newChart({ managerServiceAccount: { name: 'boss', creationEnabled: false }, jobServiceAccount: { name: 'worker', creationEnabled: false } });
    expect(objects(chart, /ServiceAccount/)).toEqual([]);
    expect(chart.toJson().find(({ kind }) => kind === 'RoleBinding').subjects).toEqual([{ kind: 'ServiceAccount', name: 'boss', namespace: 'gitlab-runner' }]);
    expect(chart.toJson().find(({ kind }) => kind === 'Deployment').spec.template.spec.serviceAccountName).toBe('boss');
    expect(runner(chart).kubernetes.service_account).toBe('worker');
  });

  test.each<[string, () => unknown, string]>([
    ['one is for both', () => newChart({ managerServiceAccount: { name: 'ci' }, jobServiceAccount: { name: 'ci' } }),
      'jobServiceAccount.name: the same account for jobs and the manager, so that each job would have the manager\'s rights, got "ci"; '
      + 'take another name, or give the jobs a jobNamespace of their own (at ci)'],
    ['the manager takes that of the jobs', () => newChart({ managerServiceAccount: { name: 'gitlab-runner-job' } }),
      'managerServiceAccount.name: the same account for jobs and the manager, so that each job would have the manager\'s rights, got "gitlab-runner-job"; '
      + 'take another name, or give the jobs a jobNamespace of their own (at ci)'],
    ['one that exists gets annotations', () => newChart({ jobServiceAccount: { creationEnabled: false, annotations: { a: 'b' } } }),
      'jobServiceAccount.annotations: for an account that is not created here, got {"a":"b"}; annotate it where it is created, or leave creationEnabled out (at ci)'],
    ['one that exists gets an identity for jobs', () => joined({ jobServiceAccount: { creationEnabled: false } }).grantJobs('Push', AzureRole.ACR_PUSH, '/subscriptions/s'),
      'jobServiceAccount.creationEnabled: an account that exists cannot be given a managed identity here, got false; '
      + 'leave it out, or use cluster.addWorkloadIdentity() and annotate the account (at Test/Runner)'],
    ['one that exists needs an identity for the cache', () => joined({
      managerServiceAccount: { creationEnabled: false },
      cache: RunnerCache.existingAzureBlob({ storageAccountName: 'cache', containerName: 'cache', storageAccountId: ACCOUNT }),
    }), 'managerServiceAccount.creationEnabled: an account that exists cannot be given the identity that the cache needs, got false; leave it out, or remove cache (at Test/Runner)'],
  ])('fail where %s', (_name, make, message) => {
    expect(make).toThrow(new Error(message));
  });

  test('of one name are two in two namespaces', () => {
    expect(objects(newChart({ jobNamespace: 'jobs', managerServiceAccount: { name: 'ci' }, jobServiceAccount: { name: 'ci' } }), /ServiceAccount/))
      .toEqual(['ServiceAccount gitlab-runner/ci', 'ServiceAccount jobs/ci']);
  });
});

describe('namespaces that jobs choose', () => {
  const choosing = (pattern: string, props: Partial<GitLabRunnerChartProps> = {}) =>
    newChart({ ...props, kubernetesSettings: { namespace_overwrite_allowed: pattern } });

  test.each([
    'team-a|team-b', '^(team-a|team-b)$', '^(?:team-a|team-b|gitlab-runner)$', 'team-b|team-a|team-b',
  ])('are given role and account where %s lists them', (pattern) => {
    const chart = choosing(pattern);
    expect(objects(chart, /Role|ServiceAccount/)).toEqual([
      'Role gitlab-runner/gitlab-runner', 'Role team-a/gitlab-runner', 'Role team-b/gitlab-runner',
      'RoleBinding gitlab-runner/gitlab-runner', 'RoleBinding team-a/gitlab-runner', 'RoleBinding team-b/gitlab-runner',
      'ServiceAccount gitlab-runner/gitlab-runner', 'ServiceAccount gitlab-runner/gitlab-runner-job',
      'ServiceAccount team-a/gitlab-runner-job', 'ServiceAccount team-b/gitlab-runner-job',
    ]);
    const bindings = chart.toJson().filter(({ kind }) => kind === 'RoleBinding');
    expect(bindings.map(({ subjects }) => subjects[0].namespace)).toEqual(['gitlab-runner', 'gitlab-runner', 'gitlab-runner']);
    expect(runner(chart).kubernetes.service_account).toBe('gitlab-runner-job');
  });

  test.each(['team-.*', 'a|b-[0-9]', '.*'])('are all, without an account of ours, where %s is more than a list', (pattern) => {
    const chart = choosing(pattern);
    expect(objects(chart, /Role/)).toEqual(['ClusterRole /gitlab-runner-gitlab-runner', 'ClusterRoleBinding /gitlab-runner-gitlab-runner']);
    expect(runner(chart).kubernetes).not.toHaveProperty('service_account');
    expect(() => joined({ kubernetesSettings: { namespace_overwrite_allowed: pattern } }).grantJobs('Push', AzureRole.ACR_PUSH, '/subscriptions/s')).toThrow(
      'kubernetesSettings.namespace_overwrite_allowed: a managed identity is tied to one namespace, so jobs in namespaces of their own cannot have one, got true; ');
  });

  test('are those of all runners together', () => {
    const chart = choosing('team-a');
    chart.addRunner('second', TOKEN, { kubernetesSettings: { namespace_overwrite_allowed: 'team-b' } });
    expect(objects(chart, /^Role$/)).toEqual(['Role gitlab-runner/gitlab-runner', 'Role team-a/gitlab-runner', 'Role team-b/gitlab-runner']);
    chart.addRunner('third', TOKEN, { kubernetesSettings: { namespace_overwrite_allowed: '.+' } });
    expect(objects(chart, /Role/)).toEqual(['ClusterRole /gitlab-runner-gitlab-runner', 'ClusterRoleBinding /gitlab-runner-gitlab-runner']);
    expect(objects(chart, /ServiceAccount/)).toHaveLength(2);
  });

  test('need no account where it exists', () => {
    expect(objects(choosing('team-a', { jobServiceAccount: { creationEnabled: false } }), /ServiceAccount/)).toEqual(['ServiceAccount gitlab-runner/gitlab-runner']);
  });
});
