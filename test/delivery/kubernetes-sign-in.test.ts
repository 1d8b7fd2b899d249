import { TerraformVariable } from 'cdktf';
import { CONFIG_MAP } from './charts';
import { AksCluster, KubernetesSignIn, ManifestDelivery } from '../../src';
import { make } from '../aks/made';
import { newStack, synth } from '../synth';

describe('access to the API server', () => {
  const kubernetes = (access?: KubernetesSignIn, stack = newStack()) => {
    const { cluster } = make({ manifestDelivery: ManifestDelivery.helmRelease(access) }, stack);
    cluster.addManifest('Manifest', CONFIG_MAP);
    const [{ kubernetes: { host, cluster_ca_certificate: ca, ...rest } }] = synth(stack).provider.helm;
    expect(host).toBe('${azurerm_kubernetes_cluster.Cluster_EB0386A7.kube_config[0].host}');
    expect(ca).toBe('${base64decode(azurerm_kubernetes_cluster.Cluster_EB0386A7.kube_config[0].cluster_ca_certificate)}');
    return rest;
  };
  const exec = (command: string, args: string[]) => ({ exec: { api_version: 'client.authentication.k8s.io/v1beta1', command, args } });
  const AZ = ['account', 'get-access-token', '--resource', '6dae42f8-4368-4678-94ff-3960e28e3630', '--output', 'json', '--query',
    '{apiVersion:\'client.authentication.k8s.io/v1beta1\',kind:\'ExecCredential\',status:{token:accessToken}}'];

  test('is by the Azure CLI unless told otherwise', () => {
    expect(kubernetes()).toEqual(exec('az', AZ));
    const tenant = '33333333-3333-3333-3333-333333333333';
    expect(kubernetes(KubernetesSignIn.azureCli(tenant))).toEqual(exec('az', [...AZ, '--tenant', tenant]));
  });

  test.each<[string, () => KubernetesSignIn]>([
    ['spn', () => KubernetesSignIn.servicePrincipal()],
    ['msi', () => KubernetesSignIn.managedIdentity()],
    ['workloadidentity', () => KubernetesSignIn.workloadIdentity()],
  ])('can be by kubelogin in its mode %s', (mode, signIn) => {
    expect(kubernetes(signIn())).toEqual(exec('kubelogin', ['get-token', '--server-id', '6dae42f8-4368-4678-94ff-3960e28e3630', '--login', mode]));
  });

  test('by kubelogin is in the cluster\'s cloud, and az has one of its own', () => {
    const stack = newStack();
    const government = (signIn: KubernetesSignIn, id: string) => {
      const cluster = new AksCluster(stack, id, { location: 'usgovvirginia', manifestDelivery: ManifestDelivery.helmRelease(signIn) });
      cluster.addManifest('Manifest', CONFIG_MAP);
    };
    government(KubernetesSignIn.workloadIdentity(), 'One');
    government(KubernetesSignIn.azureCli(), 'Two');
    const [one, two] = synth(stack).provider.helm.map(({ kubernetes: { exec: { args } } }: any) => args);
    expect(one.slice(-2)).toEqual(['--environment', 'AzureUSGovernmentCloud']);
    expect(two).toEqual(AZ);
  });

  test('can be by a token that only the apply knows', () => {
    const stack = newStack();
    const token = new TerraformVariable(stack, 'token', { sensitive: true }).stringValue;
    expect(kubernetes(KubernetesSignIn.token(token), stack)).toEqual({ token: '${var.token}' });
  });
});
