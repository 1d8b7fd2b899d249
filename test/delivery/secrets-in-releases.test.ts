import { Fn, TerraformVariable } from 'cdktf';
import { ManifestDelivery } from '../../src';
import { make } from '../aks/made';
import { synth, warnings } from '../synth';

const PEM = (what: string) => `-----BEGIN ${what}-----\nMIIC\n-----END ${what}-----\n`;
const base64 = (text: string) => Buffer.from(text).toString('base64');

function told(values: any): string[] {
  const { stack, cluster } = make();
  const sensitive = new TerraformVariable(stack, 'password', { sensitive: true });
  const open = new TerraformVariable(stack, 'name', {});
  cluster.addHelmChart('X', { chart: 'c', repository: 'https://charts.example.com', values: typeof values === 'function' ? values(sensitive, open) : values });
  synth(stack);
  return warnings(stack).flatMap((warning) => /: values: (.*) looks? like/.exec(warning)?.slice(1) ?? []);
}

function delivered(object: any, manifestDelivery?: ManifestDelivery): string[] {
  const { stack, cluster } = make({ manifestDelivery });
  cluster.addManifest('X', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'mine' }, ...object });
  synth(stack);
  return warnings(stack).filter((warning) => warning.includes(': chart: '));
}

describe('secrets of a release', () => {
  test.each<[string, any, string[]]>([
    ['by the name', { grafana: { adminPassword: 'hunter2' }, users: [{ token: 'abc' }] }, ['grafana.adminPassword, users.0.token']],
    ['by what they are', { env: [{ name: 'A', value: 'glpat-12345678901234567890' }], url: 'https://me:hunter2@example.com' }, ['env.0.value, url']],
    ['a private key', { tls: { pem: PEM('PRIVATE KEY') } }, ['tls.pem']],
    ['a sensitive variable', (sensitive: any) => ({ a: { b: sensitive.stringValue } }), ['a.b']],
    ['within a text', (sensitive: any) => ({ dsn: `postgres://app:${sensitive.stringValue}@db` }), ['dsn']],
  ])('are told of in values: %s', (_, values, paths) => {
    expect(told(values)).toEqual(paths);
  });

  test.each<[string, any]>([
    ['names of Secrets', { existingSecret: 'mine', secretName: 'mine', passwordSecret: { name: 'mine', key: 'password' }, tokenSecretRef: 'x' }],
    ['nothing, and switches', { password: '', token: 'true', apiKey: '0', accessKey: true, privateKey: null }],
    ['certificates', { token: PEM('CERTIFICATE') }],
    ['what is not sensitive', (sensitive: any, open: any) => ({ token: open.stringValue, a: Fn.nonsensitive(sensitive.stringValue) })],
    ['paths of files', { tokenFile: '/var/run/token' }],
  ])('are not taken for such: %s', (_, values) => {
    expect(told(values)).toEqual([]);
  });

  test.each<[string, object]>([
    ['as text', { stringData: { password: 'hunter2' } }],
    ['in base64', { data: { password: base64('hunter2') } }],
    ['a key beside its certificate', { type: 'kubernetes.io/tls', data: { 'tls.crt': base64(PEM('CERTIFICATE')), 'tls.key': base64(PEM('PRIVATE KEY')) } }],
  ])('are told of in a Secret: %s', (_, content) => {
    expect(delivered(content)).toEqual([expect.stringContaining('chart: the content of Secret mine is readable in the Terraform state')]);
    expect(delivered(content, ManifestDelivery.files())).toEqual([expect.stringContaining('chart: the content of Secret mine is readable in the file')]);
  });

  test.each<[string, object]>([
    ['an authority', { stringData: { 'ca.crt': PEM('CERTIFICATE') } }],
    ['one that the cluster fills', { type: 'kubernetes.io/service-account-token' }],
    ['an empty one', { stringData: { password: '' } }],
    ['another kind', { kind: 'ConfigMap', data: { key: 'value' } }],
  ])('are not taken for such in an object: %s', (_, content) => {
    expect(delivered(content)).toEqual([]);
  });
});
