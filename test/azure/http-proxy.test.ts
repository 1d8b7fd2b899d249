import { TerraformVariable } from 'cdktf';
import { AksCluster, HttpProxy } from '../../src';
import { newStack, resource, synth } from '../synth';

const URL = 'http://10.0.0.5:3128';
const ADDRESS = 'an address such as "http://10.0.0.5:3128", without a user and a password';
const EXCEPTION = 'a host, a domain such as ".example.com", an IPv4 address or block, without port and wildcard';

function config(url: string, noProxy?: string[]) {
  const stack = newStack();
  new AksCluster(stack, 'Cluster', { location: 'koreacentral', httpProxy: HttpProxy.at(url, noProxy) });
  return resource(synth(stack), 'azurerm_kubernetes_cluster').http_proxy_config;
}

describe('a forward proxy', () => {
  // Azure/AKS#4574, #5561: without the slash AKS has refused addresses.
  test.each([URL, `${URL}/`])('%s is told to AKS with a slash at its end, and once', (url) => {
    expect(config(url)).toMatchObject({ http_proxy: `${URL}/`, https_proxy: `${URL}/` });
  });

  test('an address that only the apply knows stays as it is', () => {
    const stack = newStack();
    const url = new TerraformVariable(stack, 'proxy', {}).stringValue;
    new AksCluster(stack, 'Cluster', { location: 'koreacentral', httpProxy: HttpProxy.at(url) });
    expect(resource(synth(stack), 'azurerm_kubernetes_cluster').http_proxy_config.http_proxy).toBe('${var.proxy}');
  });

  test('nothing is said of IPv6, which Ruby would take for all addresses with the same end', () => {
    expect(config(URL).no_proxy.filter((one: string) => one.includes(':'))).toEqual([]);
  });

  test.each(['proxy.corp.example.com', 'proxy', '10.0.0.5'])('is at %s', (host) => {
    expect(() => HttpProxy.at(`http://${host}:8080`)).not.toThrow();
  });

  test.each(['gitlab.example.com', '.corp.example.com', '.svc', 'GitLab.Example.com', '10.0.0.5', '10.0.0.0/8', 'a-1', '1.example.com'])('%s can be reached without it', (one) => {
    expect(config(URL, [one]).no_proxy).toContain(one);
  });

  test.each([
    'http://ada:secret@10.0.0.5:3128', 'http://ada@10.0.0.5:3128', `http://ada:${new TerraformVariable(newStack(), 'p', {}).stringValue}@10.0.0.5:3128`,
  ])('a user or a password fails, and is not shown', (url) => {
    expect(() => HttpProxy.at(url)).toThrow(new Error(
      `url: holds a user or a password, which AKS does not take and which would be in the state, got "(hidden)"; give ${ADDRESS} (at HttpProxy.at)`));
  });

  test.each([
    'https://10.0.0.5:3128', 'HTTP://10.0.0.5:3128', 'socks5://10.0.0.5:1080', '10.0.0.5:3128', 'http://10.0.0.5', 'http://[fd00::5]:3128', 'http://proxy:3128/pac',
    'http://proxy:03128', 'http://pro xy:3128', '',
  ])('the address %p fails', (url) => {
    expect(() => HttpProxy.at(url)).toThrow(new Error(`url: not a valid value, got "${url}"; give ${ADDRESS} (at HttpProxy.at)`));
  });

  // a developer's own machine has one there, a new one has none.
  test.each(['localhost', 'Localhost', '127.0.0.1', '169.254.169.254', '168.63.129.16', '0.0.0.0'])('the host %s fails, where no machine of a network has its proxy', (host) => {
    expect(() => HttpProxy.at(`http://${host}:3128`)).toThrow(new Error(`url: not an address in a network, got "http://${host}:3128"; `
      + 'give the one by which new machines reach the proxy, such as "http://10.0.0.5:3128" (at HttpProxy.at)'));
  });

  test.each([
    ['http://proxy:70000', 'url: no such port, got "http://proxy:70000"; give one from 1 to 65535 (at HttpProxy.at)'],
    ['http://10.0.0.300:3128', 'url: not a valid value, got "10.0.0.300"; give an IPv4 address such as "203.0.113.7" (at HttpProxy.at)'],
    ['http://proxy..corp:3128', 'url: not a valid value, got "proxy..corp"; give a name of letters, digits, "-" and single dots, or an IPv4 address (at HttpProxy.at)'],
  ])('the address %s fails', (url, message) => {
    expect(() => HttpProxy.at(url)).toThrow(new Error(message));
  });

  test.each(['*', '*.example.com', '10.0.*', 'gitlab.example.com:443', 'http://gitlab.example.com', '::1', 'fd00::/8', 'a,b', 'a_b.example.com', ''])(
    '%p without it fails', (one) => {
      expect(() => HttpProxy.at(URL, [one])).toThrow(new Error(`noProxy[0]: not a valid value, got "${one}"; give ${EXCEPTION} (at HttpProxy.at)`));
    });

  // fluxcd/kustomize-controller#1623: AKS has refused names with a dot at their end.
  test.each([
    ['gitlab.example.com.', 'not a valid value, got "gitlab.example.com."; give a name of letters, digits, "-" and single dots, or an IPv4 address'],
    ['..corp', 'not a valid value, got ".corp"; give a name of letters, digits, "-" and single dots, or an IPv4 address'],
    ['10.0.0.300', 'not a valid value, got "10.0.0.300"; give an IPv4 address such as "203.0.113.7"'],
    ['10.0.0.0/33', 'not an IPv4 block, got "10.0.0.0/33"; give an IPv4 block such as "10.0.0.0/16"'],
    ['10.0.0.5/16', 'not an IPv4 block, got "10.0.0.5/16"; the address has host bits set, did you mean "10.0.0.0/16"'],
  ])('%s without it fails', (one, message) => {
    expect(() => HttpProxy.at(URL, [one])).toThrow(new Error(`noProxy[0]: ${message} (at HttpProxy.at)`));
  });

  test('the same twice fails', () => {
    expect(() => HttpProxy.at(URL, ['a.example.com', 'A.example.com'])).toThrow(new Error('noProxy[1]: given twice, got "A.example.com"; name it once (at HttpProxy.at)'));
  });
});
