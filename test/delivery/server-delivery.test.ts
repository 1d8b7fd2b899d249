import { createHash } from 'crypto';
import { ApiObject, App as Cdk8sApp, Chart } from 'cdk8s';
import { TerraformStack } from 'cdktf';
import { CONFIG_MAP, chart } from './charts';
import { AksCluster, ApiServerAccess, ManifestDelivery, ManifestRelease, SelfHostedGitLab } from '../../src';
import { LOCATION, make, roles } from '../aks/made';
import { newStack, resource, resources, synth, testApp, warnings } from '../synth';

/** A cluster that a GitLab server delivers to. */
function platform(props: object = {}, stack = newStack()) {
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION });
  return { gitlab, ...make({ manifestDelivery: ManifestDelivery.throughServer(gitlab), ...props }, stack) };
}

/** The run commands for the cluster, and their parameters, by the beginning of their names. */
function commands(json: any): { [name: string]: { command: any; parameters: any } } {
  return Object.fromEntries(Object.values<any>(resources(json, 'azurerm_virtual_machine_run_command'))
    .filter(({ name }) => /^(deliver|sweep)-/.test(name))
    .map((command) => {
      const [, local] = /local\.(\w+)\./.exec(command.parameter[0].value)!;
      return [command.name.split('-')[0], { command, parameters: json.locals[local] }];
    }));
}

describe('manifests through a server', () => {
  test('are a run command of its VM for each release, after what sweeps removed ones', () => {
    const { stack, cluster } = platform();
    const release = cluster.addCdk8sChart('Runner', chart('ci', CONFIG_MAP));
    const json = synth(stack);
    expect(resources(json, 'helm_release')).toEqual({});
    const { deliver, sweep } = commands(json);
    expect(deliver.command).toMatchObject({
      virtual_machine_id: '${azurerm_linux_virtual_machine.GitLab_VirtualMachine_6B7A4B10.id}'.replace(/GitLab_VirtualMachine_\w+/, machineOf(json)),
      location: LOCATION,
      timeouts: { create: '55m' },
      depends_on: expect.arrayContaining([
        expect.stringMatching(/^azurerm_kubernetes_cluster\./), expect.stringMatching(/^azurerm_role_assignment\.Cluster_DeliveryServer_/),
        expect.stringMatching(/^azurerm_virtual_machine_run_command\.Cluster_Sweep_/),
      ]),
      lifecycle: { postcondition: [{ error_message: expect.stringMatching(/^Delivering Test\/Cluster\/Runner to the cluster failed\. /) }] },
    });
    expect(deliver.parameters).toEqual({
      API_SERVER: expect.stringContaining('kube_config[0].host'),
      CLUSTER_CA: expect.stringContaining('kube_config[0].cluster_ca_certificate'),
      IDENTITY_CLIENT_ID: expect.stringMatching(/^\$\{azurerm_user_assigned_identity\.GitLab_Identity_\w+\.client_id\}$/),
      OWNER: createHash('sha256').update(`${stack.node.id}\n${cluster.node.path}`).digest('hex').slice(0, 16),
      RELEASE: 'test-cluster-runner',
      NAMESPACE: 'ci',
      TIMEOUT_SECONDS: '600',
      MANIFESTS: expect.stringMatching(/^\$\{base64gzip\(jsonencode\(local\.Cluster_Runner_Values_\w+\.manifests\)\)\}$/),
    });
    expect(sweep.parameters).toMatchObject({ MODE: 'sweep', RELEASES: expect.stringMatching(/^\$\{jsonencode\(local\.Cluster_SweepReleases_\w+\)\}$/) });
    expect(swept(json)).toEqual(['ci/test-cluster-runner']);
    expect(release.ready).toHaveLength(1);
  });

  test('make the server\'s identity an administrator, and nobody who applies', () => {
    const { stack } = platform();
    const granted = roles(synth(stack)).filter((role) => role.includes('RBAC Cluster Admin'));
    expect(granted).toEqual([expect.stringMatching(/azurerm_kubernetes_cluster\.\S+ <- \$\{azurerm_user_assigned_identity\.GitLab_Identity_\w+\.principal_id\}$/)]);
  });

  test('come from an address that the API server lets in', () => {
    const { stack } = platform({ apiServerAccess: ApiServerAccess.authorizedIpRanges(['203.0.113.0/24']) });
    const profile = resource(synth(stack), 'azurerm_kubernetes_cluster').api_server_access_profile;
    expect(JSON.stringify(profile)).toMatch(/azurerm_public_ip\.GitLab_Network_PublicIp\w*\.ip_address\}\/32/);
  });

  test('need nobody to reach a private API server', () => {
    const { stack } = platform({ apiServerAccess: ApiServerAccess.privateEndpoint() });
    expect(warnings(stack).filter((text) => text.includes('apiServerAccess'))).toEqual([]);
  });

  test('reach an existing cluster too', () => {
    const stack = newStack();
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION });
    const cluster = AksCluster.fromAksClusterAttributes(stack, 'Theirs', {
      clusterName: 'theirs', resourceGroupName: 'theirs-rg', manifestDelivery: ManifestDelivery.throughServer(gitlab),
    });
    cluster.addManifest('One', CONFIG_MAP);
    expect(Object.keys(commands(synth(stack))).sort()).toEqual(['deliver', 'sweep']);
  });

  test('of another stack do not concern the sweep of the cluster\'s stack', () => {
    const app = testApp();
    const { stack: first, cluster } = platform({}, new TerraformStack(app, 'First'));
    const second = new TerraformStack(app, 'Second');
    cluster.addManifest('Own', CONFIG_MAP);
    new ManifestRelease(second, 'Other', cluster, chart('other', { ...CONFIG_MAP, metadata: { name: 'other', namespace: 'other' } }));
    expect(swept(synth(first))).toEqual([expect.stringMatching(/own$/)]);
  });

  test('are refused beyond what a run command carries', () => {
    const { stack, cluster } = platform();
    const app = new Chart(new Cdk8sApp(), 'large');
    let seed = 'seed';
    for (let part = 0; part < 6; part += 1) {
      const data: { [key: string]: string } = {};
      for (let key = 0; key < 700; key += 1) {
        seed = createHash('sha256').update(seed).digest('hex');
        data[`k${key}`] = seed;
      }
      new ApiObject(app, `m${part}`, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `m${part}` }, data } as any);
    }
    cluster.addCdk8sChart('Large', app);
    expect(() => synth(stack)).toThrow(/chart: too large to be delivered through a server, got "?\d+ characters after compression"?; keep to 120000, divide the chart/);
  });

  test('are not for charts from a repository', () => {
    const { cluster } = platform();
    expect(() => cluster.addHelmChart('Chart', { repository: 'https://charts.example.com', chart: 'one', version: '1.0.0' }))
      .toThrow(/cluster\.manifestDelivery: a Helm chart from a repository cannot be delivered this way, got "throughServer\(\)"; use ManifestDelivery\.helmRelease\(\)/);
  });

  test.each([undefined, null, {}, 'gitlab', newStack()])('need a server: %#', (given) => {
    expect(() => ManifestDelivery.throughServer(given as any))
      .toThrow(/^server: .*(give a SelfHostedGitLab|it is missing|is required).*\(at ManifestDelivery\.throughServer\)$/);
  });
});

function swept(json: any): string[] {
  return json.locals[Object.keys(json.locals).find((name) => /^Cluster_SweepReleases_/.test(name))!];
}

function machineOf(json: any): string {
  return Object.keys(resources(json, 'azurerm_linux_virtual_machine'))[0];
}
