import { TerraformVariable } from 'cdktf';
import { ManifestDelivery } from '../../src';
import { make } from '../aks/made';
import { resource, synth, warnings } from '../synth';

describe('a chart from a repository', () => {
  const options = { repository: 'https://charts.gitlab.io', chart: 'gitlab-runner' };

  test('is `helm repo add` and `helm install` in one', () => {
    const { stack, cluster } = make();
    const token = new TerraformVariable(stack, 'token', { sensitive: true });
    const release = cluster.addHelmChart('Runner', {
      repository: 'https://charts.gitlab.io',
      chart: 'gitlab-runner',
      version: '0.86.0',
      releaseName: 'gitlab-runner',
      namespace: 'gitlab-runner',
      values: { gitlabUrl: 'http://203.0.113.7', rbac: { create: true }, runners: { tags: 'aks', config: 'a = "${b}"\n' } },
      sensitiveValues: { 'runnerRegistrationToken': token.stringValue, 'a\\.b': `x${token.stringValue}` },
    });
    release.waitFor(cluster.ready[0]);
    const json = synth(stack);
    expect(resource(json, 'helm_release')).toEqual({
      provider: 'helm.aks_38529c74',
      repository: 'https://charts.gitlab.io',
      chart: 'gitlab-runner',
      version: '0.86.0',
      name: 'gitlab-runner',
      namespace: 'gitlab-runner',
      create_namespace: true,
      values: ['${jsonencode(local.Cluster_Runner_Values_632217CA)}'],
      set_sensitive: [
        { name: 'runnerRegistrationToken', value: '${var.token}', type: 'literal' },
        { name: 'a\\.b', value: 'x${var.token}', type: 'literal' },
      ],
      atomic: true,
      wait: true,
      wait_for_jobs: true,
      cleanup_on_fail: true,
      max_history: 10,
      timeout: 600,
      depends_on: ['azurerm_kubernetes_cluster.Cluster_EB0386A7', 'azurerm_role_assignment.Cluster_Deployers_First_D0B90F22'],
    });
    expect(json.locals.Cluster_Runner_Values_632217CA).toEqual({
      gitlabUrl: 'http://203.0.113.7', rbac: { create: true }, runners: { tags: 'aks', config: 'a = "$${b}"\n' },
    });
    expect(warnings(stack)).toEqual([
      'Test/Cluster/Runner: sensitiveValues: the Terraform state holds runnerRegistrationToken, a\\.b readable; restrict access to the '
        + 'state, or have the chart read a Key Vault',
    ]);
    expect(release.ready).toHaveLength(1);
  });

  test('can come from a registry, without any values', () => {
    const { stack, cluster } = make();
    cluster.addHelmChart('Ingress', { repository: 'oci://ghcr.io/nginxinc/charts', chart: 'nginx-ingress', timeoutSeconds: 60 });
    const json = synth(stack);
    expect(resource(json, 'helm_release')).toMatchObject({
      repository: 'oci://ghcr.io/nginxinc/charts', chart: 'nginx-ingress', namespace: 'default', name: 'test-cluster-ingress', timeout: 60,
    });
    expect(resource(json, 'helm_release')).not.toHaveProperty('set_sensitive');
    expect(Object.values(json.locals)).toEqual([{}]);
  });

  test('takes all its values from the apply', () => {
    const { stack, cluster } = make();
    cluster.addHelmChart('Runner', { ...options, values: new TerraformVariable(stack, 'values', {}).value });
    const json = synth(stack);
    expect(Object.values(json.locals)).toEqual(['${var.values}']);
    expect(resource(json, 'helm_release').values).toEqual(['${jsonencode(local.Cluster_Runner_Values_632217CA)}']);
  });

  test.each([
    [{ chart: '' }, 'chart: not a valid value, got ""; give the chart\'s name in the repository, such as "gitlab-runner"'],
    [{ chart: 'oci://ghcr.io/acme/charts/own:1.2.3' }, 'chart: an address, and not a chart\'s name, got "oci://ghcr.io/acme/charts/own:1.2.3"; write chart: "own" and repository: "oci://ghcr.io/acme/charts"'],
    [{ repository: 'gitlab' }, 'repository: not a valid value, got "gitlab"; give a repository\'s address, "https://…" or "oci://…"'],
    [{ version: '' }, 'version: not a valid value, got ""; give a version such as "0.86.0"'],
    ...['latest', 'newest', '1.2.3.4', '1.2 | 2', '>', '1.2 - ', '||'].map((version) => [
      { version }, `version: neither a version nor a range of versions, got ${JSON.stringify(version)}; give one such as "0.86.0" or "~0.86", or leave it out for the latest`,
    ]),
    [{ repository: 'oci://ghcr.io/acme/charts/x:1.2.3' }, 'repository: has a tag or a digest, got "oci://ghcr.io/acme/charts/x:1.2.3"; leave it out here, and give '
      + 'the tag as version'],
    [{ repository: 'https://robot:hunter2@charts.example.com' }, 'repository: holds a user or a password, which would be in the state, got "(hidden)"; leave it out, and override '
      + 'repository_password of the resource with a sensitive variable: docs/escape-hatches.md'],
    [{ repository: 'https://charts.example.com/index.yaml' }, 'repository: the index of a repository, which Helm looks for by itself, got '
      + '"https://charts.example.com/index.yaml"; leave out "/index.yaml"'],
    [{ chart: 'gitlab/gitlab-runner' }, 'chart: more than a chart\'s name, got "gitlab/gitlab-runner"; write "gitlab-runner": the repository is given by its address'],
    [{ name: 'x' }, 'name: no such prop, got "x"; write releaseName'],
    [{ create_namespace: true }, 'create_namespace: no such prop, got true; leave it out: it is always so'],
    [{ releaseName: 'x'.repeat(54) }, `releaseName: not a valid value, got "${'x'.repeat(54)}"; give at most 53 lower-case letters, digits, hyphens and `
      + 'dots such as "gitlab-runner"'],
    [{ namespace: '-' }, 'namespace: not a valid value, got "-"; give at most 63 lower-case letters, digits and hyphens such as "gitlab-runner"'],
    [{ values: ['a'] }, 'values: not a map, got ["a"]; give a map of plain data'],
    [{ values: { a: [{ 'b.c': 2 ** 60 }] } }, 'values.a[0]["b.c"]: a number that Helm would round, got 1152921504606847000; write numbers beyond '
      + '9007199254740991 as text'],
    [{ values: { a: () => 1 } }, 'values.a: not plain data, got "Function"; give objects, lists, texts, numbers, true, false and null only'],
    [{ sensitiveValues: { token: 'glrt-x' } }, 'sensitiveValues["token"]: literal text would be written into the configuration, got "(hidden)"; '
      + 'pass a sensitive TerraformVariable\'s stringValue'],
    [{ sensitiveValues: 'token: glrt-x' }, 'sensitiveValues: not a map, got "(hidden)"; give a map, each value a sensitive TerraformVariable\'s stringValue'],
    [{ repository: 'https://x/${a}' }, 'repository: an expression of Terraform\'s as text, got "https://x/${a}"; give a reference, such as asString of a TerraformLocal with this text'],
    [{ value: {} }, 'value: no such prop, got {}; write values, or leave it out'],
    [{ timeoutSeconds: 10 }, 'timeoutSeconds: out of range, got 10; give a whole number from 30 to 7200'],
  ] as [any, string][])('fails when %j', (wrong, message) => {
    const { cluster } = make();
    expect(() => cluster.addHelmChart('Chart', { ...options, ...wrong })).toThrow(new Error(`${message} (at Test/Cluster/Chart)`));
  });

  test.each(['0.86.0', 'v0.86', '^1.2', '~0.86', '1.x', '*', '>= 1.0, < 2.0', '>=1.0 <2.0', '1.2 - 1.4', '1.2 || 2.x', '1.2.3-rc.1+b7'])('takes the version %s', (version) => {
    const { stack, cluster } = make();
    cluster.addHelmChart('Chart', { ...options, version, repository: 'oci://registry.example.com:5000/charts', chart: 'team/runner' });
    expect(resource(synth(stack), 'helm_release')).toMatchObject({ version, chart: 'team/runner' });
  });

  test('fails when manifests are delivered as files', () => {
    const { cluster } = make({ manifestDelivery: ManifestDelivery.files() });
    expect(() => cluster.addHelmChart('Chart', options)).toThrow(new Error(
      'cluster.manifestDelivery: a Helm chart from a repository cannot be delivered this way, got "files()"; '
      + 'use ManifestDelivery.helmRelease(), or give the chart to your GitOps tool (at Test/Cluster/Chart)'));
  });
});
