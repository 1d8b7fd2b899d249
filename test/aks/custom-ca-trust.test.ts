import { Fn } from 'cdktf';
import { AksCluster, HttpProxy } from '../../src';
import { newStack, resource, synth } from '../synth';

const certificate = (body: string) => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
const [ONE, OTHER] = ['AAAA', 'BBBB'].map(certificate);
const GIVE = 'give one certificate as PEM, "-----BEGIN CERTIFICATE-----" and on (at Test/Cluster)';
const base64 = (text: string) => Buffer.from(text).toString('base64');

function cluster(customCaTrustCertificates?: string[], httpProxy?: HttpProxy) {
  const stack = newStack();
  new AksCluster(stack, 'Cluster', { location: 'koreacentral', customCaTrustCertificates, httpProxy });
  return resource(synth(stack), 'azurerm_kubernetes_cluster');
}

describe('authorities that nodes trust', () => {
  test('are told to AKS in base64, one by one', () => {
    expect(cluster([ONE, OTHER])).toMatchObject({ custom_ca_trust_certificates_base64: [base64(ONE), base64(OTHER)] });
  });

  test('are nobody\'s by default', () => {
    expect(cluster()).not.toHaveProperty('custom_ca_trust_certificates_base64');
  });

  // AKS refuses white space around a certificate and the line ends of Windows.
  test('come from files of any kind', () => {
    expect(cluster([`\r\n${ONE.replaceAll('\n', '\r\n')}\r\n`]).custom_ca_trust_certificates_base64).toEqual([base64(ONE)]);
  });

  test('are those of the proxy too', () => {
    expect(cluster([ONE, OTHER], HttpProxy.at('http://10.0.0.5:3128')).http_proxy_config.trusted_ca).toBe(base64(ONE + OTHER));
    expect(cluster(undefined, HttpProxy.at('http://10.0.0.5:3128')).http_proxy_config).not.toHaveProperty('trusted_ca');
  });

  test('can be known to the apply alone', () => {
    const made = cluster([ONE, Fn.file('company.pem')], HttpProxy.at('http://10.0.0.5:3128'));
    expect(made.custom_ca_trust_certificates_base64).toEqual([base64(ONE), '${base64encode(file("company.pem"))}']);
    expect(made.http_proxy_config.trusted_ca).toMatch(/^\$\{base64encode\(join\("\\n", \["-----BEGIN.*, file\("company.pem"\)\]\)\)\}$/);
  });

  test.each<[string, string[], string]>([
    ['none', [], 'customCaTrustCertificates: empty, got []; give at least 1, each one certificate as PEM, "-----BEGIN CERTIFICATE-----" and on, or leave it out (at Test/Cluster)'],
    // hashicorp/terraform-provider-azurerm#31459
    ['a bundle', [ONE + OTHER], 'customCaTrustCertificates[0]: several certificates in one text, got 2; give each as an item of its own (at Test/Cluster)'],
    ['the path of a file', ['company.pem'], `customCaTrustCertificates[0]: not a valid value, got "company.pem"; ${GIVE}`],
    ['base64, as azurerm takes it', [base64(ONE)], `customCaTrustCertificates[0]: not a valid value, got "${base64(ONE)}"; ${GIVE}`],
    ['a private key', [ONE, '-----BEGIN PRIVATE KEY-----\nAAAA\n'], `customCaTrustCertificates[1]: a private key, which must never leave your machine, got "-----BEGIN …"; ${GIVE}`],
    ['more than AKS takes', Array.from({ length: 11 }, (_, index) => certificate(`${index}`)), 'customCaTrustCertificates: too many, got 11; give at most 10 (at Test/Cluster)'],
  ])('%s fails', (_, given, message) => {
    expect(() => cluster(given)).toThrow(new Error(message));
  });

  test.each<[string, object, string]>([
    ['azurerm', { customCaTrustCertificatesBase64: [base64(ONE)] }, 'write customCaTrustCertificates: certificates as PEM'],
    ['the proxy\'s block', { trustedCa: base64(ONE) }, 'write customCaTrustCertificates'],
  ])('the name that %s has for it leads here', (_, given, remedy) => {
    expect(() => new AksCluster(newStack(), 'Cluster', { location: 'koreacentral', ...given })).toThrow(`; ${remedy} (at Test/Cluster)`);
  });
});
