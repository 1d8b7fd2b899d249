import { Fn } from 'cdktf';
import { AksCluster, SelfHostedGitLab } from '../../../src';
import { newStack, resource, resources, synth, TerraformJson } from '../../synth';
import { servedByNodes } from '../application-nodes/served-by-nodes';
import { LOCATION, parameters, plain, runCommand, server, unsynthesised } from '../server';

const certificate = (body: string) => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
const [ONE, OTHER] = ['AAAA', 'BBBB'].map(certificate);
const GIVE = 'give one certificate as PEM, "-----BEGIN CERTIFICATE-----" and on (at Test/GitLab)';
const given = (customCaTrustCertificates: string[]) => server({ customCaTrustCertificates }).json;

describe('authorities that a server trusts', () => {
  const json = given([ONE, OTHER]);

  test('are told to its first step, which every other one runs again after', () => {
    expect(parameters(json, 'Metadata').CUSTOM_CA_TRUST).toBe(`${ONE}\n${OTHER}`);
    const attempts: any[] = Object.values(resources(json, 'terraform_data'));
    expect(attempts.filter(({ triggers_replace: triggers }) => triggers.after === undefined)).toHaveLength(1);
    for (const step of ['DataDisk', 'Gitlab', 'Runners']) {
      expect(parameters(json, step)).not.toHaveProperty('CUSTOM_CA_TRUST');
    }
  });

  test('change nothing but that', () => {
    const lines = (made: TerraformJson) => JSON.stringify(made, null, 1).split('\n').map((line) => line.trim());
    const before = new Set(lines(plain.json));
    const [parameter] = runCommand(json, 'Metadata').parameter;
    expect(parameter.name).toBe('CUSTOM_CA_TRUST');
    expect(lines(json).filter((line) => !before.has(line))).toEqual([
      '"name": "CUSTOM_CA_TRUST",', `"value": ${JSON.stringify(parameter.value)}`, `"CUSTOM_CA_TRUST": ${JSON.stringify(`${ONE}\n${OTHER}`)},`,
    ]);
  });

  test('are taken back by scripts that are there without them', () => {
    for (const step of ['Metadata', 'Gitlab']) {
      expect(runCommand(plain.json, step).source.script).toContain('/custom-ca-trust.sh');
    }
    expect(parameters(plain.json, 'Metadata')).not.toHaveProperty('CUSTOM_CA_TRUST');
  });

  test('are those of its application nodes too', () => {
    const nodes = servedByNodes({ customCaTrustCertificates: [ONE] }).json;
    const told = Object.entries<any>(nodes.locals).filter(([, value]) => value.CUSTOM_CA_TRUST).map(([name]) => name.replace(/_[0-9A-F]{8}$/, ''));
    expect(told).toEqual(['GitLab_ApplicationNode1_SetUp_MetadataParameters', 'GitLab_ApplicationNode2_SetUp_MetadataParameters', 'GitLab_SetUp_MetadataParameters']);
    const own: any[] = Object.values(resources(nodes, 'azurerm_virtual_machine_run_command'));
    const last = own.find(({ name }) => name.startsWith('node-'));
    expect(last.source.script).toContain('/custom-ca-trust.sh');
  });

  test('are the same list as a cluster\'s, from files of any kind', () => {
    const stack = newStack();
    const customCaTrustCertificates = [ONE.replaceAll('\n', '\r\n'), OTHER];
    new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION, customCaTrustCertificates });
    new AksCluster(stack, 'Cluster', { location: LOCATION, customCaTrustCertificates });
    const both = synth(stack);
    const { custom_ca_trust_certificates_base64: nodes } = resource(both, 'azurerm_kubernetes_cluster');
    expect(parameters(both, 'Metadata').CUSTOM_CA_TRUST).toBe(nodes.map((one: string) => Buffer.from(one, 'base64').toString()).join('\n'));
  });

  test('can be known to the apply alone', () => {
    expect(parameters(given([Fn.file('company.pem'), ONE]), 'Metadata').CUSTOM_CA_TRUST).toBe(`\${file("company.pem")}\n${ONE}`);
  });

  test.each<[string, string[], string]>([
    ['none', [], 'customCaTrustCertificates: empty, got []; give at least 1, each one certificate as PEM, "-----BEGIN CERTIFICATE-----" and on, or leave it out (at Test/GitLab)'],
    ['a bundle', [ONE + OTHER], 'customCaTrustCertificates[0]: several certificates in one text, got 2; give each as an item of its own (at Test/GitLab)'],
    ['the path of a file', ['company.pem'], `customCaTrustCertificates[0]: not a valid value, got "company.pem"; ${GIVE}`],
    ['a private key', [ONE, '-----BEGIN PRIVATE KEY-----\nAAAA\n'], `customCaTrustCertificates[1]: a private key, which must never leave your machine, got "-----BEGIN …"; ${GIVE}`],
    ['more than AKS takes', Array.from({ length: 11 }, (_, index) => certificate(`${index}`)), 'customCaTrustCertificates: too many, got 11; give at most 10 (at Test/GitLab)'],
  ])('%s fails', (_, customCaTrustCertificates, message) => {
    expect(() => unsynthesised({ customCaTrustCertificates })).toThrow(new Error(message));
  });
});
