import { attempt } from './server';
import { GitLabEndpoint, GitLabNetwork } from '../../src';
import { OTHER_NAMES_OF_SERVER } from '../../src/gitlab/private/other-names';
import { SERVER } from '../../src/gitlab/private/server-rules';
import { SMTP } from '../../src/gitlab/smtp/mail';
import { OTHER_NAMES_OF_SMTP } from '../../src/gitlab/smtp/other-names';
import { argumentsOf, remedies } from '../azurerm-arguments';

const make = (props: any) => attempt({ location: 'koreacentral', ...props });

describe('names of azurerm, of GitLab\'s settings and from memory lead to what there is', () => {
  test.each<[any, string]>([
    [{ size: 'Standard_D4s_v5' }, 'size: no such prop, got "Standard_D4s_v5"; write vmSize'],
    [{ domain: 'gitlab.example.com' }, 'domain: no such prop, got "gitlab.example.com"; write endpoint: GitLabEndpoint.customDomain(…)'],
    [{ external_url: 'https://gitlab.example.com' }, 'external_url: no such prop, got "https://gitlab.example.com"; write endpoint: GitLabEndpoint.customDomain(…)'],
    [{ lets_encrypt: true }, 'lets_encrypt: no such prop, got true; write endpoint: GitLabEndpoint.customDomain(…), which takes letsEncryptEmail'],
    [{ allowWebFrom: ['10.0.0.0/8'] }, 'allowWebFrom: no such prop, got ["10.0.0.0/8"]; write webAllowedCidrs'],
    [{ adminSshKey: 'ssh-ed25519 AAAA' }, 'adminSshKey: no such prop, got "(hidden)"; write sshPublicKey'],
    [{ rootPassword: 'hunter22' }, 'rootPassword: no such prop, got "(hidden)"; leave it out: the password is made on the server, and put into its Key Vault'],
    [{ ldap: {} }, 'ldap: no such prop, got {}; write signIn, such as GitLabSignIn.entraIdSaml(…)'],
    [{ timeZone: 'Asia/Seoul' }, 'timeZone: no such prop, got "Asia/Seoul"; write omnibusSettings: { gitlab_rails: { time_zone: … } }'],
    [{ source_image_reference: {} }, 'source_image_reference: no such prop, got {}; write image'],
    [{ smtp: { address: 'smtp.example.com' } }, 'smtp.address: no such prop, got "smtp.example.com"; write host'],
    [{ smtp: { user_name: 'x' } }, 'smtp.user_name: no such prop, got "x"; write username'],
    [{ smtp: { openssl_verify_mode: 'none' } },
      'smtp.openssl_verify_mode: no such prop, got "none"; leave it out, or write omnibusSettings: { gitlab_rails: { smtp_openssl_verify_mode: … } }'],
  ])('%j', (props, message) => {
    expect(() => make(props)).toThrow(new Error(`${message} (at Test/GitLab)`));
  });

  test('an address that is called as Azure does', () => {
    expect(() => GitLabNetwork.privateAddress({ privateIpAddress: '10.40.0.10' } as any)).toThrow(new Error(
      'privateIpAddress: no such prop, got "10.40.0.10"; write address (at GitLabNetwork.privateAddress)'));
  });

  test('a name where only options are', () => {
    expect(() => GitLabEndpoint.https({ hostname: 'gitlab.example.com' } as any)).toThrow(new Error(
      'hostname: no such prop, got "gitlab.example.com"; call GitLabEndpoint.customDomain(…), which takes the name first (at GitLabEndpoint.https)'));
  });
});

test.each<[string, object, object]>([
  ['a server', OTHER_NAMES_OF_SERVER, SERVER], ['mail', OTHER_NAMES_OF_SMTP, SMTP],
])('none of them is a prop of %s, and each prop that they lead to is one', (_, names, rules) => {
  expect(Object.keys(names).filter((name) => name in rules)).toEqual([]);
  const meant = Object.values(names).flatMap((words) => [.../(?:^|: )write ([\w ]+?)(?:[:,]| or |$)/.exec(words)?.[1].split(' and ') ?? []]);
  expect(meant.length).toBeGreaterThan(10);
  expect(meant.filter((prop) => !(prop in rules))).toEqual([]);
});

test('every argument of azurerm for a virtual machine is a prop or has an answer', () => {
  const others = argumentsOf('linux-virtual-machine', 'LinuxVirtualMachineConfig').filter((name) => !(name in SERVER));
  expect(others.length).toBeGreaterThan(40);
  expect(remedies(others, make).filter(([, remedy]) => remedy === undefined || remedy === 'taken' || remedy === 'leave it out' || remedy.endsWith(', or leave it out'))).toEqual([]);
});
