import { TerraformVariable } from 'cdktf';
import { parse as parseYaml } from 'yaml';
import { KeyVaultSecret } from '../../../src/azure';
import { GitLabRunnerScope } from '../../../src/gitlab';
import { GitLabRunnerChart, RunnerToken } from '../../../src/runner';
import { newStack } from '../../synth';
import { TOKEN, config, kinds, newChart, object, pod, warnings, wrong } from '../chart';

const UUID = '00000000-0000-0000-0000-000000000001';

describe('tokens', () => {
  const secret = (name: string, vault = 'ci-vault') => KeyVaultSecret.of(`/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/${vault}`, name);
  const reader = { tenantId: UUID, clientId: UUID };
  const mark = (chart: GitLabRunnerChart, index = 0) => config(chart).runners[index].token;
  const volume = (chart: GitLabRunnerChart, name: string) => pod(chart).spec.volumes.find((candidate: any) => candidate.name === name);

  test('of a Kubernetes Secret', () => {
    const chart = newChart({ token: RunnerToken.kubernetesSecret('ci-token', 'key') });
    expect(mark(chart)).toBe('@text:/secrets/token-0/token@');
    expect(volume(chart, 'token-0')).toEqual({ name: 'token-0', secret: { secretName: 'ci-token', items: [{ key: 'key', path: 'token' }] } });
    expect(kinds(chart)).not.toContain('Secret');
  });

  test('of a volume', () => {
    const chart = newChart({ token: RunnerToken.volume({ csi: { driver: 'x.example.com' } }, 'dir/file') });
    expect(mark(chart)).toBe('@text:/secrets/token-0/dir/file@');
    expect(volume(chart, 'token-0')).toEqual({ name: 'token-0', csi: { driver: 'x.example.com' } });
  });

  test('of a Key Vault, one volume for each vault, the certificate of GitLab\'s authority too', () => {
    const chart = newChart({ token: RunnerToken.keyVaultSecret(secret('runner'), { ...reader, caSecretName: 'ca' }) });
    chart.addRunner('second', RunnerToken.keyVaultSecret(secret('other'), { ...reader, caSecretName: 'ca' }));
    chart.addRunner('third', RunnerToken.keyVaultSecret(secret('runner', 'other-vault'), reader));
    expect(config(chart).runners.map((entry: any) => [entry.token, entry['tls-ca-file']])).toEqual([
      ['@text:/secrets/vault-0/token-0@', '@copy:/secrets/vault-0/ca-0.pem@'],
      ['@text:/secrets/vault-0/token-1@', '@copy:/secrets/vault-0/ca-0.pem@'],
      ['@text:/secrets/vault-1/token-2@', undefined],
    ]);
    const { parameters, provider } = object(chart, 'SecretProviderClass', 'gitlab-runner-vault-0').spec;
    expect(provider).toBe('azure');
    expect({ ...parameters, objects: parseYaml(parameters.objects).array.map(parseYaml) }).toEqual({
      usePodIdentity: 'false',
      clientID: UUID,
      keyvaultName: 'ci-vault',
      tenantId: UUID,
      cloudName: '',
      objects: [
        { objectName: 'runner', objectType: 'secret', objectAlias: 'token-0' },
        { objectName: 'ca', objectType: 'secret', objectAlias: 'ca-0.pem' },
        { objectName: 'other', objectType: 'secret', objectAlias: 'token-1' },
      ],
    });
    expect(volume(chart, 'vault-1').csi).toEqual({
      driver: 'secrets-store.csi.k8s.io', readOnly: true, volumeAttributes: { secretProviderClass: 'gitlab-runner-vault-1' },
    });
  });

  test('of a Terraform variable, with a warning', () => {
    const variable = new TerraformVariable(newStack(), 'RunnerToken', { sensitive: true });
    const chart = newChart({ token: RunnerToken.terraformVariable(variable) });
    expect(object(chart, 'Secret').stringData).toEqual({ token: expect.stringMatching(/^\$\{TfToken\[[\w.]+\]\}$/) });
    expect(object(chart, 'ConfigMap').data['config.template.toml']).not.toContain('TfToken');
    expect(warnings(chart)).toEqual(['token: the value of the Terraform variable lands in the state, in Helm\'s records and in a Kubernetes Secret; '
      + 'use RunnerToken.keyVaultSecret()']);
  });

  test('of the old kind are registered at the start, with a warning', () => {
    const chart = newChart({ token: RunnerToken.legacyRegistrationToken(TOKEN, { tags: ['aks', 'linux'], description: 'two words', maximumTimeoutSeconds: 3600 }) });
    expect(mark(chart)).toBe('@register:/config/register-0@');
    expect(object(chart, 'ConfigMap').data['register-0'].split('\n')).toEqual([
      '/secrets/token-0/token', '--url=https://gitlab.example.com', '--executor=kubernetes', '--name=two words', '--tag-list=aks,linux',
      '--run-untagged=false', '--locked=false', '--paused=false', '--maximum-timeout=3600', '',
    ]);
    expect(warnings(chart)).toEqual([
      'token: registration tokens are switched off by default since GitLab 17.0 and will be removed in 20.0; create the runner in GitLab and give its token',
    ]);
  });

  test.each<[string, () => RunnerToken, string]>([
    ['a chart alone has no GitLab', () => RunnerToken.fromGitlab(),
      'token: a chart has no GitLab to request a token from, got "RunnerToken.fromGitlab()"; use KubernetesGitLabRunner or another source (at ci)'],
    ['the vault has no identity', () => RunnerToken.keyVaultSecret(secret('runner'), { tenantId: UUID }),
      'token.clientId: missing, got nothing; give a UUID; only KubernetesGitLabRunner knows it by itself (at ci)'],
    ['the vault of a registration token has no tenant', () => RunnerToken.legacyRegistrationToken(RunnerToken.keyVaultSecret(secret('runner'), { clientId: UUID })),
      'token.tenantId: missing, got nothing; give a UUID; only KubernetesGitLabRunner knows it by itself (at ci)'],
    ['the secret is missing', () => RunnerToken.keyVaultSecret(wrong(undefined)),
      'secret: missing, got nothing; give KeyVaultSecret.of(keyVaultId, secretName) (at RunnerToken.keyVaultSecret)'],
    ['the secret is the token', () => RunnerToken.keyVaultSecret(wrong('glrt-t0k3n')),
      'secret: not a KeyVaultSecret, got "(hidden)"; give KeyVaultSecret.of(keyVaultId, secretName) (at RunnerToken.keyVaultSecret)'],
    ['an identity of the user\'s is to be given a role', () => RunnerToken.keyVaultSecret(secret('runner'), { ...reader, roleAssignmentEnabled: true }),
      'roleAssignmentEnabled: only the identity that KubernetesGitLabRunner creates can be given the role, got true; leave one of roleAssignmentEnabled and clientId out '
      + '(at RunnerToken.keyVaultSecret)'],
    ['an option is misspelt', () => RunnerToken.keyVaultSecret(secret('runner'), { ...reader, casecretname: 'ca' } as any),
      'casecretname: no such prop, got "(hidden)"; write caSecretName, or leave it out (at RunnerToken.keyVaultSecret)'],
    ['the tenant is no UUID', () => RunnerToken.keyVaultSecret(secret('runner'), { ...reader, tenantId: 'contoso' }),
      'tenantId: not a valid value, got "contoso"; give a UUID such as "00000000-0000-0000-0000-000000000000" (at RunnerToken.keyVaultSecret)'],
    ['the Secret\'s name is none', () => RunnerToken.kubernetesSecret('A b'),
      'name: not a valid value, got "A b"; give a Kubernetes name such as "gitlab-runner" (at RunnerToken.kubernetesSecret)'],
    ['the key is none', () => RunnerToken.kubernetesSecret('a', 'b/c'),
      'key: not a valid value, got "b/c"; give a key of the Secret such as "runner-token" (at RunnerToken.kubernetesSecret)'],
    ['the file is outside its volume', () => RunnerToken.volume({ emptyDir: {} }, '../x'),
      'fileName: not a valid value, got "../x"; give a relative path such as "token" (at RunnerToken.volume)'],
    ['the volume is none', () => RunnerToken.volume({ name: 'x' }, 'token'),
      'volume: not one kind of volume, got ["name"]; give one key, such as { csi: { … } } (at RunnerToken.volume)'],
    ['something in the volume is no data', () => RunnerToken.volume({ csi: { at: new Date(0) } }, 'token'),
      'volume.csi.at: not plain data, got "1970-01-01T00:00:00.000Z"; give text, numbers, booleans, lists or maps (at RunnerToken.volume)'],
    ['the variable would be printed', () => RunnerToken.terraformVariable(new TerraformVariable(newStack(), 'Token', {})),
      'variable: Terraform would print the value of this variable, got "Token"; make the variable with sensitive: true (at RunnerToken.terraformVariable)'],
    ['the variable is none', () => RunnerToken.terraformVariable(wrong('glrt-1')),
      'variable: not a TerraformVariable, got "(hidden)"; give a TerraformVariable with sensitive: true (at RunnerToken.terraformVariable)'],
    ['the token is its text', () => wrong('glrt-abc'),
      'token: not a RunnerToken, got "(hidden)"; give one such as RunnerToken.kubernetesSecret() (at ci)'],
    ['there is none', () => wrong(undefined), 'token: missing, got nothing; give one such as RunnerToken.kubernetesSecret() (at ci)'],
    ['a registered runner has no way to a job', () => RunnerToken.legacyRegistrationToken(TOKEN, { runUntagged: false }),
      'runUntagged: a runner without tags that takes no untagged jobs would never get a job, got false; give tags, or true (at RunnerToken.legacyRegistrationToken)'],
    ['a registered runner\'s tag has a comma', () => RunnerToken.legacyRegistrationToken(TOKEN, { tags: ['a,b'] }),
      'tags[0]: not a valid value, got "a,b"; give 1 to 255 letters, digits, "-", "_", "." and "/" (at RunnerToken.legacyRegistrationToken)'],
    ['a registered runner is to have a scope', () => RunnerToken.legacyRegistrationToken(TOKEN, { runnerScope: GitLabRunnerScope.instance() }),
      'runnerScope: a registration token decides by itself whose jobs its runners take, got {}; drop it, and take the token from the group or project that is meant '
      + '(at RunnerToken.legacyRegistrationToken)'],
  ])('fails when %s', (_name, token, message) => {
    expect(() => newChart({ token: token() })).toThrow(new Error(message));
  });

  test('a registration token that is given as text is not shown', () => {
    expect(() => RunnerToken.legacyRegistrationToken('dR7xSecretOfTheInstance' as any)).toThrow(new Error(
      'token: not a RunnerToken, got "(hidden)"; give RunnerToken.keyVaultSecret(), kubernetesSecret(), volume() or terraformVariable() (at RunnerToken.legacyRegistrationToken)'));
  });

  test('fails when a registration token comes from GitLab', () => {
    expect(() => RunnerToken.legacyRegistrationToken(RunnerToken.fromGitlab())).toThrow(new Error(
      'token: not a source of a registration token, got "gitlab"; give RunnerToken.keyVaultSecret(), kubernetesSecret(), volume() or '
      + 'terraformVariable() (at RunnerToken.legacyRegistrationToken)'));
  });
});
