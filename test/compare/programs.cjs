// Random programs from a seed: `node programs.cjs <library> <folder> <seed> <count>` synthesises each into a folder of its own.
const { join } = require('node:path');
const fc = require('fast-check');
const { App, TerraformStack, TerraformVariable } = require('cdktf');
const { App: Cdk8sApp } = require('cdk8s');
const { spellingOf } = require('./spelling.cjs');

const [library, folder, seed, count] = process.argv.slice(2);
const lib = require(library);
const spelling = spellingOf(lib);

const VAULT = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/hub/providers/Microsoft.KeyVault/vaults/hub';
const NETWORKS = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub/subnets';
const ID = '00000000-0000-0000-0000-00000000000';

/** Some of the given props, each with a value of its own. */
const some = (props) => fc.record(props, { requiredKeys: [] });
const location = fc.constantFrom('koreacentral', 'westeurope', 'eastus2');
const ids = fc.uniqueArray(fc.constantFrom(`${ID}1`, `${ID}2`, `${ID}3`), { maxLength: 3 });
const cidrs = fc.uniqueArray(fc.constantFrom('203.0.113.0/24', '198.51.100.7/32', '10.1.0.0/16'), { minLength: 1, maxLength: 3 });
const tags = fc.dictionary(fc.constantFrom('team', 'cost-center', 'stage'), fc.constantFrom('platform', '${x}', 'ä b'), { maxKeys: 3 });
const labels = fc.dictionary(fc.constantFrom('team', 'example.com/a'), fc.constantFrom('a', 'b'), { maxKeys: 2 });
const days = fc.integer({ min: 14, max: 60 });
const resources = some({ cpuRequest: fc.constantFrom('100m', '1'), memoryLimit: fc.constantFrom('2Gi', '4Gi'), ephemeralStorageLimit: fc.constant('20Gi') });

const runnerOptions = {
  description: fc.constantFrom('a runner', 'ä "b" ${c}'), tags: fc.uniqueArray(fc.constantFrom('a', 'b-c', 'd/e'), { minLength: 1, maxLength: 3 }), paused: fc.boolean(),
  maximumTimeoutSeconds: fc.integer({ min: 600, max: 9000 }), accessLevel: fc.constantFrom('not_protected', 'ref_protected'),
};
const podOptions = {
  image: fc.constantFrom('ubuntu:24.04', 'registry.example.com:5000/a/b@sha256:' + '0'.repeat(64)), allowedImages: fc.constant(['ubuntu:*']),
  pullPolicies: fc.constantFrom(['always'], ['if-not-present', 'always']), imagePullSecrets: fc.constant(['pull']), buildResources: resources, helperResources: resources,
  nodeSelector: labels, tolerations: fc.constant(['sku=gpu:NoSchedule']), podLabels: labels, podAnnotations: labels, privileged: fc.boolean(),
  podSecurityContext: some({ runAsUser: fc.integer({ min: 1, max: 9999 }), runAsNonRoot: fc.boolean(), supplementalGroups: fc.constant([1, 2]) }),
  volumes: fc.constant('volumes'), pollTimeoutSeconds: fc.integer({ min: 60, max: 900 }), priorityClassName: fc.constant('jobs'),
  kubernetesSettings: some({ dns_policy: fc.constant('cluster-first'), pod_spec: fc.constant([{ name: 'a', patch: 'x: 1', patch_type: 'merge' }]), retry_limit: fc.constant(3) }),
  limit: fc.integer({ min: 1, max: 50 }), environment: fc.dictionary(fc.constantFrom('LANG', 'A_B'), fc.constantFrom('C', 'ü${x}'), { maxKeys: 2 }),
  featureFlags: fc.constant({ FF_TIMESTAMPS: true }),
};
const managerOptions = {
  concurrent: fc.integer({ min: 2, max: 90 }), logLevel: fc.constantFrom('debug', 'warn'), managerResources: resources, bootVerify: fc.boolean(),
  jobNamespace: fc.constantFrom('jobs', 'ci-jobs'), namespace: fc.constant('runner'), gracefulStopSeconds: fc.integer({ min: 60, max: 9000 }),
  podMonitor: fc.constantFrom('azmonitoring.coreos.com/v1', 'monitoring.coreos.com/v1'), managerServiceAccount: some({ annotations: labels }),
};
const pool = {
  vmSize: fc.constantFrom('Standard_D4s_v5', 'Standard_E8ds_v5', 'Standard_DS2_v2'), maxCount: fc.integer({ min: 5, max: 20 }), osDiskSizeGb: fc.integer({ min: 64, max: 200 }),
  maxPods: fc.integer({ min: 30, max: 110 }), zones: fc.constantFrom(['1'], ['1', '2', '3']), nodeLabels: labels,
};
const window = fc.record({ dayOfWeek: fc.constantFrom('Monday', 'Sunday'), startTime: fc.constant('21:30') });

const programs = fc.record({
  gitlab: fc.tuple(location, some({
    vmSize: fc.constantFrom('Standard_D4s_v5', 'Standard_B2s', 'Standard_E4as_v5'), zone: fc.constantFrom('1', '2'), dataDiskSizeGb: fc.integer({ min: 64, max: 900 }),
    tags, webAllowedCidrs: cidrs, sshAllowedCidrs: cidrs, administratorObjectIds: ids, virtualMachineName: fc.constant('gitlab'), rerun: fc.constant('2'),
    backup: some({ retentionDays: days, schedule: fc.constant('02:30'), replication: fc.constant('GZRS') }), registry: some({ port: fc.constantFrom(5050, 8443) }),
    dataDiskBackup: some({ retentionDays: days, intervalHours: fc.constant(12) }), objectStorage: some({ deletedRetentionDays: days }),
    hardening: some({ minimumPasswordLength: fc.integer({ min: 8, max: 20 }), importSources: fc.constant(['github']), signupEnabled: fc.boolean() }),
    smtp: fc.record({ host: fc.constant('smtp.example.com'), fromAddress: fc.constant('a@example.com') }), preventDestroy: fc.boolean(),
    omnibusSettings: some({ puma: fc.constant({ worker_processes: 3 }), gitlab_rails: fc.constant({ time_zone: 'Asia/Seoul', 'x': null }) }),
    existingResourceGroupName: fc.constant('hub'), subnetId: fc.constant(`${NETWORKS}/gitlab`), upgradeThroughStops: fc.boolean(),
  })),
  endpoint: fc.constantFrom('https', 'customDomain', 'http', 'vault', undefined),
  cluster: fc.tuple(location, some({
    clusterName: fc.constant('ci'), tags, administratorObjectIds: ids, deployerObjectIds: ids, systemNodePool: some(pool), jobNodePool: some(pool), preventDestroy: fc.boolean(),
    maintenanceWindow: window, nodeOsMaintenanceWindow: window, imageCleanerIntervalHours: fc.integer({ min: 24, max: 90 }), monitoringEnabled: fc.boolean(),
    preset: fc.constantFrom('standard', 'small'), subnetId: fc.constant(`${NETWORKS}/nodes`), podCidr: fc.constant('10.100.0.0/16'),
  })),
  more: fc.array(some({ ...pool, spot: fc.boolean(), nodeTaints: fc.constant(['a=b:NoSchedule']) }), { maxLength: 2 }),
  runner: some({ ...managerOptions, ...runnerOptions, ...podOptions }),
  further: fc.array(some({ ...runnerOptions, ...podOptions }), { maxLength: 2 }),
  cache: fc.constantFrom('new', 'existing', undefined),
  grants: fc.boolean(),
  chart: some({ ...managerOptions, ...podOptions }),
});

/** The program's parts that only the library can make. */
const withVolumes = (options) => options.volumes
  ? { ...options, volumes: [lib.RunnerVolume.emptyDir('scratch', '/scratch', '10Gi'), lib.RunnerVolume.configMap('settings', '/settings', { readOnly: true })] }
  : options;
const ENDPOINTS = {
  https: () => lib.GitLabEndpoint.https(),
  customDomain: () => lib.GitLabEndpoint.customDomain('gitlab.example.com', { letsEncrypt: false }),
  http: () => lib.GitLabEndpoint.http(),
  vault: () => lib.GitLabEndpoint.certificateFromKeyVault('gitlab.example.com', lib.KeyVaultSecret.of(VAULT, 'gitlab')),
};

function build(program, outdir) {
  const app = new App({ outdir });
  const stack = new TerraformStack(app, 'program');
  const tried = [];
  // what one construct refuses is as much the program's outcome as what the others come to.
  const attempt = (make) => {
    try {
      return make();
    } catch (error) {
      tried.push(`${error.name}: ${error.message.split(':')[0]}`);
      return undefined;
    }
  };
  const gitlab = attempt(() => new lib.SelfHostedGitLab(stack, 'GitLab', {
    location: program.gitlab[0], ...spelling.server(program.gitlab[1]), ...program.endpoint ? { endpoint: ENDPOINTS[program.endpoint]() } : {},
  }));
  const cluster = attempt(() => new lib.AksCluster(stack, 'Cluster', { location: program.cluster[0], ...spelling.cluster(program.cluster[1]) }));
  const pools = cluster ? program.more.map((options, index) => attempt(() => cluster.addNodePool(`Pool${index}`, options))) : [];
  const variable = new TerraformVariable(stack, 'token', { type: 'string', sensitive: true });
  if (gitlab && cluster) {
    const cache = { new: () => lib.RunnerCache.azureBlob(spelling.options({ expirationDays: 7 })), existing: () => lib.RunnerCache.existingAzureBlob({ storageAccountName: 'cache', containerName: 'cache' }) };
    const runner = attempt(() => new lib.KubernetesGitLabRunner(stack, 'Runner', {
      gitlab, cluster, ...spelling.options(withVolumes(program.runner)), ...program.cache ? { cache: cache[program.cache]() } : {},
    }));
    if (runner) {
      program.further.forEach((options, index) => attempt(() => runner.addRunner(`further${index}`, { ...spelling.options(withVolumes(options)), nodePool: pools[index] })));
      if (program.grants) {
        attempt(() => runner.grantJobs('Push', spelling.role('AcrPush'), VAULT));
      }
    }
    attempt(() => cluster.addCdk8sChart('Chart', new lib.GitLabRunnerChart(new Cdk8sApp(), 'ci', {
      gitlabUrl: 'https://gitlab.example.com', token: lib.RunnerToken.terraformVariable(variable), ...spelling.options(withVolumes(program.chart)), namespace: 'by-hand', jobNamespace: 'by-hand-jobs',
    })));
  }
  attempt(() => cluster?.addServiceAccount('Account', { namespace: 'apps', serviceAccountName: 'app' }));
  app.synth();
  return tried;
}

const outcomes = fc.sample(programs, { seed: Number(seed), numRuns: Number(count) }).map((program, index) => {
  try {
    return build(program, join(folder, String(index)));
  } catch (error) {
    return [`${error.name}: ${error.message.slice(0, 200)}`];
  }
});
require('node:fs').writeFileSync(join(folder, 'refused.json'), JSON.stringify(outcomes, null, 1));
