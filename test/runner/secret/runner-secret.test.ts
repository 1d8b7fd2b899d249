import { KeyVaultSecret, RunnerSecret, RunnerToken, SelfHostedGitLab, AksCluster, KubernetesGitLabRunner, GitLab } from '../../../src';
import { newStack, resources, synth } from '../../synth';
import { config, newChart, object, pod, runner, wrong } from '../chart';
import { applied, joinExisting, LOCATION, roles, VAULT } from '../joined';

const OF_VAULT = RunnerSecret.keyVaultSecret(KeyVaultSecret.of(VAULT, 'signing'));
const OF_CLUSTER = RunnerSecret.kubernetesSecret('signing', 'key');
const env = (settings: any): any => {
  const { containers: [{ name, env: variables }] } = JSON.parse(settings.pod_spec[0].patch);
  expect(name).toBe('build');
  return variables;
};

describe('environmentSecrets', () => {
  test('are references in the build container, and their value is nowhere', () => {
    const { kubernetes, feature_flags: flags } = runner(newChart({ environmentSecrets: { SIGNING_KEY: OF_CLUSTER } }));
    // null takes away what a job itself gives, which Kubernetes refuses beside valueFrom.
    expect(env(kubernetes)).toEqual([{ name: 'SIGNING_KEY', value: null, valueFrom: { secretKeyRef: { name: 'signing', key: 'key' } } }]);
    expect(flags.FF_USE_ADVANCED_POD_SPEC_CONFIGURATION).toBe(true);
  });

  test('come from a vault by way of a Secret that the driver makes, which the manager opens', () => {
    const { stack, runner: made } = joinExisting({ environmentSecrets: { A: OF_VAULT, B: OF_CLUSTER } });
    const json = synth(stack);
    expect(roles(json)).toEqual([`Key Vault Secrets User: ${VAULT}`]);
    const { spec } = applied(json, 'SecretProviderClass', 'gitlab-runner-vault-0');
    expect(spec.parameters).toMatchObject({ keyvaultName: 'own', objects: expect.stringContaining('objectName: "signing"') });
    expect(spec.secretObjects).toEqual([{
      secretName: 'gitlab-runner-vault-0', type: 'Opaque', data: [{ objectName: 'environment-0-0', key: 'environment-0-0' }],
    }]);
    // the Secret is there as long as something mounts the vault.
    expect(applied(json, 'Deployment').spec.template.spec.initContainers[0].volumeMounts).toContainEqual({ name: 'vault-0', mountPath: '/secrets/vault-0', readOnly: true });
    expect(env(config(made.chart).runners[0].kubernetes).map(({ valueFrom }: any) => valueFrom.secretKeyRef))
      .toEqual([{ name: 'gitlab-runner-vault-0', key: 'environment-0-0' }, { name: 'signing', key: 'key' }]);
  });

  test('are copied to where the token is from too, and changed ones replace the manager', () => {
    const token = RunnerToken.keyVaultSecret(KeyVaultSecret.of(VAULT, 'token'));
    const [plain, copied] = [{}, { environmentSecrets: { A: RunnerSecret.keyVaultSecret(KeyVaultSecret.of(VAULT, 'token')) } }]
      .map((more) => synth(joinExisting({ token, ...more }).stack));
    expect(Object.keys(resources(copied, 'azurerm_role_assignment'))).toEqual(Object.keys(resources(plain, 'azurerm_role_assignment')));
    expect(applied(plain, 'SecretProviderClass').spec).not.toHaveProperty('secretObjects');
    expect(applied(copied, 'SecretProviderClass').spec.secretObjects[0].data).toEqual([{ objectName: 'token-0', key: 'token-0' }]);
    const checksum = (json: any) => applied(json, 'Deployment').spec.template.metadata.annotations['checksum/config'];
    expect(checksum(copied)).not.toBe(checksum(plain));
  });

  test('are of the runner that they are given to', () => {
    const chart = newChart();
    chart.addRunner('other', RunnerToken.kubernetesSecret('other'), { environmentSecrets: { A: OF_CLUSTER } });
    const [first, second] = config(chart).runners;
    expect(first.kubernetes).not.toHaveProperty('pod_spec');
    expect(env(second.kubernetes)[0].name).toBe('A');
  });

  test.each([
    [{ environmentSecrets: { A: wrong('s3cr3t') } }, 'environmentSecrets["A"]: not a RunnerSecret, got "(hidden)"; give RunnerSecret.keyVaultSecret() or RunnerSecret.kubernetesSecret()'],
    [{ environmentSecrets: { 'A B': OF_CLUSTER } }, /^environmentSecrets/],
    [{ environmentSecrets: { DOCKER_AUTH_CONFIG: OF_CLUSTER } },
      'environmentSecrets.DOCKER_AUTH_CONFIG: the manager reads it before there is a job\'s container, so that this would have no effect, got "RunnerSecret.kubernetesSecret()"; use registryCredentials'],
    [{ environmentSecrets: { FF_TIMESTAMPS: OF_CLUSTER } },
      'environmentSecrets.FF_TIMESTAMPS: the manager reads it before there is a job\'s container, so that this would have no effect, got "RunnerSecret.kubernetesSecret()"; use featureFlags'],
    [{ environmentSecrets: { A: OF_CLUSTER }, environment: { A: 'b' } }, 'environmentSecrets.A: in environment too, got "RunnerSecret.kubernetesSecret()"; leave one of the two out'],
    [{ environmentSecrets: { A: OF_CLUSTER }, kubernetesSettings: { namespace_per_job: true } },
      'environmentSecrets.A: a Secret is of one namespace, and by kubernetesSettings.namespace_per_job jobs run in others, got "RunnerSecret.kubernetesSecret()"; leave one of the two out'],
    [{ environmentSecrets: { A: OF_VAULT } },
      'environmentSecrets.A: a chart has no identity that may read a vault, got "RunnerSecret.keyVaultSecret()"; use KubernetesGitLabRunner or RunnerSecret.kubernetesSecret()'],
    [{ environmentSecrets: { A: OF_CLUSTER }, featureFlags: { FF_USE_ADVANCED_POD_SPEC_CONFIGURATION: false } }, /^featureFlags\.FF_USE_ADVANCED_POD_SPEC_CONFIGURATION: off/],
  ])('%j', (props, message) => {
    expect(() => newChart(props)).toThrow(message);
  });

  test.each([{ jobNamespace: 'jobs' }, { kubernetesSettings: { namespace_overwrite_allowed: 'team-a' } }])('of a vault are not in another namespace: %j', (more) => {
    expect(() => joinExisting({ environmentSecrets: { A: OF_VAULT }, ...more })).toThrow(
      'environmentSecrets.A: the driver copies a vault\'s secret into the manager\'s namespace, and jobs run in another, got "RunnerSecret.keyVaultSecret()"; keep the jobs there, or give RunnerSecret.kubernetesSecret()');
    expect(() => joinExisting({ environmentSecrets: { A: OF_CLUSTER }, ...more })).not.toThrow();
  });
});

describe('registryCredentials', () => {
  const mounts = (spec: any): any[] => [...spec.containers, ...spec.initContainers].map(({ volumeMounts }: any) => volumeMounts.find(({ name }: any) => name === 'registries'));
  const MOUNT = { name: 'registries', mountPath: '/home/gitlab-runner/.docker', readOnly: true };

  test('of a Secret are the manager\'s config.json', () => {
    const { spec } = pod(newChart({ registryCredentials: RunnerSecret.kubernetesSecret('registries', '.dockerconfigjson') }));
    expect(mounts(spec)).toEqual([MOUNT, undefined]);
    expect(spec.volumes).toContainEqual({ name: 'registries', secret: { secretName: 'registries', items: [{ key: '.dockerconfigjson', path: 'config.json' }] } });
    expect(runner(newChart()).kubernetes).not.toHaveProperty('image_pull_secrets');
  });

  test('of a vault are mounted on their own, so that the runner sees no token', () => {
    const token = RunnerToken.keyVaultSecret(KeyVaultSecret.of(VAULT, 'token'));
    const { stack } = joinExisting({ token, registryCredentials: RunnerSecret.keyVaultSecret(KeyVaultSecret.of(VAULT, 'registries')) });
    const json = synth(stack);
    const { spec } = applied(json, 'Deployment').spec.template;
    expect(mounts(spec)).toEqual([MOUNT, undefined]);
    expect(spec.volumes).toContainEqual({
      name: 'registries', csi: { driver: 'secrets-store.csi.k8s.io', readOnly: true, volumeAttributes: { secretProviderClass: 'gitlab-runner-registries' } },
    });
    expect(applied(json, 'SecretProviderClass', 'gitlab-runner-registries').spec.parameters.objects)
      .toBe('array:\n  - |\n    objectName: "registries"\n    objectType: secret\n    objectAlias: config.json\n');
    expect(applied(json, 'SecretProviderClass', 'gitlab-runner-vault-0').spec.parameters.objects).not.toContain('registries');
    expect(roles(json)).toEqual([`Key Vault Secrets User: ${VAULT}`]);
  });

  test('are not hidden by a volume', () => {
    const registryCredentials = RunnerSecret.kubernetesSecret('registries', 'x');
    expect(() => newChart({ registryCredentials, managerVolumes: { '/home/gitlab-runner/.docker': { emptyDir: {} } } }))
      .toThrow('managerVolumes["/home/gitlab-runner/.docker"]: where registryCredentials are, got {"emptyDir":{}}; leave one of the two out');
    expect(() => newChart({ registryCredentials, managerVolumes: { '/home/gitlab-runner/.dockers': { emptyDir: {} } } })).not.toThrow();
  });
});

describe('caCertificateSecret', () => {
  test('is copied next to config.toml for all runners', () => {
    const chart = newChart({ caCertificateSecret: RunnerSecret.kubernetesSecret('authority', 'tls.crt') });
    chart.addRunner('other', RunnerToken.kubernetesSecret('other'));
    expect(config(chart).runners.map((entry: any) => entry['tls-ca-file'])).toEqual(Array(2).fill('@copy:/secrets/ca-certificate/ca-certificate@'));
    expect(pod(chart).spec.volumes).toContainEqual({ name: 'ca-certificate', secret: { secretName: 'authority', items: [{ key: 'tls.crt', path: 'ca-certificate' }] } });
    expect(object(chart, 'ConfigMap').data).not.toHaveProperty('ca.pem');
  });

  test('comes from a vault', () => {
    const { stack, runner: made } = joinExisting({ caCertificateSecret: RunnerSecret.keyVaultSecret(KeyVaultSecret.of(VAULT, 'authority')) });
    expect(roles(synth(stack))).toEqual([`Key Vault Secrets User: ${VAULT}`]);
    expect(config(made.chart).runners[0]['tls-ca-file']).toBe('@copy:/secrets/vault-0/ca-certificate@');
  });

  test('is the only one', () => {
    const caCertificateSecret = RunnerSecret.kubernetesSecret('authority', 'tls.crt');
    const caCertificate = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    expect(() => newChart({ caCertificateSecret, caCertificate })).toThrow('caCertificateSecret: given beside the caCertificate of the GitLab, got "RunnerSecret.kubernetesSecret()"; leave one of the two out');
    const vault = (name: string) => RunnerToken.keyVaultSecret(KeyVaultSecret.of(VAULT, name), {
      tenantId: '00000000-0000-0000-0000-000000000001', clientId: '00000000-0000-0000-0000-000000000002', caSecretName: 'ca',
    });
    expect(() => newChart({ caCertificateSecret, token: vault('t') })).toThrow(/^caCertificateSecret: the token comes with a certificate already/);
    expect(() => newChart({ caCertificateSecret }).addRunner('other', RunnerToken.legacyRegistrationToken(vault('r'))))
      .toThrow(/^caCertificateSecret: the token comes with a certificate already/);
    const stack = newStack();
    const cluster = AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'aks', resourceGroupName: 'g' });
    const gitlab = new SelfHostedGitLab(stack, 'Server', { location: LOCATION });
    expect(() => new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, caCertificateSecret }))
      .toThrow('caCertificateSecret: the token comes with a certificate already, got "RunnerSecret.kubernetesSecret()"; leave one of the two out');
    const other = GitLab.fromAttributes(stack, 'Other', { gitlabUrl: 'https://gitlab.example.com', caCertificate });
    expect(() => new KubernetesGitLabRunner(stack, 'Second', { gitlab: other, cluster, token: RunnerToken.kubernetesSecret('t'), caCertificateSecret }))
      .toThrow(/^caCertificateSecret: given beside/);
  });
});
