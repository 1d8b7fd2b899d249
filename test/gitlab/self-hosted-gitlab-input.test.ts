import { TerraformVariable, Token } from 'cdktf';
import {
  AzureLogWorkspace, AzureResourceGroup, AzureSubnet, GitLab, GitLabBackupPart, GitLabEdition, GitLabEndpoint, GitLabRunnerScope,
  GitLabSignIn, GitLabVersion, KeyVaultSecret, ManagedDiskType, SelfHostedGitLab,
  SelfHostedGitLabProps, SshPublicKey, StorageReplication, UbuntuImage, WeekDay,
} from '../../src';
import * as fc from '../fast-check';
import { newStack, synth, TerraformJson, warnings } from '../synth';

function server(props: any): SelfHostedGitLab {
  return new SelfHostedGitLab(newStack(), 'GitLab', props);
}

const SUBNET = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/s';
const VAULT = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/certs';

describe('the server fails when', () => {
  const cases: [string, any, string][] = [
    ['there are no props', undefined, 'location: missing, got nothing; give a region\'s short name such as "koreacentral" (az account list-locations -o table)'],
    ['the props are a text', 'koreacentral', 'props: not an object, got "koreacentral"; give an object with its props'],
    ['the location is a display name', { location: 'Korea Central' },
      'location: not a valid value, got "Korea Central"; give a region\'s short name such as "koreacentral" (az account list-locations -o table)'],
    ['the group is a text', { resourceGroup: 'gitlab-rg' },
      'resourceGroup: not a AzureResourceGroup, got "gitlab-rg"; give AzureResourceGroup.create() or AzureResourceGroup.existing()'],
    ['the subnet is a text', { subnet: SUBNET }, `subnet: not a AzureSubnet, got "${SUBNET}"; give AzureSubnet.create() or AzureSubnet.existing()`],
    ['the machine\'s name has an underscore', { virtualMachineName: 'git_lab' },
      'virtualMachineName: not a valid value, got "git_lab"; give at most 60 letters, digits and "-", not at an end, and not digits alone'],
    ['the DNS label has capitals', { dnsLabel: 'GitLab' },
      'dnsLabel: not a valid value, got "GitLab"; give 3 to 63 lower-case letters, digits and "-", first a letter, last no "-"'],
    ['a vault\'s name is long', { serverKeyVaultName: 'a-name-of-five-and-twenty' },
      'serverKeyVaultName: not a valid value, got "a-name-of-five-and-twenty"; give 3 to 24 letters, digits and single "-", first a letter, last no "-"'],
    ['a vault\'s name has two dashes', { runnerKeyVaultName: 'a--b' },
      'runnerKeyVaultName: not a valid value, got "a--b"; give 3 to 24 letters, digits and single "-", first a letter, last no "-"'],
    ['the vaults have one name', { serverKeyVaultName: 'Secrets', runnerKeyVaultName: 'secrets' },
      'runnerKeyVaultName: the same as serverKeyVaultName, got "secrets"; give another name: readers of the runners\' vault must not be able to read the server\'s'],
    ['the size is no size', { vmSize: 'huge' },
      'vmSize: not a VM size, got "huge"; give a size such as "Standard_D4s_v5" (az vm list-sizes -o table)'],
    ['the size has one vCPU', { vmSize: 'Standard_DS1_v2' },
      'vmSize: too small for GitLab, got "Standard_DS1_v2"; give a size with at least 2 vCPU and 4 GiB of memory, better 4 and 16 such as "Standard_D4s_v5"'],
    ['the size has too little memory', { vmSize: 'Standard_B2ts_v2' },
      'vmSize: too small for GitLab, got "Standard_B2ts_v2"; give a size with at least 2 vCPU and 4 GiB of memory, better 4 and 16 such as "Standard_D4s_v5"'],
    ['the size knows generation 1 only', { vmSize: 'Standard_D4_v3' },
      'vmSize: cannot start with Secure Boot and a virtual TPM, got "Standard_D4_v3"; give a size that supports trusted launch such as "Standard_D4s_v5"'],
    ['an x64 image meets an Arm64 size', { vmSize: 'Standard_D4ps_v6' },
      'vmSize: an Arm64 size with an image for x64, got "Standard_D4ps_v6"; give image and size for the same kind of processor'],
    ['an Arm64 image meets an x64 size', { image: UbuntuImage.V24_04_ARM64 },
      'vmSize: an x64 size with an image for Arm64, got "Standard_D4s_v5"; give image and size for the same kind of processor'],
    ['the size does not support premium disks', { vmSize: 'Standard_D4_v5', osDiskType: ManagedDiskType.STANDARD_SSD_LRS },
      'dataDiskType: the size Standard_D4_v5 does not support premium disks, got "Premium_LRS"; '
      + 'give ManagedDiskType.STANDARD_SSD_LRS, or a size with an "s" such as "Standard_D4s_v5"'],
    ['the zone is none', { zone: '4' }, 'zone: not a valid value, got "4"; give "1", "2" or "3"'],
    ['the image is a text', { image: 'Ubuntu2204' }, 'image: not a UbuntuImage, got "Ubuntu2204"; give one such as UbuntuImage.V24_04'],
    ['the administrator\'s name is reserved by Azure', { adminUsername: 'admin' },
      'adminUsername: reserved by Azure, Ubuntu or GitLab, got "admin"; give another name such as "azureuser"'],
    ['the administrator\'s name is GitLab\'s', { adminUsername: 'git' },
      'adminUsername: reserved by Azure, Ubuntu or GitLab, got "git"; give another name such as "azureuser"'],
    ['the administrator\'s name has capitals', { adminUsername: 'Ops' },
      'adminUsername: not a valid value, got "Ops"; give at most 32 lower-case letters, digits, "-" and "_", first a letter or "_"'],
    ['the key is a text', { sshPublicKey: 'ssh-rsa AAAA' },
      'sshPublicKey: not a SshPublicKey, got "ssh-rsa AAAA"; give one such as SshPublicKey.fromFile("~/.ssh/id_rsa.pub")'],
    ['the system disk is smaller than its image', { osDiskSizeGb: 29 }, 'osDiskSizeGb: out of range, got 29; give a whole number from 30 to 4095'],
    ['the data disk is huge', { dataDiskSizeGb: 32768 }, 'dataDiskSizeGb: out of range, got 32768; give a whole number from 16 to 32767'],
    ['the data disk is no number', { dataDiskSizeGb: NaN }, 'dataDiskSizeGb: out of range, got NaN; give a whole number from 16 to 32767'],
    ['a disk is of no kind', { osDiskType: 'UltraSSD_LRS' },
      'osDiskType: not supported, got "UltraSSD_LRS"; give one of "Premium_LRS", "Premium_ZRS", "StandardSSD_LRS", "StandardSSD_ZRS", "Standard_LRS"'],
    ['the subnet is outside the network', { subnet: AzureSubnet.create({ subnetCidr: '10.41.0.0/24' }) },
      'subnet.subnetCidr: not within virtualNetworkCidr, got "10.41.0.0/24"; give a block within "10.40.0.0/24"'],
    ['the web is open to a name', { webAllowedCidrs: ['office'] },
      'webAllowedCidrs[0]: not an IPv4 block, got "office"; give an IPv4 block such as "10.0.0.0/16"'],
    ['the web is open to an address', { webAllowedCidrs: ['203.0.113.0/24', '198.51.100.7'] },
      'webAllowedCidrs[1]: not an IPv4 block, got "198.51.100.7"; did you mean "198.51.100.7/32"'],
    ['blocks overlap', { sshAllowedCidrs: ['10.0.0.0/8', '10.1.0.0/16'] },
      'sshAllowedCidrs[1]: overlaps with "10.0.0.0/8", got "10.1.0.0/16"; give only the wider of the two'],
    ['blocks are no list', { httpAllowedCidrs: '10.0.0.0/8' }, 'httpAllowedCidrs: not a list, got "10.0.0.0/8"; give a list, each item an IPv4 block such as "10.0.0.0/16"'],
    ['the rules\' priorities would meet earlier ones', { firstRulePriority: 110 },
      'firstRulePriority: not supported, got 110; give one of 100, 200, 300, 400, 500, 600, 700, 800, 900'],
    ['an administrator is a name', { secretReaderObjectIds: ['me@example.com'] },
      'secretReaderObjectIds[0]: not a valid value, got "me@example.com"; give a UUID such as "00000000-0000-0000-0000-000000000000"'],
    ['the edition is none', { edition: 'free' }, 'edition: not supported, got "free"; give one of "ce", "ee"'],
    ['the version is a text', { version: '19.4.1' }, 'version: not a GitLabVersion, got "19.4.1"; give one such as GitLabVersion.V19_4'],
    ['the endpoint is a text', { endpoint: 'https' }, 'endpoint: not a GitLabEndpoint, got "https"; give one such as GitLabEndpoint.https()'],
    ['Let\'s Encrypt cannot come', { endpoint: GitLabEndpoint.customDomain('gitlab.example.com'), webAllowedCidrs: ['203.0.113.0/24'] },
      'endpoint: Let\'s Encrypt must be able to reach port 80 from anywhere, got ["203.0.113.0/24"]; '
      + 'set httpAllowedCidrs to ["0.0.0.0/0"], or letsEncrypt of the endpoint to false'],
    ['hardening is no object', { hardening: true }, 'hardening: not an object, got true; give an object with its props'],
    ['a setting is ours', { omnibusSettings: { external_url: 'https://x' } },
      'omnibusSettings.external_url: decided elsewhere, got "https://x"; set the endpoint instead'],
    ['a switch is a text', { preventDestroy: 'no' }, 'preventDestroy: not true or false, got "no"; give true or false'],
    ['rerun has lines', { rerun: 'a\nb' }, 'rerun: not a valid value, got "a\\nb"; give at most 256 characters on one line'],
    ['a tag\'s name is reserved', { tags: { 'Azure-thing': 'x' } },
      'tags["Azure-thing"]: not a valid value, got "Azure-thing"; give a tag\'s name: at most 512 characters without "<", ">", "%", "&", "\\", "?" and "/", '
      + 'not beginning with "microsoft", "azure" or "windows"'],
    ['a tag\'s value is a number', { tags: { cost: 7 } }, 'tags["cost"]: not text, got 7; give at most 256 characters'],
    ['a prop is misspelled', { vmsize: 'Standard_D4s_v5' }, 'vmsize: no such prop, got "Standard_D4s_v5"; write vmSize, or leave it out'],
    ['a prop of a part is misspelled', { backup: { retentiondays: 7 } }, 'backup.retentiondays: no such prop, got 7; write retentionDays, or leave it out'],
    ['a misspelled prop may be a secret', { smtp: { host: 'relay', fromAddress: 'a@b', passwords: 'x' } },
      'smtp.passwords: no such prop, got "(hidden)"; write password, or leave it out'],
    ['a part comes from the apply', { smtp: Token.asAny('x') },
      'smtp: known only at apply time, got a reference; write the object here; its values may be references'],
    ['the apply decides on the zone of the disk', { dataDiskType: Token.asString(Token.asAny('x')) },
      'dataDiskType: known only at apply time, got "${…}"; give one of "Premium_LRS", "Premium_ZRS", "StandardSSD_LRS", "StandardSSD_ZRS", "Standard_LRS", '
      + 'known to the program: what is made depends on it'],
    ['the apply decides on the visibility', { hardening: { defaultVisibility: Token.asString(Token.asAny('x')) } },
      'hardening.defaultVisibility: known only at apply time, got "${…}"; give one of "private", "internal", "public", '
      + 'known to the program: what is made depends on it'],
    ['the apply decides on the safety of the data', { preventDestroy: Token.asAny('x') },
      'preventDestroy: known only at apply time, got a reference; give true or false, known to the program: what is made depends on it'],
    ['an administrator is there twice', { secretReaderObjectIds: ['AAAAAAAA-2222-3333-4444-555555555555', 'aaaaaaaa-2222-3333-4444-555555555555'] },
      'secretReaderObjectIds[1]: given twice, got "aaaaaaaa-2222-3333-4444-555555555555"; name it once'],
    ['there are too many tags', { tags: Object.fromEntries([...Array(51).keys()].map((n) => [`t${n}`, 'x'])) },
      'tags: too many, got 51; give at most 50'],
  ];
  test.each(cases)('%s', (_, props, message) => {
    const given = typeof props === 'object' ? { location: 'koreacentral', ...props } : props;
    expect(() => server(given)).toThrow(new Error(`${message} (at Test/GitLab)`));
  });

  test('the list of administrators is known to the apply only', () => {
    const stack = newStack();
    const secretReaderObjectIds = new TerraformVariable(stack, 'ids', {}).listValue;
    expect(() => new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', secretReaderObjectIds })).toThrow(new Error(
      'secretReaderObjectIds: known only at apply time, got a reference; write the list here; its items may be references (at Test/GitLab)',
    ));
  });
});

test('null is left out, at every level', () => {
  const synthesised = (props: any) => {
    const stack = newStack();
    new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', ...props });
    return synth(stack);
  };
  const none = (names: string[]) => Object.fromEntries(names.map((name) => [name, null]));
  expect(synthesised({
    ...none(['vmSize', 'zone', 'image', 'endpoint', 'version', 'preventDestroy', 'tags', 'omnibusSettings', 'smtp', 'sshAllowedCidrs', 'unheardOf']),
    hardening: none(['signupEnabled', 'importSources', 'defaultVisibility']),
    backup: none(['schedule', 'excludedParts', 'storageAccountName']),
  })).toEqual(synthesised({ backup: {} }));
});

describe('sizes', () => {
  test.each([
    'Standard_D4s_v5', 'Standard_D4as_v5', 'Standard_D4ds_v4', 'Standard_D2s_v3', 'Standard_D4s_v6', 'Standard_E4-2s_v5', 'Standard_E2s_v3', 'Standard_F4s_v2',
    'Standard_F4as_v6', 'Standard_L8s_v3', 'Standard_DS3_v2', 'Standard_D4lds_v6', 'Standard_NC24ads_A100_v4',
  ])('%s is taken', (vmSize) => {
    expect(() => server({ location: 'koreacentral', vmSize })).not.toThrow();
  });

  test.each([
    ['Standard_B4as_v2', ['burstable']], ['Standard_B2s', ['burstable', '2028-11-15', '8 GiB']], ['Standard_DS2_v2', ['2028-05-01', '8 GiB']],
    ['Standard_F2s_v2', ['8 GiB']], ['Standard_D2ls_v5', ['8 GiB']],
  ])('%s is warned of', (vmSize, words) => {
    const found = warnings(server({ location: 'koreacentral', vmSize }).node.scope as any);
    expect(found).toHaveLength(words.length);
    words.forEach((word, index) => expect(found[index]).toContain(word));
  });

  test.each(['Standard_A4_v2', 'Standard_DC4s_v3', 'Standard_M8ms', 'Standard_D4ps_v5', 'Standard_E4_v3', 'Standard_D11_v2'])('%s is refused', (vmSize) => {
    expect(() => server({ location: 'koreacentral', vmSize, osDiskType: 'Standard_LRS', dataDiskType: 'Standard_LRS' })).toThrow(
      `vmSize: cannot start with Secure Boot and a virtual TPM, got "${vmSize}"; give a size that supports trusted launch such as "Standard_D4s_v5" (at Test/GitLab)`,
    );
  });
});

test('secrets among the settings are warned of', () => {
  const gitlab = server({ location: 'koreacentral', omnibusSettings: { gitlab_rails: { smtp_password: 'x' } }, literalSecretsAllowed: true });
  expect(warnings(gitlab.node.scope as any)).toEqual([
    'Test/GitLab: literalSecretsAllowed: the Terraform state and the machine\'s run commands contain the values of gitlab_rails.smtp_password; '
      + 'give each as KeyVaultSecret.of()',
  ]);
});

describe('the SSH key', () => {
  const RSA = `ssh-rsa ${Buffer.concat([
    Buffer.from([0, 0, 0, 7]), Buffer.from('ssh-rsa'), Buffer.from([0, 0, 0, 3, 1, 0, 1]), Buffer.from([0, 0, 1, 1, 0]), Buffer.alloc(256, 0xc1),
  ]).toString('base64')} me@home`;
  const SHORT = `ssh-rsa ${Buffer.concat([
    Buffer.from([0, 0, 0, 7]), Buffer.from('ssh-rsa'), Buffer.from([0, 0, 0, 3, 1, 0, 1]), Buffer.from([0, 0, 0, 129, 0]), Buffer.alloc(128, 0xc1),
  ]).toString('base64')}`;
  const expression = (key: SshPublicKey) => key._expression;

  test('is taken as text', () => {
    expect(expression(SshPublicKey.of(RSA))).toBe(RSA);
    expect(expression(SshPublicKey.of(`${RSA} \${x}\n`))).toBe(`${RSA} $\${x}\n`);
  });

  test('is read from a file when Terraform applies', () => {
    expect(expression(SshPublicKey.fromFile('/keys/ops.pub'))).toBe('${trimspace(file(pathexpand("/keys/ops.pub")))}');
    expect(expression(SshPublicKey.fromFile('C:/Users/me/.ssh/id_ed25519.pub'))).toContain('"C:/Users/me/.ssh/id_ed25519.pub"');
  });

  test('of nobody is a point of the curve that a plain sentence chose', () => {
    const [type, base64] = expression(SshPublicKey.none()).split(' ');
    expect(type).toBe('ssh-ed25519');
    const blob = Buffer.from(base64, 'base64');
    expect(blob.length).toBe(4 + 11 + 4 + 32);
    // RFC 8032, 5.1.3: y below p, and x² = (y² - 1) / (d y² + 1) a square.
    const p = 2n ** 255n - 19n;
    const power = (base: bigint, exponent: bigint): bigint => {
      let result = 1n;
      for (let b = base % p, e = exponent; e > 0n; b = (b * b) % p, e /= 2n) {
        result = e % 2n === 1n ? (result * b) % p : result;
      }
      return result;
    };
    const point = Buffer.from(blob.subarray(-32));
    point[31] %= 128;
    const y = BigInt(`0x${point.reverse().toString('hex')}`);
    const d = (p - 121665n) * power(121666n, p - 2n) % p;
    const square = (y * y - 1n + p) % p * power((d * y * y + 1n) % p, p - 2n) % p;
    expect(y).toBeLessThan(p);
    expect(power(square, (p - 1n) / 2n)).toBe(1n);
  });

  const ENDING = 'give the one line of a .pub file, RSA with at least 2048 bits or Ed25519 (at SshPublicKey.of)';
  test.each([
    ['is a private key, which it does not repeat', '-----BEGIN OPENSSH PRIVATE KEY-----\nabc',
      `text: a private key, which must never leave your machine, got "-----BEGIN …"; ${ENDING}`],
    ['is of another type', `ecdsa-sha2-nistp256 ${RSA.split(' ')[1]}`, `text: Azure does not take this type of key, got "ecdsa-sha2-nistp256"; ${ENDING}`],
    ['is short', SHORT, `text: an RSA key that is too short, got "1024 bits"; ${ENDING}`],
    ['is cut off', RSA.slice(0, 100), `text: not an SSH public key, got "${RSA.slice(0, 100)}"; ${ENDING}`],
    ['is empty', '', `text: not an SSH public key, got ""; ${ENDING}`],
  ])('fails when it %s', (_, text, message) => {
    expect(() => SshPublicKey.of(text)).toThrow(new Error(message));
  });

  test.each(['id_rsa.pub', '~user/.ssh/id_rsa.pub', 'C:\\keys\\id.pub', '/a"b', '/a${b}', ''])('fails when the path is %j', (path) => {
    expect(() => SshPublicKey.fromFile(path)).toThrow(new Error(
      `path: not a valid value, got ${JSON.stringify(path)}; `
      + 'give an absolute path or one that begins with "~/", without quotes, backslashes, "$" and "%" (at SshPublicKey.fromFile)',
    ));
  });
});

describe('the endpoint fails when', () => {
  test.each([
    ['the name is a URL', () => GitLabEndpoint.customDomain('https://gitlab.example.com'),
      'hostname: not a valid value, got "https://gitlab.example.com"; give a DNS name in lower case such as "gitlab.example.com", '
      + 'without scheme, port and path (at GitLabEndpoint.customDomain)'],
    ['the name is missing', () => GitLabEndpoint.customDomain(undefined as any), 'hostname: missing, got nothing; give a DNS name in lower case such as "gitlab.example.com", without scheme, port and path '
      + '(at GitLabEndpoint.customDomain)'],
    ['the mail address is none', () => GitLabEndpoint.https({ letsEncryptEmail: 'ops' }),
      'letsEncryptEmail: not a valid value, got "ops"; give a mail address (at GitLabEndpoint.https)'],
    ['the certificate\'s name stands alone', () => GitLabEndpoint.certificateFromKeyVault('g.example.com', 'gitlab' as any),
      'certificate: not a KeyVaultSecret, got "(hidden)"; give KeyVaultSecret.of(keyVaultId, secretName) (at GitLabEndpoint.certificateFromKeyVault)'],
    ['the certificate is missing', () => GitLabEndpoint.certificateFromKeyVault('g.example.com', undefined as any),
      'certificate: missing, got nothing; give KeyVaultSecret.of(keyVaultId, secretName) (at GitLabEndpoint.certificateFromKeyVault)'],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(new Error(message));
  });
});

describe('the image', () => {
  test('may be another one', () => {
    const image = UbuntuImage.of({ publisher: 'Canonical', offer: 'ubuntu-26_04-lts', sku: 'server', codename: 'resolute', version: '26.04.1' });
    expect([image.offer, image.codename, image.version, image.arm64]).toEqual(['ubuntu-26_04-lts', 'resolute', '26.04.1', false]);
  });

  test('fails when a part is missing', () => {
    expect(() => UbuntuImage.of({ publisher: 'Canonical', offer: 'ubuntu', sku: '', codename: 'noble' }))
      .toThrow(new Error('sku: not a valid value, got ""; give it as `az vm image list --output table` shows it (at UbuntuImage.of)'));
  });

  test('fails when the release is a number', () => {
    expect(() => UbuntuImage.of({ publisher: 'Canonical', offer: 'ubuntu', sku: 'server', codename: '24.04' })).toThrow(new Error(
      'codename: not a valid value, got "24.04"; give the first word of the release\'s name, such as "noble" (at UbuntuImage.of)',
    ));
  });
});

describe('whatever is given', () => {
  // cdktf notes a stack trace for each token, which costs more than all the rest here.
  const { prepareStackTrace } = Error;
  beforeAll(() => {
    Error.prepareStackTrace = () => '';
  });
  afterAll(() => {
    Error.prepareStackTrace = prepareStackTrace;
  });

  const OURS = /^[a-zA-Z][\w.]*(\[.*?\])*(\.\w+)*.*?: .+, got .+; .+ \(at .+\)$/s;
  const odd = fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSparseArray: true, withObjectString: true }),
    fc.constantFrom<any>(null, undefined, '', ' ', NaN, Infinity, -1, 0, 1e21, '${x}', '%{x}', '"', '\\', '\n', '\0', '\ud800', 'é', [], {}, [null], [''], true),
    fc.string({ unit: 'binary' }),
  );
  const fitting: { [prop in keyof SelfHostedGitLabProps]-?: any[] } = {
    location: ['koreacentral', 'westeurope'],
    resourceGroup: [AzureResourceGroup.create('gitlab-rg'), AzureResourceGroup.existing('platform')],
    virtualMachineName: ['gitlab', 'vm-1'],
    dnsLabel: ['my-gitlab'],
    serverKeyVaultName: ['vault-a'],
    runnerKeyVaultName: ['vault-b'],
    vmSize: ['Standard_B2ms', 'Standard_E4s_v5', 'Standard_D4ps_v6', 'Standard_D4_v5'],
    zone: ['1'],
    image: [UbuntuImage.V22_04, UbuntuImage.V24_04_ARM64],
    adminUsername: ['ops'],
    sshPublicKey: [SshPublicKey.none(), SshPublicKey.fromFile('~/.ssh/id_rsa.pub')],
    osDiskSizeGb: [30, 4095],
    osDiskType: Object.values(ManagedDiskType),
    dataDiskSizeGb: [16, 32767],
    dataDiskType: Object.values(ManagedDiskType),
    edition: Object.values(GitLabEdition),
    version: [GitLabVersion.V18_11, GitLabVersion.V19_2],
    upgradeThroughStopsAllowed: [true, false],
    endpoint: [GitLabEndpoint.http(), GitLabEndpoint.customDomain('gitlab.example.com'), GitLabEndpoint.https({ letsEncrypt: true }),
      GitLabEndpoint.behindProxy({ host: 'gitlab.example.com', trustedCidrs: ['10.0.0.0/24'] }),
      GitLabEndpoint.behindFrontDoor('gitlab.example.com', '00000000-0000-0000-0000-000000000001')],
    subnet: [
      AzureSubnet.existing(SUBNET), AzureSubnet.create({ virtualNetworkCidr: '10.0.0.0/16' }), AzureSubnet.create({ subnetCidr: '10.40.0.0/25' }),
      AzureSubnet.create({ subnetCidr: '10.0.1.0/24' }),
    ],
    webAllowedCidrs: [[], ['203.0.113.0/24'], ['0.0.0.0/0', '10.0.0.0/8']],
    httpAllowedCidrs: [[], ['0.0.0.0/0']],
    sshAllowedCidrs: [['192.0.2.0/24']],
    sshPort: [22, 2222],
    expectedUsers: [1, 1500],
    firstRulePriority: [200, 900],
    secretReaderObjectIds: [['11111111-2222-3333-4444-555555555555']],
    auditLogsEnabled: [true, false],
    logWorkspace: [
      AzureLogWorkspace.existing('/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w'), AzureLogWorkspace.create(30),
    ],
    maintenanceWindow: [{ dayOfWeek: WeekDay.SUNDAY, startTime: '03:30', durationMinutes: 90 }, { dayOfWeek: 'Monday', startTime: '23:59' }, {}],
    hardening: [{ signupEnabled: true }, {}],
    signIn: [[], [GitLabSignIn.entraIdSaml({ tenantId: '11111111-2222-3333-4444-555555555555', applicationId: '11111111-2222-3333-4444-555555555555' })]],
    smtp: [{ host: 'smtp.example.com', fromAddress: 'gitlab@example.com', username: 'gitlab', password: KeyVaultSecret.of(VAULT, 'smtp') }],
    objectStorage: [{}, { replication: StorageReplication.GRS, deletedRetentionDays: 30 }],
    pages: [{ domain: 'pages.example.com' }, { domain: 'pages.example.com', accessControlEnabled: false, singleDomain: false }],
    registry: [{}, { port: 5051 }],
    backup: [{}, { schedule: 'Mon..Fri 02,14:30', retentionDays: 30, excludedParts: [GitLabBackupPart.REGISTRY], containerName: 'mine' }],
    dataDiskBackup: [{}, { intervalHours: 24, startTime: '02:30', retentionDays: 30, vaultName: 'disks' }],
    omnibusSettings: [{ gitlab_rails: { time_zone: 'Asia/Seoul' } }, { gitlab_rails: { smtp_password: KeyVaultSecret.of(VAULT, 'smtp') } }],
    literalSecretsAllowed: [true, false],
    secretReloadTime: ['03:00', '23:59'],
    uncheckedOmnibusKeys: [[], ['gitlab_rails.new_key', 'new_section']],
    lowMemoryTuningEnabled: [true, false],
    preventDestroy: [true, false],
    virtualMachineReplacementAllowed: [true],
    rerun: ['1', 'say "${x}"'],
    tags: [{ team: 'a' }, {}],
  };

  /** Where the defaults have a value of one type, nothing else may stand, but for an expression in a text. */
  function expectSameTypes(found: any, model: any, path: string): void {
    if (found === undefined || model === undefined) {
      return;
    }
    const type = (value: any) => (Array.isArray(value) ? 'array' : typeof value);
    if (type(found) !== type(model)) {
      throw new Error(`${path}: ${type(model)} became ${JSON.stringify(found)}`);
    }
    if (type(model) === 'object') {
      Object.keys(model).forEach((key) => expectSameTypes(found[key], model[key], `${path}.${key}`));
    }
  }

  const BROKEN = /\[object |TfToken|undefined|NaN/;
  const texts = (value: any): string[] => (value && typeof value === 'object' ? Object.entries(value).flat().flatMap(texts) : [value])
    .filter((text) => typeof text === 'string');

  function expectSound(json: TerraformJson, model: TerraformJson, given: any): void {
    expectSameTypes(json.resource, model.resource, 'resource');
    // a user may write the word "undefined" himself.
    if (!texts(given).some((text) => BROKEN.test(text))) {
      expect(JSON.stringify(json.resource)).not.toMatch(BROKEN);
    }
  }

  const synthesised = (props: any) => {
    const stack = newStack();
    new SelfHostedGitLab(stack, 'GitLab', props);
    return synth(stack);
  };

  test('it synthesises, or fails with an error that names prop and path', () => {
    const model = synthesised({ location: 'koreacentral' });
    const props = fc.tuple(
      fc.record(Object.fromEntries(Object.entries(fitting).map(([prop, values]) => [prop, fc.constantFrom(...values)]))),
      fc.subarray(Object.keys(fitting), { maxLength: 9 }),
      fc.option(fc.tuple(fc.constantFrom(...Object.keys(fitting)), odd), { freq: 2 }),
    ).map(([all, taken, attack]) => ({
      location: 'koreacentral',
      ...Object.fromEntries(taken.map((prop) => [prop, all[prop]])),
      ...attack ? { [attack[0]]: attack[1] } : {},
    }));
    const count = { synthesised: 0, refused: 0 };
    fc.assert(fc.property(props, (given) => {
      let json;
      try {
        json = synthesised(given);
      } catch (error: any) {
        expect(error.name).toBe('ValidationError');
        expect(error.message).toMatch(OURS);
        expect(error.message).toMatch(/\(at Test\/GitLab\)$/);
        count.refused++;
        return;
      }
      expectSound(json, model, given);
      count.synthesised++;
    }), { numRuns: 1000 });
    expect(count.synthesised).toBeGreaterThan(200);
    expect(count.refused).toBeGreaterThan(200);
  });

  test('factories and methods do as well', () => {
    const gitlab = server({ location: 'koreacentral', webAllowedCidrs: [] });
    const feature = (n: number, props: any) => new SelfHostedGitLab(newStack(), `Feature${n}`, { location: 'koreacentral', ...props });
    const acts: ((value: any, other: any, n: number) => unknown)[] = [
      (value, _, n) => new SelfHostedGitLab(newStack(), `GitLab${n}`, value),
      (value, other, n) => feature(n, { backup: { schedule: value, retentionDays: other, excludedParts: [value] } }),
      (value, other, n) => feature(n, { backup: { replication: value, containerName: other }, registry: value }),
      (value, other, n) => feature(n, { registry: { port: value }, firstRulePriority: other, upgradeThroughStopsAllowed: other }),
      (value, other, n) => feature(n, { objectStorage: value ?? { storageAccountName: other, replication: other } }),
      (value, other, n) => feature(n, { smtp: { host: value, fromAddress: other } }),
      (value, other, n) => feature(n, { smtp: { host: 'relay', fromAddress: 'a@b', username: value, password: other, port: value } }),
      (value, other, n) => feature(n, { smtp: { host: 'relay', fromAddress: 'a@b', username: 'u', password: KeyVaultSecret.of(VAULT, value), fromName: other } }),
      (value) => SshPublicKey.of(value),
      (value) => SshPublicKey.fromFile(value),
      (value) => GitLabEndpoint.https(value),
      (value) => GitLabEndpoint.https({ letsEncrypt: value }),
      (value, other) => GitLabEndpoint.customDomain(value, other),
      (value) => GitLabEndpoint.customDomain('gitlab.example.com', value),
      (value, other) => GitLabEndpoint.certificateFromKeyVault(value, other),
      (value) => GitLabEndpoint.certificateFromKeyVault('g.example.com', value),
      (value, other) => KeyVaultSecret.of(value, other),
      (value) => UbuntuImage.of(value),
      (value, other) => UbuntuImage.of({ publisher: 'Canonical', offer: value, sku: other, codename: 'noble' }),
      (value, other) => gitlab.requestRunnerToken(value, other),
      (value, other, n) => gitlab.requestRunnerToken(`r${n}`, { tags: value, description: other }),
      (value, other, n) => gitlab.requestRunnerToken(`p${n}`, { runnerScope: value, locked: other }),
      (value) => GitLabRunnerScope.group(value),
      (value) => GitLabRunnerScope.project(value),
      (value, other, n) => gitlab.requestRunnerToken(`s${n}`, { maximumTimeoutSeconds: value, runUntagged: other }),
      (value, _, n) => gitlab.allowWebFrom(gitlab, `w${n}`, value),
      (value, _, n) => GitLab.fromAttributes(newStack(), `G${n}`, value),
      (value, other, n) => GitLab.fromAttributes(newStack(), `G${n}`, { gitlabUrl: 'https://gitlab.com', caCertificate: value, gitlabVersion: other }),
    ];
    let n = 0;
    fc.assert(fc.property(fc.constantFrom(...acts), odd, odd, (act, value, other) => {
      try {
        act(value, other, n++);
      } catch (error: any) {
        expect(error.name).toBe('ValidationError');
        expect(error.message).toMatch(OURS);
      }
    }), { numRuns: 4000 });
    expect(() => synth(gitlab.node.scope as any)).not.toThrow();
  });
});
