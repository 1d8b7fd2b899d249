import { Outcome } from '../../verify/outcome';
import { Redaction } from '../../verify/redaction';
import { markdown, reportOf } from '../../verify/report';
import * as fc from '../fast-check';

const hex = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const word = (units: string, minLength: number, maxLength: number) => fc.string({ unit: fc.constantFrom(...units), minLength, maxLength });
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const ALNUM = `${LETTERS}${LETTERS.toUpperCase()}0123456789`;
const label = word(LETTERS, 3, 12);
const uuid = fc.tuple(hex(8), hex(4), hex(4), hex(4), hex(12)).map((parts) => parts.join('-'));
const host = fc.tuple(label, label, fc.constantFrom('com', 'net', 'io', 'example', 'internal', 'windows.net', 'cloudapp.azure.com', 'local')).map((parts) => parts.join('.'));

/** Each kind of what must not be in a report: the secret itself, and a text that error messages have it in. */
const KINDS: { readonly [kind: string]: fc.Arbitrary<readonly [secret: string, text: string]> } = {
  'subscription, tenant or object id': uuid.chain((id) => fc.constantFrom(id, id.toUpperCase())).map((id) => [id, `the client '${id}' with object id`]),
  'host name': fc.tuple(host, fc.constantFrom('', ':443', '/path')).map(([name, rest]) => [name, `dial tcp: lookup ${name}${rest}: no such host`]),
  'host name in a URL': host.map((name) => [name, `Get "https://${name}/users/sign_in": EOF`]),
  'host name in capitals': host.map((name) => [name.toUpperCase(), `CN=${name.toUpperCase()},`]),
  'IPv4 address': fc.ipV4().map((ip) => [ip, `connect to ${ip}:443 failed`]),
  'network': fc.ipV4().map((ip) => [ip, `cidr ${ip}/24 overlaps`]),
  // with eight groups it is unlike any time.
  'IPv6 address': fc.tuple(...Array.from({ length: 8 }, () => hex(4))).map((groups) => [groups.join(':'), `dial tcp [${groups.join(':')}]:443`]),
  'short IPv6 address': fc.tuple(hex(4), hex(4), hex(4)).map(([one, two, three]) => [`${one}:${two}::${three}`, `from ${one}:${two}::${three} to`]),
  'e-mail address': fc.tuple(word(ALNUM, 1, 10), label, host).map(([name, more, at]) => [`${name}.${more}@${at}`, `as ${name}.${more}@${at}.`]),
  'guest\'s name': fc.tuple(label, label).map(([name, tenant]) => [`${name}_example.com#EXT#@${tenant}.onmicrosoft.com`, `User "${name}_example.com#EXT#@${tenant}.onmicrosoft.com"`]),
  'token of Entra ID': fc.tuple(word(ALNUM, 20, 60), word(ALNUM, 20, 60), word(ALNUM, 20, 40)).map(([a, b, c]) => [`eyJ${a}.${b}.${c}`, `Bearer eyJ${a}.${b}.${c}`]),
  'token of GitLab': fc.tuple(fc.constantFrom('glrt-', 'glpat-', 'glcbt-', 'gldt-', 'glsoat-', 'glrt-t1_', 'GR1348941'), word(ALNUM, 20, 20)).map(([kind, rest]) => [kind + rest, `the runner ${kind}${rest} is refused`]),
  'password': fc.tuple(fc.constantFrom('password=', 'password: ', '"password":"', 'client_secret=', 'AccountKey='), word(`${ALNUM}+/!#$`, 8, 40)).map(([key, value]) => [value, `${key}${value}"`]),
  'signature': word(`${ALNUM}%`, 43, 60).map((value) => [value, `https://x.blob.core.windows.net/c/b?sv=2024-01-01&sig=${value}&se=2026`]),
  'storage key': word(`${ALNUM}+/`, 86, 86).filter((value) => /\d/.test(value) && /[a-z]/i.test(value)).map((value) => [`${value}==`, `key ${value}== was`]),
  'key': hex(32).map((value) => [value, `shared key ${value} of the workspace`]),
  'private key': word(ALNUM, 64, 64).map((value) => [value, `-----BEGIN RSA PRIVATE KEY-----\n${value}\n-----END RSA PRIVATE KEY-----`]),
  'private key that is cut off': word(ALNUM, 30, 64).map((value) => [value, `-----BEGIN PRIVATE KEY-----\n${value}`]),
  'names in an id': fc.tuple(uuid, word(`${LETTERS}0123456789-`, 6, 20), word(`${LETTERS}0123456789`, 6, 20)).filter(([, group, name]) => !'<id><name>/subscriptions/resourcegroups/providers/microsoft.compute/virtualmachines/extensions/agent'.includes(group) && !group.includes(name))
    .map(([id, group, name]) => [group, `ID "/subscriptions/${id}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${name}/extensions/agent" failed`]),
  'name of azurerm\'s': word(LETTERS, 8, 20).map((name) => [name, `(Resource Group Name: "${name}")`]),
  'home': word(LETTERS, 5, 12).map((name) => [name, `open /home/${name}/platform/cdk.tf.json: no such file`]),
};

const filler = fc.constantFrom('Error: creating the machine: ', '\n', ' ', '"', '(', 'polling after CreateOrUpdate: ', '```\n', ' | ', '… ');

describe('a report has nothing of', () => {
  test.each(Object.keys(KINDS))('a %s', (kind) => {
    fc.assert(fc.property(filler, KINDS[kind], filler, (before, [secret, text], after) => {
      const outcomes: Outcome[] = [{ claim: 'apply', verdict: 'refuted', told: `${before}${text}${after}` }, { claim: 'https', verdict: 'confirmed', told: text }];
      const report = reportOf('koreacentral', { GitLab: '19.4.1', other: text }, outcomes, new Redaction());
      for (const page of [markdown(report), JSON.stringify(report)]) {
        expect(page.toLowerCase()).not.toContain(secret.toLowerCase());
      }
    }));
  });

  test('what is known to be a name, however short, in whatever case', () => {
    const redaction = new Redaction();
    redaction.add('ada', '<user>');
    redaction.add('my+platform', '<name>');
    expect(redaction.text('Ada made my+platform, MY+PLATFORM-rg')).toBe('<user> made <name>, <name>-rg');
  });
});

test('what a reader needs stays', () => {
  const text = 'azurerm_linux_virtual_machine.GitLab_VirtualMachine_6B1E7F1A: SkuNotAvailable: The requested size Standard_D4s_v5 is not available in koreacentral; '
    + 'Microsoft.Compute, azurerm 5.2.0, GitLab 19.4.1, registry.terraform.io/hashicorp/azurerm, HTTP 409, 2026-11-30, cdk.tf.json, exit code 3';
  expect(new Redaction().text(text)).toBe(text);
});
