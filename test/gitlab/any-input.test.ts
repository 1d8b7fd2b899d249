import {
  AzureLogWorkspace, AzureProvider, AzureResourceGroup, AzureSubnet, GitLab, GitLabBackupPart, GitLabDatabase, GitLabEdition, GitLabEndpoint,
  GitLabNetwork, GitLabRestore, GitLabRunnerScope, GitLabSignIn, GitLabVersion, HttpProxy, KeyVaultKey, KeyVaultSecret, ManagedDiskType,
  PrivateEndpoints,
  SelfHostedGitLab,
  SelfHostedGitLabProps, SshPublicKey, StorageReplication, UbuntuImage, WeekDay,
} from '../../src';
import * as fc from '../fast-check';
import { newStack, synth, TerraformJson } from '../synth';
import { SUBNET, attempt } from './server';

const ACCOUNT = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/lost';
const VAULT = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/certs';

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
    database: [GitLabDatabase.embedded(), GitLabDatabase.azurePostgresql(), GitLabDatabase.azurePostgresql({ skuName: 'B_Standard_B2s', postgresqlVersion: 18 }),
      GitLabDatabase.external({ host: 'db.example.com', password: KeyVaultSecret.of(VAULT, 'database') })],
    applicationNodes: [{ count: 2 }, { count: 1, vmSize: 'Standard_D4s_v5', zones: ['1'] }, { count: 0 }],
    dataDiskIops: [3000, 80000],
    dataDiskMegabytesPerSecond: [125, 2000],
    edition: Object.values(GitLabEdition),
    version: [GitLabVersion.V18_11, GitLabVersion.V19_2, GitLabVersion.of('19.4.1')],
    patchReleasesEnabled: [true, false],
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
    network: [GitLabNetwork.publicAddress(), GitLabNetwork.privateAddress(), GitLabNetwork.privateAddress({ address: '10.40.0.9' })],
    privateEndpoints: [PrivateEndpoints.dnsByPolicy(SUBNET)],
    httpProxy: [HttpProxy.at('http://10.0.0.5:3128', ['.example.com'])],
    customCaTrustCertificates: [['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n']],
    sshPort: [22, 2222],
    expectedUsers: [1, 1500],
    firstRulePriority: [200, 900],
    // one of another stack: it is refused, in words.
    provider: [new AzureProvider(newStack(), 'Hub', { alias: 'hub' })],
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
    restoreFrom: [GitLabRestore.blob({ storageAccountId: ACCOUNT }), GitLabRestore.blob({ storageAccountId: ACCOUNT, backup: '1798684200_2026_12_31_19.4.1' })],
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
    hostEncryptionEnabled: [true, false],
    diskEncryptionSetId: ['/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/diskEncryptionSets/disks'],
    additionalIdentityIds: [[], ['/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/agent']],
    customerManagedKey: [KeyVaultKey.of(VAULT, 'gitlab')],
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
    const gitlab = attempt({ location: 'koreacentral', webAllowedCidrs: [] });
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
