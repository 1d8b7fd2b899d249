import { TerraformVariable, Token } from 'cdktf';
import { AzureSubnet, GitLabEndpoint, GitLabSignIn, ManagedDiskType, SelfHostedGitLab, UbuntuImage } from '../../src';
import { newStack, synth, warnings } from '../synth';
import { SUBNET, attempt } from './server';

const V2 = { zone: '1', dataDiskType: ManagedDiskType.PREMIUM_V2_LRS };

describe('the server fails when', () => {
  const cases: [string, any, string][] = [
    ['there are no props', undefined, 'location: missing, got nothing; give a region\'s short name such as "koreacentral" (az account list-locations -o table)'],
    ['the props are a text', 'koreacentral', 'props: not an object, got "koreacentral"; give an object with its props'],
    ['the location is a display name', { location: 'Korea Central' },
      'location: not a valid value, got "Korea Central"; did you mean "koreacentral"'],
    ['the group is a text', { resourceGroup: 'gitlab-rg' },
      'resourceGroup: not an AzureResourceGroup, got "gitlab-rg"; give AzureResourceGroup.create() or AzureResourceGroup.existing()'],
    ['the subnet is a text', { subnet: SUBNET }, `subnet: not an AzureSubnet, got "${SUBNET}"; give AzureSubnet.create() or AzureSubnet.existing()`],
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
    ['the image is a text', { image: 'Ubuntu2204' }, 'image: not an UbuntuImage, got "Ubuntu2204"; give one such as UbuntuImage.V24_04'],
    ['the administrator\'s name is reserved by Azure', { adminUsername: 'admin' },
      'adminUsername: reserved by Azure, Ubuntu or GitLab, got "admin"; give another name such as "azureuser"'],
    ['the administrator\'s name is GitLab\'s', { adminUsername: 'git' },
      'adminUsername: reserved by Azure, Ubuntu or GitLab, got "git"; give another name such as "azureuser"'],
    ['the administrator\'s name has capitals', { adminUsername: 'Ops' },
      'adminUsername: not a valid value, got "Ops"; give at most 32 lower-case letters, digits, "-" and "_", first a letter or "_"'],
    ['the key is a text', { sshPublicKey: 'ssh-rsa AAAA' },
      'sshPublicKey: not an SshPublicKey, got "ssh-rsa AAAA"; give one such as SshPublicKey.fromFile("~/.ssh/id_rsa.pub")'],
    ['the system disk is smaller than its image', { osDiskSizeGb: 29 }, 'osDiskSizeGb: out of range, got 29; give a whole number from 30 to 4095'],
    ['an operating system is on Premium SSD v2', { zone: '1', osDiskType: ManagedDiskType.PREMIUM_V2_LRS },
      'osDiskType: not supported, got "PremiumV2_LRS"; give one of "Premium_LRS", "Premium_ZRS", "StandardSSD_LRS", "StandardSSD_ZRS", "Standard_LRS"'],
    ['a disk of Premium SSD v2 is in no zone', { dataDiskType: ManagedDiskType.PREMIUM_V2_LRS },
      'dataDiskType: only a machine in a zone takes a disk of this type, got "PremiumV2_LRS"; give zone too, such as "1", or ManagedDiskType.PREMIUM_LRS'],
    ['a disk of Premium SSD v2 meets a size without premium disks', { zone: '1', vmSize: 'Standard_D4_v5', osDiskType: ManagedDiskType.STANDARD_SSD_LRS, dataDiskType: ManagedDiskType.PREMIUM_V2_LRS },
      'dataDiskType: the size Standard_D4_v5 does not support premium disks, got "PremiumV2_LRS"; '
      + 'give ManagedDiskType.STANDARD_SSD_LRS, or a size with an "s" such as "Standard_D4s_v5"'],
    ['the speed of a Premium SSD is chosen', { dataDiskIops: 8000 },
      'dataDiskIops: the size decides for a disk of type Premium_LRS, got 8000; leave it out, or give a new server dataDiskType ManagedDiskType.PREMIUM_V2_LRS'],
    ['the throughput of a Standard SSD is chosen', { dataDiskType: ManagedDiskType.STANDARD_SSD_LRS, dataDiskMegabytesPerSecond: 200 },
      'dataDiskMegabytesPerSecond: the size decides for a disk of type StandardSSD_LRS, got 200; leave it out, or give a new server dataDiskType ManagedDiskType.PREMIUM_V2_LRS'],
    ['a disk of Premium SSD v2 is slower than Azure makes one', { ...V2, dataDiskIops: 2999 },
      'dataDiskIops: out of range, got 2999; give a whole number from 3000 to 80000'],
    ['a disk of Premium SSD v2 is too small for its speed', { ...V2, dataDiskSizeGb: 16, dataDiskIops: 8001 },
      'dataDiskIops: too many for a disk of 16 GB, got 8001; give at most 8000, or a larger dataDiskSizeGb'],
    ['a disk of Premium SSD v2 has more MB than reads and writes', { ...V2, dataDiskIops: 4000, dataDiskMegabytesPerSecond: 1001 },
      'dataDiskMegabytesPerSecond: too many for 4000 IOPS, got 1001; give at most 1000, or dataDiskIops of at least 4004'],
    ['a disk of Premium SSD v2 has more MB than its free reads and writes', { ...V2, dataDiskMegabytesPerSecond: 751 },
      'dataDiskMegabytesPerSecond: too many for 3000 IOPS, got 751; give at most 750, or dataDiskIops of at least 3004'],
    ['snapshots of Premium SSD v2 come more often than Azure Backup takes them', { ...V2, dataDiskBackup: { intervalHours: 8 } },
      'dataDiskBackup.intervalHours: Azure Backup takes snapshots of Premium SSD v2 every 12 or 24 hours, got 8; give 12 or 24'],
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
    ['one provider stands in place of the list', { signIn: GitLabSignIn.custom({ name: 'saml', args: {} }) },
      'signIn: not a list, got a GitLabSignIn; give a list, each item one such as GitLabSignIn.entraIdSaml({ tenantId, applicationId })'],
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
    ['a tag\'s value is a number', { tags: { cost: 7 } }, 'tags["cost"]: not text, got 7; give text of at most 256 characters'],
    ['a prop is misspelled', { vmsize: 'Standard_D4s_v5' }, 'vmsize: no such prop, got "Standard_D4s_v5"; write vmSize, or leave it out'],
    ['a prop of a part is misspelled', { backup: { retentiondays: 7 } }, 'backup.retentiondays: no such prop, got 7; write retentionDays, or leave it out'],
    ['a misspelled prop may be a secret', { smtp: { host: 'relay', fromAddress: 'a@b', passwords: 'x' } },
      'smtp.passwords: no such prop, got "(hidden)"; write password, or leave it out'],
    ['a part comes from the apply', { smtp: Token.asAny('x') },
      'smtp: known only at apply time, got a reference; write the object here; its values may be references'],
    ['the apply decides on the zone of the disk', { dataDiskType: Token.asString(Token.asAny('x')) },
      'dataDiskType: known only at apply time, got "${…}"; give one of "Premium_LRS", "Premium_ZRS", "PremiumV2_LRS", "StandardSSD_LRS", "StandardSSD_ZRS", "Standard_LRS", '
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
    expect(() => attempt(given)).toThrow(new Error(`${message} (at Test/GitLab)`));
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
    expect(() => attempt({ location: 'koreacentral', vmSize })).not.toThrow();
  });

  test.each([
    ['Standard_B4as_v2', ['burstable']], ['Standard_B2s', ['burstable', '2028-11-15', '8 GiB']], ['Standard_DS2_v2', ['2028-05-01', '8 GiB']],
    ['Standard_F2s_v2', ['2028-11-15', '8 GiB']], ['Standard_D2ls_v5', ['8 GiB']],
  ])('%s is warned of', (vmSize, words) => {
    const found = warnings(attempt({ location: 'koreacentral', vmSize }).node.scope as any);
    expect(found).toHaveLength(words.length);
    words.forEach((word, index) => expect(found[index]).toContain(word));
  });

  test.each(['Standard_A4_v2', 'Standard_DC4s_v3', 'Standard_M8ms', 'Standard_D4ps_v5', 'Standard_E4_v3', 'Standard_D11_v2'])('%s is refused', (vmSize) => {
    expect(() => attempt({ location: 'koreacentral', vmSize, osDiskType: 'Standard_LRS', dataDiskType: 'Standard_LRS' })).toThrow(
      `vmSize: cannot start with Secure Boot and a virtual TPM, got "${vmSize}"; give a size that supports trusted launch such as "Standard_D4s_v5" (at Test/GitLab)`,
    );
  });
});

test('secrets among the settings are warned of', () => {
  const gitlab = attempt({ location: 'koreacentral', omnibusSettings: { gitlab_rails: { smtp_password: 'x' } }, literalSecretsAllowed: true });
  expect(warnings(gitlab.node.scope as any)).toEqual([
    'Test/GitLab: literalSecretsAllowed: the Terraform state and the machine\'s run commands contain the values of gitlab_rails.smtp_password; '
      + 'give each as KeyVaultSecret.of()',
  ]);
});
