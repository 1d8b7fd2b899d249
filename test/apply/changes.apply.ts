import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { TerraformStack } from 'cdktf';
import { Azure, SUBSCRIPTION_ID } from './azure/azure';
import { uuidOf } from './azure/login';
import { EXPECTED } from './changes';
import { outcome, Outcome } from './harness/expectation';
import { merged, platform, PlatformProps } from './harness/platform';
import { synthesise } from './harness/program';
import { propsOf } from './harness/public-api';
import { ResidentProviders } from './harness/resident-providers';
import { Workspace } from './harness/workspace';
import { World } from './harness/world';
import {
  AksAuditLogs, AksEgress, AksPreset, AksSkuTier, ApiServerAccess, AzureLogWorkspace, AzureProvider, AzureResourceGroup, AzureSubnet,
  GitLabBackupPart, GitLabDatabase, GitLabEdition,
  GitLabEndpoint, GitLabNetwork, GitLabRestore, GitLabRunnerScope, HttpProxy, KeyVaultSecret, KubernetesSignIn,
  PrivateEndpoints,
  GitLabSignIn, GitLabSmtpEncryption, GitLabSmtpOptions, GitLabVersion,
  GitLabVisibility, JobNetwork, KeyVaultKey, KubernetesVersion, ManagedDiskType, ManifestDelivery,
  RegistryCache, RunnerCache, RunnerImageBuilds, RunnerLogFormat, RunnerLogLevel, RunnerPodMonitor, RunnerPullPolicy, RunnerSecret, RunnerToken,
  RunnerVolume, RunnerWebTerminal, SshPublicKey, StorageReplication, UbuntuImage, WeekDay,
} from 'cdktf-azure-gitlab';

const GROUP = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/existing`;
const SUBNET = `${GROUP}/providers/Microsoft.Network/virtualNetworks/existing/subnets`;
const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults`;
const LOST = `${GROUP}/providers/Microsoft.Storage/storageAccounts/lost`;
const AGENT = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/agent`;
const DISKS = `${GROUP}/providers/Microsoft.Compute/diskEncryptionSets/disks`;
const IMAGES = `${GROUP}/providers/Microsoft.ContainerRegistry/registries/images`;
const AUTHORITY = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
const BASE: PlatformProps = {
  gitlab: {
    tags: { team: 'platform' },
    sshAllowedCidrs: ['198.51.100.0/24'],
    backup: {},
    dataDiskBackup: {},
    objectStorage: {},
    registry: {},
    smtp: { host: 'smtp.example.com', fromAddress: 'gitlab@example.com', username: 'gitlab', password: KeyVaultSecret.of(`${VAULT}/mail`, 'smtp') },
  },
  cluster: { tags: { team: 'platform' }, jobNodePool: {} },
  runner: { cache: RunnerCache.azureBlob() },
  grants: { Read: ['Reader', GROUP] },
};
/** The subscription that all is in already, by a provider of its own. */
const provider = (stack: TerraformStack) => stack.node.tryFindChild('Own') ?? new AzureProvider(stack, 'Own', { alias: 'own', subscriptionId: SUBSCRIPTION_ID });
const window = { dayOfWeek: WeekDay.MONDAY, startTime: '03:00' };

/** One other value for each prop; what the plan does with it stands in changes.ts. */
const GITLAB: { [prop: string]: any } = {
  provider,
  location: 'westeurope',
  secretReaderObjectIds: [uuidOf('administrator')],
  // application-nodes.apply.ts has what they need, and each of their changes.
  applicationNodes: undefined, adminUsername: 'operator1',
  virtualMachineReplacementAllowed: true, additionalIdentityIds: [AGENT],
  auditLogsEnabled: false,
  backup: { retentionDays: 30 },
  dataDiskBackup: { retentionDays: 30 },
  dataDiskSizeGb: 256,
  dataDiskType: ManagedDiskType.STANDARD_SSD_LRS,
  dataDiskIops: [{ zone: '2', dataDiskType: ManagedDiskType.PREMIUM_V2_LRS, dataDiskIops: 8000 }],
  dataDiskMegabytesPerSecond: [{ zone: '2', dataDiskType: ManagedDiskType.PREMIUM_V2_LRS, dataDiskMegabytesPerSecond: 400 }],
  database: GitLabDatabase.azurePostgresql(),
  dnsLabel: 'another-label', edition: GitLabEdition.EE,
  endpoint: GitLabEndpoint.behindProxy({ host: 'gitlab.example.com', trustedCidrs: ['10.40.1.0/24'] }),
  expectedUsers: 10,
  hardening: { signupEnabled: true },
  httpProxy: HttpProxy.at('http://10.0.0.5:3128'), customCaTrustCertificates: [AUTHORITY],
  hostEncryptionEnabled: true,
  diskEncryptionSetId: DISKS, customerManagedKey: KeyVaultKey.of(`${VAULT}/certificates`, 'key'),
  httpAllowedCidrs: ['203.0.113.0/24'],
  firstRulePriority: 200,
  image: UbuntuImage.V22_04,
  logWorkspace: AzureLogWorkspace.existing(`${GROUP}/providers/Microsoft.OperationalInsights/workspaces/existing`),
  maintenanceWindow: window,
  network: [{ network: GitLabNetwork.privateAddress().afterPublicAddress(), endpoint: GitLabEndpoint.customDomain('gitlab.example.com') }],
  omnibusSettings: { gitlab_rails: { time_zone: 'Asia/Seoul' } },
  uncheckedOmnibusKeys: ['gitlab_rails.new_key'],
  objectStorage: { deletedRetentionDays: 30 },
  osDiskSizeGb: 128,
  osDiskType: ManagedDiskType.STANDARD_SSD_LRS,
  pages: { domain: 'pages.example.com' },
  patchReleasesEnabled: false,
  preventDestroy: false,
  privateEndpoints: PrivateEndpoints.dnsByPolicy(`${SUBNET}/endpoints`),
  registry: { port: 5051 },
  restoreFrom: GitLabRestore.blob({ storageAccountId: LOST }),
  rerun: 'again',
  resourceGroup: AzureResourceGroup.create('another-rg'),
  runnerKeyVaultName: 'another-runner-vault',
  serverKeyVaultName: 'another-server-vault',
  lowMemoryTuningEnabled: true,
  signIn: [GitLabSignIn.entraIdSaml({ tenantId: uuidOf('tenant'), applicationId: uuidOf('application') })],
  literalSecretsAllowed: true,
  secretReloadTime: '04:30',
  smtp: { fromName: 'Builds' },
  sshAllowedCidrs: ['203.0.113.7/32'],
  sshPort: 2222,
  sshPublicKey: SshPublicKey.of('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMb/yDa7qB5DHRE0oCqNMHCTk1ALl79uhAPeT9VQLmYL someone'),
  subnet: AzureSubnet.existing(`${SUBNET}/gitlab`),
  tags: { team: 'another' },
  upgradeThroughStopsAllowed: true,
  version: GitLabVersion.V19_2,
  virtualMachineName: 'another-vm',
  vmSize: 'Standard_D8s_v5',
  webAllowedCidrs: ['203.0.113.0/24'],
  zone: '2',
};

const CLUSTER: { [prop: string]: any } = {
  provider,
  location: 'westeurope',
  administratorObjectIds: [uuidOf('administrator')],
  apiServerAccess: ApiServerAccess.authorizedIpRanges(['203.0.113.0/24']),
  auditLogs: AksAuditLogs.ALL,
  automaticPatchesEnabled: false,
  autoscalerProfile: { scaleDownUnneededMinutes: 30 },
  clusterName: 'another-cluster',
  deployerObjectIds: [uuidOf(uuidOf('deployer')), uuidOf('colleague')],
  dnsServiceIp: '10.0.0.53',
  egress: AksEgress.natGateway().afterLoadBalancer(),
  httpProxy: HttpProxy.at('http://10.0.0.5:3128'),
  imageCleanerIntervalHours: 48,
  jobNodePool: { maxCount: 9 },
  jobNodePoolEnabled: [{ jobNodePoolEnabled: false, jobNodePool: undefined }],
  kubernetesVersion: KubernetesVersion.V1_37,
  loadBalancerAllowedCidrs: ['203.0.113.0/24'],
  logWorkspace: AzureLogWorkspace.existing(`${GROUP}/providers/Microsoft.OperationalInsights/workspaces/existing`),
  maintenanceWindow: window,
  manifestDelivery: ManifestDelivery.helmRelease(KubernetesSignIn.azureCli(uuidOf('tenant'))),
  containerInsightsEnabled: false,
  nodeOsMaintenanceWindow: window,
  nodeResourceGroupName: 'another-nodes',
  azurePolicyEnabled: true, costAnalysisEnabled: true, defenderEnabled: true,
  customCaTrustCertificates: [AUTHORITY],
  diskEncryptionSetId: DISKS,
  podCidr: '10.245.0.0/16',
  preset: AksPreset.SMALL,
  preventDestroy: false,
  resourceGroup: AzureResourceGroup.create('another-rg'),
  serviceCidr: '10.1.0.0/16',
  skuTier: AksSkuTier.PREMIUM,
  subnet: AzureSubnet.existing(`${SUBNET}/nodes`),
  systemNodePool: { nodeCount: 3 },
  tags: { team: 'another' },
};

const SYSTEM_POOL: { [prop: string]: any } = {
  maxCount: 4, maxPods: 60, nodeCount: 3, nodeLabels: { zone: 'a' }, onlyCriticalAddonsEnabled: false, osDiskSizeGb: 64,
  ephemeralOsDiskEnabled: [{ ephemeralOsDiskEnabled: true, vmSize: 'Standard_D8ds_v5' }],
  hostEncryptionEnabled: true, tags: { stage: 'prod' }, vmSize: 'Standard_D8s_v5', zones: ['1', '2'],
};

const JOB_POOL: { [prop: string]: any } = {
  drainTimeoutMinutes: 60, gpu: [{ gpu: true, vmSize: 'Standard_NC4as_T4_v3' }], maxCount: 9, maxPods: 60, maxSurge: '33%', minCount: 1, nodeCount: [{ nodeCount: 2, maxCount: undefined }], nodeLabels: { zone: 'a' }, nodePoolName: 'another',
  nodeTaints: ['ci=only:NoSchedule'], osDiskSizeGb: 64,
  ephemeralOsDiskEnabled: [{ ephemeralOsDiskEnabled: true, vmSize: 'Standard_D8ds_v5' }],
  osSku: 'AzureLinux', subnet: AzureSubnet.existing(`${SUBNET}/jobs`), spot: true, undrainableNodesCordoned: false,
  hostEncryptionEnabled: true, tags: { stage: 'prod' }, podSandboxingEnabled: true, vmSize: 'Standard_D8s_v5', zones: ['1', '2'],
};

const RUNNER: { [prop: string]: any } = {
  refProtected: true,
  affinity: {
    nodeAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 1, preference: { matchExpressions: [{ key: 'disk', operator: 'Exists' }] } },
      ],
    },
  },
  allowedImages: ['alpine:*'],
  allowedPullPolicies: [RunnerPullPolicy.ALWAYS, RunnerPullPolicy.IF_NOT_PRESENT],
  allowedServices: ['postgres:*'],
  allowPrivilegeEscalation: true,
  bootVerificationEnabled: true,
  buildResources: { cpuLimit: '2' },
  cache: RunnerCache.azureBlob({ retentionDays: 3 }),
  caCertificateSecret: [{ caCertificateSecret: RunnerSecret.kubernetesSecret('authority', 'ca.crt'), token: RunnerToken.kubernetesSecret('runner-token'), tags: undefined }],
  checkIntervalSeconds: 7,
  cleanupGracePeriodSeconds: 17,
  cluster: undefined,
  concurrent: 3,
  namespaceCreationEnabled: false,
  description: 'another description',
  environment: { TZ: 'Asia/Seoul' },
  environmentSecrets: { SIGNING_KEY: RunnerSecret.keyVaultSecret(KeyVaultSecret.of(`${VAULT}/certificates`, 'signing-key')) },
  featureFlags: { FF_USE_FASTZIP: true },
  gitlab: undefined,
  gpus: [{ gpus: 1, nodeSelector: { 'kubernetes.azure.com/agentpool': 'gpu' } }],
  gracefulStopSeconds: 600,
  helperResources: { memoryLimit: '512Mi' },
  hostAliases: { '10.20.0.4': ['gitlab.example.com'] },
  image: 'alpine:3.22',
  imageBuilds: RunnerImageBuilds.userNamespace(),
  imagePullSecrets: ['registry'],
  jobNamespace: 'ci-jobs',
  jobNetwork: JobNetwork.internet(['10.1.0.0/16']),
  jobServiceAccount: { annotations: { team: 'ci' } },
  kubernetesSettings: { namespace_per_job: false },
  limit: 4,
  locked: true,
  logFormat: RunnerLogFormat.JSON,
  logLevel: RunnerLogLevel.DEBUG,
  managerContainers: [{ name: 'exporter', image: 'registry.example.com/exporter:1' }],
  managerEnvironment: { LANG: 'C.UTF-8' },
  managerEnvironmentSecrets: { PROXY_PASSWORD: RunnerSecret.keyVaultSecret(KeyVaultSecret.of(`${VAULT}/certificates`, 'proxy')) },
  managerImage: 'registry.example.com/gitlab-runner:alpine-v19.4.0',
  managerImagePullSecrets: ['mirror'],
  managerInitContainers: [{ name: 'fetch', image: 'registry.example.com/fetch:1' }],
  managerNodeSelector: { 'kubernetes.azure.com/mode': 'system' },
  managerPodAnnotations: { 'example.com/owner': 'ci' },
  managerPodVolumes: { shared: { emptyDir: {} } },
  managerPriorityClassName: 'system-cluster-critical',
  managerReplicas: 2,
  managerResources: { memoryLimit: '768Mi' },
  managerServiceAccount: { annotations: { team: 'ci' } },
  managerTolerations: ['dedicated=ops:NoSchedule'],
  managerUserId: 1000,
  managerVolumes: { '/etc/registries': { secret: { secretName: 'registries' } } },
  maximumTimeoutSeconds: 7200,
  namespace: 'another-namespace',
  nodePool: undefined,
  nodeSelector: { disk: 'fast' },
  outputLimitKb: 8192,
  paused: true,
  podAnnotations: { team: 'ci' },
  podDisruptionBudgetEnabled: false,
  podLabels: { team: 'ci' },
  podMonitor: RunnerPodMonitor.PROMETHEUS_OPERATOR,
  podMonitorIntervalSeconds: [{ podMonitor: RunnerPodMonitor.AZURE_MONITOR, podMonitorIntervalSeconds: 60 }],
  podMonitorLabels: [{ podMonitor: RunnerPodMonitor.AZURE_MONITOR, podMonitorLabels: { release: 'prometheus' } }],
  podSecurityContext: { runAsNonRoot: true, runAsUser: 1000 },
  podTerminationGracePeriodSeconds: 33,
  pollTimeoutSeconds: 1200,
  priorityClassName: 'system-node-critical',
  privileged: true,
  prometheusNamespace: [{ podMonitor: RunnerPodMonitor.AZURE_MONITOR, prometheusNamespace: 'metrics' }],
  pullPolicies: [RunnerPullPolicy.IF_NOT_PRESENT],
  registryCache: (stack: TerraformStack) => RegistryCache.azure(stack, 'Images', {
    registryId: IMAGES, dockerHubUsername: KeyVaultSecret.of(`${VAULT}/certificates`, 'name'), dockerHubToken: KeyVaultSecret.of(`${VAULT}/certificates`, 'token'),
  }),
  registryCredentials: RunnerSecret.kubernetesSecret('registries', '.dockerconfigjson'),
  requestConcurrency: 2,
  runnerScope: GitLabRunnerScope.group('team'),
  runnerSettings: { pre_build_script: 'echo before' },
  runnerVersion: GitLabVersion.V19_2,
  runUntagged: true,
  sentryDsn: RunnerSecret.kubernetesSecret('sentry', 'dsn'),
  serviceResources: { memoryLimit: '512Mi' },
  shutdownTimeoutSeconds: 500,
  tags: ['aks', 'linux'],
  token: [{ token: RunnerToken.kubernetesSecret('runner-token'), tags: undefined }],
  tolerations: ['ci=only:NoSchedule'],
  warmCapacity: { policies: [{ jobs: 1, periods: ['* 7-19 * * mon-fri'], timeZone: 'Asia/Seoul' }] },
  volumes: [RunnerVolume.emptyDir('scratch', '/scratch'), RunnerVolume.csi('fast', '/fast', 'local.csi.example.com', {}, { fsType: 'xfs' })],
  webTerminal: RunnerWebTerminal.ingress('terminal.example.com:443', 'ingress'),
};

const HARDENING: { [prop: string]: any } = {
  adminModeRequired: true, adminTwoFactorRequired: false, defaultVisibility: GitLabVisibility.INTERNAL, dsaKeysAllowed: true, importSources: ['git'], minimumPasswordLength: 20,
  minimumRsaKeyBits: 4096, publicVisibilityAllowed: true, rateLimitsEnabled: false, registrationTokensAllowed: true, signupEnabled: true,
};

const BACKUP: { [prop: string]: any } = {
  containerName: 'another', deletedRetentionDays: 30, excludedParts: [GitLabBackupPart.REGISTRY], replication: StorageReplication.RA_GZRS, retentionDays: 30, schedule: '04:00',
  storageAccountName: 'anotheraccount',
};

const DATA_DISK_BACKUP: { [prop: string]: any } = {
  deletedRetentionDays: 30, intervalHours: 12, resourceGroupName: 'another-rg', retentionDays: 30, startTime: '02:30', vaultName: 'another',
};

const OBJECTS: { [prop: string]: any } = { deletedRetentionDays: 30, replication: StorageReplication.RA_GRS, storageAccountName: 'anotheraccount' };

const REGISTRY: { [prop: string]: any } = { port: 5051 };

const SMTP: { [prop: string]: any } = {
  encryption: GitLabSmtpEncryption.TLS, fromAddress: 'ci@example.com', fromName: 'Builds', host: 'mail.example.com',
  password: KeyVaultSecret.of(`${VAULT}/certificates`, 'smtp-password'), port: 2525, replyToAddress: 'ops@example.com', username: 'builds',
};

/** How a changed prop of each struct is said, and what is tried for it. */
const STRUCTS: { [struct: string]: [{ [prop: string]: any }, (value: any) => PlatformProps] } = {
  SelfHostedGitLabProps: [GITLAB, (gitlab) => ({ gitlab })],
  GitLabHardeningOptions: [HARDENING, (hardening) => ({ gitlab: { hardening } })],
  GitLabBackupOptions: [BACKUP, (backup) => ({ gitlab: { backup } })],
  GitLabDataDiskBackupOptions: [DATA_DISK_BACKUP, (dataDiskBackup) => ({ gitlab: { dataDiskBackup } })],
  GitLabObjectStorageOptions: [OBJECTS, (objectStorage) => ({ gitlab: { objectStorage } })],
  GitLabRegistryOptions: [REGISTRY, (registry) => ({ gitlab: { registry } })],
  GitLabSmtpOptions: [SMTP, (smtp) => ({ gitlab: { smtp: smtp as GitLabSmtpOptions } })],
  AksClusterProps: [CLUSTER, (cluster) => ({ cluster })],
  AksSystemNodePoolOptions: [SYSTEM_POOL, (systemNodePool) => ({ cluster: { systemNodePool } })],
  AksNodePoolOptions: [JOB_POOL, (jobNodePool) => ({ cluster: { jobNodePool } })],
  KubernetesGitLabRunnerProps: [RUNNER, (runner) => ({ runner })],
};

const world = new World();
let azure: Azure;
let applied: Workspace;
/** Plans alone go through it: what is applied is applied as users do. */
const providers = new ResidentProviders();
let attached: { [name: string]: string };

before(async () => {
  azure = await world.azure();
  [uuidOf('administrator'), uuidOf('colleague')].forEach((id) => azure.addPrincipal(id));
  azure.arm.put(GROUP, { location: 'koreacentral' });
  [AGENT, DISKS].forEach((id) => azure.arm.provision(id, { location: 'koreacentral' }));
  azure.arm.provision(LOST, { location: 'koreacentral' });
  ['gitlab-backups', 'gitlab-backups-secrets'].forEach((name) => azure.arm.provision(`${LOST}/blobServices/default/containers/${name}`, { properties: {} }));
  ['mail', 'certificates'].forEach((name) => azure.arm.provision(`${VAULT}/${name}`, { location: 'koreacentral', properties: { enablePurgeProtection: true } }));
  azure.arm.put(`${VAULT}/certificates/keys/key`, {});
  applied = world.workspace(azure).load(synthesise(platform(BASE)));
  await applied.applied();
  attached = await providers.start(applied.variables);
});
after(async () => providers.stop());

for (const [struct, [values, props]] of Object.entries(STRUCTS)) {
  test(`${struct}: no prop is missing from the table`, () => {
    assert.deepEqual(Object.keys(values).sort(), propsOf(struct));
  });

  test(`${struct}: what the plan does when a prop changes`, async () => {
    const actual: { [prop: string]: Outcome | string } = {};
    const waiting = Object.keys(values).filter((prop) => values[prop] !== undefined);
    const worker = async () => {
      for (let prop = waiting.shift(); prop; prop = waiting.shift()) {
        const value = values[prop];
        actual[prop] = await planned(props(Array.isArray(value) && typeof value[0] === 'object' && prop in value[0] ? value[0] : { [prop]: value }));
      }
    };
    await Promise.all([worker(), worker()]);
    if (process.env.APPLY_DISCOVER) {
      console.log(`DISCOVERED ${JSON.stringify({ [struct]: actual })}`);
      return;
    }
    assert.deepEqual(actual, EXPECTED[struct]);
  });
}

/** Left out where all changes are applied at once: refused by Azure, by GitLab, by one another, or with nothing to apply. */
const APART: { [struct: string]: string[] } = {
  SelfHostedGitLabProps: ['subnet', 'version', 'auditLogsEnabled', 'logWorkspace', 'endpoint', 'provider', 'network', 'privateEndpoints', 'database'],
  AksClusterProps: ['subnet', 'jobNodePoolEnabled', 'logWorkspace', 'preset', 'kubernetesVersion', 'provider'],
  AksSystemNodePoolOptions: ['ephemeralOsDiskEnabled'],
  AksNodePoolOptions: ['subnet', 'gpu', 'nodeCount', 'ephemeralOsDiskEnabled', 'spot'],
  KubernetesGitLabRunnerProps: ['gpus', 'namespace', 'namespaceCreationEnabled', 'token', 'caCertificateSecret', 'cache', 'environmentSecrets', 'webTerminal', 'podMonitor', 'podMonitorIntervalSeconds', 'podMonitorLabels', 'prometheusNamespace', 'runnerVersion', 'imageBuilds', 'registryCache'],
};

test('all changes that are no replacement, at once: applied, the release after the runners\' tokens, planned empty', async () => {
  const changes = Object.entries(STRUCTS).flatMap(([struct, [values, props]]) => Object.entries(values)
    .filter(([prop, value]) => value !== undefined && !APART[struct]?.includes(prop))
    .filter(([prop]) => !Object.values(EXPECTED[struct][prop] ?? {}).includes('refused'))
    .map(([prop, value]) => props({ [prop]: value })));
  const earlier = azure.arm.log.length;
  const { latency } = azure.arm;
  // the release has nothing else to wait for
  azure.arm.latency = (type, method, id) => (id.includes('/runCommands/') ? 1000 : latency(type, method, id));
  applied.load(synthesise(platform(changes.reduce(merged, BASE))));
  await applied.applied();
  const writes = azure.arm.log.slice(earlier).filter(({ method }) => ['PUT', 'POST'].includes(method));
  const tokens = writes.find(({ path }) => path.includes('/runCommands/runners-'))!;
  const release = writes.find(({ host }) => host.endsWith('.azmk8s.io'))!;
  assert.ok(tokens.end! <= release.start, 'the tokens are there before the release');
  assert.deepEqual((await applied.plan()).actions, {});
});

/** Plans by what differs: two changes of the same arguments need Terraform only once. */
const plans = new Map<string, Promise<Outcome>>();

async function planned(change: PlatformProps): Promise<Outcome | string> {
  let folder: string;
  try {
    folder = synthesise(platform(merged(BASE, change)));
  } catch (error: any) {
    return `synthesis: ${error.message}`;
  }
  const workspace = applied.fork({ stackFolder: folder, environment: attached });
  const key = JSON.stringify(differences(applied.configuration, workspace.configuration));
  if (!plans.has(key)) {
    plans.set(key, workspace.plan('-refresh=false').then((plan) => outcome(plan, applied, workspace)));
  }
  return plans.get(key)!;
}

/** Where two configurations differ; locals, which are data, count as a whole. */
function differences(a: any, b: any, path: string[] = []): string[] {
  if (JSON.stringify(a) === JSON.stringify(b)) {
    return [];
  }
  const object = (value: any) => typeof value === 'object' && value !== null;
  if (!object(a) || !object(b) || (path[0] === 'locals' && path.length === 2)) {
    return [path.join('.')];
  }
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort().flatMap((key) => differences(a[key], b[key], [...path, key]));
}
