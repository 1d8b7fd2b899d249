// What gives each warning.
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { Testing as Cdk8sTesting } from 'cdk8s';
import { TerraformStack, TerraformVariable } from 'cdktf';
import {
  AksAuditLogs, AksCluster, AksClusterProps, AlertReceiver, ApiServerAccess, AzureResourceGroup, AzureRole, GitLab, GitLabDatabase, GitLabEndpoint,
  GitLabHardeningOptions,
  GitLabRunnerChart, GitLabRunnerChartProps, GitLabRunnerScope, GitLabSignIn, GitLabVersion, HelmRelease, JobNetwork,
  KubernetesGitLabRunner, KubernetesVersion, ManifestDelivery, PlatformAlerts,
  RunnerCache, RunnerPullPolicy, RunnerSeccompProfile, RunnerSecret, RunnerToken,
  RunnerVolume, SelfHostedGitLab, SelfHostedGitLabProps, UbuntuImage, Warnings,
} from '../../src';
import { WarningId } from '../../src/warnings/private/warning-ids';

const LOCATION = 'koreacentral';
const OF_BUCKET = RunnerSecret.kubernetesSecret('bucket', 'key');
const SOMEBODY = '00000000-0000-0000-0000-000000000001';

const server = (props: Partial<SelfHostedGitLabProps>) => (stack: TerraformStack) => {
  new SelfHostedGitLab(stack, 'X', { location: LOCATION, ...props });
};
const hardened = (hardening: GitLabHardeningOptions) => server({ hardening });
const cluster = (props: Partial<AksClusterProps>) => (stack: TerraformStack) => {
  new AksCluster(stack, 'X', { location: LOCATION, ...props });
};
const chart = (props: Partial<GitLabRunnerChartProps>) => (stack: TerraformStack) => {
  const aks = AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'aks', resourceGroupName: 'g' });
  const made = new GitLabRunnerChart(Cdk8sTesting.app(), 'ci', {
    gitlabUrl: 'https://gitlab.example.com', token: RunnerToken.kubernetesSecret('token'), ...props,
  });
  aks.addCdk8sChart('X', made);
};
const alerts = (receivers: (stack: TerraformStack) => AlertReceiver[]) => (stack: TerraformStack) => {
  new PlatformAlerts(stack, 'X', { gitlab: new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION }), receivers: receivers(stack) });
};
const settings = (kubernetesSettings: { [key: string]: any }) => chart({ kubernetesSettings });

/** What gives each warning, and what it says then; the same construct without what is given here says nothing. */
export const CASES: { readonly [id in WarningId]: readonly (readonly [(stack: TerraformStack) => void, string])[] } = {
  'alerts-by-email-only': [
    [alerts(() => [AlertReceiver.email('ops@example.com')]),
      'receivers: an e-mail address stays silent unless somebody confirms it within 30 minutes after the apply; add AlertReceiver.owners()'],
  ],
  'webhook-in-state': [
    [alerts((stack) => [AlertReceiver.owners(), AlertReceiver.webhook(new TerraformVariable(stack, 'hook', { sensitive: true }).stringValue)]),
      'receivers: the address of a webhook is written into Terraform\'s state, and whoever knows it can send there; use a role or an e-mail address, or guard the state'],
  ],
  'jobs-beyond-network-policy': [
    [settings({ namespace_per_job: true }),
      'jobNetwork: no network policy covers the namespaces that kubernetesSettings.namespace_per_job creates; leave it out, or give these jobs a cluster of their own'],
    [settings({ pod_spec: [{ name: 'p', patch: 'hostNetwork: true', patch_type: 'merge' }] }),
      'jobNetwork: no network policy covers pods on the node\'s network, which kubernetesSettings.pod_spec asks for; leave hostNetwork out'],
  ],
  'open-job-network': [
    [chart({ jobNetwork: JobNetwork.open() }),
      'jobNetwork: every job can use the identity of its node through 169.254.169.254 and reach other jobs; use JobNetwork.internet() or listed()'],
  ],
  'private-gitlab-name': [
    [chart({ gitlabUrl: 'https://gitlab.corp.internal' }),
      'jobNetwork: jobs reach public addresses only, and gitlab.corp.internal looks like the name of a private one; give its address to JobNetwork.internet()'],
  ],
  'privileged-namespace': [
    [chart({ podAnnotations: { 'container.apparmor.security.beta.kubernetes.io/build': 'unconfined' } }),
      'podAnnotations: the namespace of the jobs takes any pod, since Pod Security\'s level baseline refuses this; keep such jobs to a manager and nodes of their own'],
    [settings({ pod_spec: [{ name: 'p', patch: 'hostPID: true', patch_type: 'merge' }] }),
      'kubernetesSettings.pod_spec: the namespace of the jobs takes any pod, since Pod Security\'s level baseline refuses this; keep such jobs to a manager and nodes of their own'],
  ],
  'runner-image-version': [
    [chart({ managerImage: 'docker.io/gitlab/gitlab-runner:alpine-v18.5.0' }),
      'managerImage: its tag says runner 18.5, and everything else is made for runner 19.4; take an image of 19.4, or another runnerVersion'],
    [chart({ managerImage: `docker.io/gitlab/gitlab-runner@sha256:${'0'.repeat(64)}` }),
      'managerImage: the digest does not tell which runner this is, and an upgrade of runner 19.4 leaves it behind unseen; '
        + 'write the tag with the version before it, as in ":v19.4.0@sha256:…"'],
    [settings({ helper_image: 'gitlab/gitlab-runner-helper:x86_64-v19.3.1' }),
      'kubernetesSettings.helper_image: its tag says runner 19.3, and everything else is made for runner 19.4; take an image of 19.4, or another runnerVersion'],
  ],
  'runner-newer-than-gitlab': [[(stack) => {
    const gitlab = GitLab.fromAttributes(stack, 'GitLab', { gitlabUrl: 'https://gitlab.com', gitlabVersion: GitLabVersion.of('19.3.2') });
    const aks = AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'aks', resourceGroupName: 'g' });
    new KubernetesGitLabRunner(stack, 'X', { gitlab, cluster: aks, token: RunnerToken.kubernetesSecret('token'), runnerVersion: GitLabVersion.minor('19.4') });
  }, 'runnerVersion: runner 19.4 may ask for what GitLab 19.3 does not know; leave it out, or take 19.3']],
  'secrets-in-environment': [
    [chart({ environment: { NPM_TOKEN: 'abc' } }),
      'environment: NPM_TOKEN looks like a secret, and is stored in plain text in a ConfigMap and in the Terraform state; make it a masked variable in GitLab'],
    [settings({ services: [{ name: 'postgres:17', environment: ['POSTGRES_DB=app', 'POSTGRES_PASSWORD=a=b'] }] }),
      'kubernetesSettings.services: POSTGRES_PASSWORD looks like a secret, and is stored in plain text in a ConfigMap and in the Terraform state; '
        + 'make it a masked variable in GitLab, or use environmentSecrets'],
    [settings({ pod_spec: [{ name: 'scan', patch: 'containers:\n- name: build\n  env:\n  - name: SONARQUBE_TOKEN\n    value: abc\n  - name: LANG\n    value: C' }] }),
      'kubernetesSettings.pod_spec: SONARQUBE_TOKEN looks like a secret, and is stored in plain text in a ConfigMap and in the Terraform state; '
        + 'make it a masked variable in GitLab, or use environmentSecrets'],
  ],
  'added-capabilities': [
    [settings({ cap_add: ['NET_ADMIN'] }),
      'kubernetesSettings.cap_add: processes of a job can do more on the node than containers usually may; leave out what no job needs'],
    [settings({ build_container_security_context: { capabilities: { add: ['SYS_ADMIN'] } } }),
      'kubernetesSettings.build_container_security_context: processes of a job can do more on the node than containers usually may; leave out what no job needs'],
  ],
  'admin-mode-off': [[hardened({ adminModeRequired: false }),
    'hardening.adminModeRequired: a stolen administrator session is enough to control the server; set it to true']],
  'admin-two-factor-off': [[hardened({ adminTwoFactorRequired: false }),
    'hardening.adminTwoFactorRequired: an administrator\'s password alone is enough to control the server; set it to true']],
  'arm64-pool-from-zero': [[cluster({ kubernetesVersion: KubernetesVersion.V1_35, jobNodePool: { vmSize: 'Standard_D4ps_v6' } }),
    'minCount: the autoscaler of Kubernetes 1.35 does not start the first Arm64 node of a pool, so that jobs wait for ever; give 1, or take Kubernetes 1.36 or later']],
  'arm64-vm-size': [[server({ vmSize: 'Standard_D4ps_v6', image: UbuntuImage.V24_04_ARM64 }),
    'vmSize: Microsoft\'s documentation does not list Arm64 for the run commands that set the server up; choose one for x64 such as "Standard_D4s_v5" if they fail']],
  'burstable-database': [[server({ database: GitLabDatabase.azurePostgresql({ skuName: 'B_Standard_B2s' }) }),
    'database.skuName: a burstable size slows to a fraction of its speed once its CPU credits are used up; for more than a trial choose one such as '
      + '"GP_Standard_D2ds_v5"']],
  'burstable-vm-size': [[server({ vmSize: 'Standard_B4as_v2' }),
    'vmSize: a burstable size slows to a fraction of its speed once its CPU credits are used up, and GitLab\'s own services use them up; '
      + 'for more than a trial choose one such as "Standard_D4s_v5"']],
  'changed-pod-spec': [[settings({ pod_spec: [{ name: 'p', patch: 'hostNetwork: true', patch_type: 'merge' }] }),
    'kubernetesSettings.pod_spec: patches can undo what isolates jobs, and nothing checks them; use a prop where there is one']],
  'cluster-token-in-jobs': [[settings({ automount_service_account_token: true }),
    'kubernetesSettings.automount_service_account_token: every job gets a token for the cluster\'s API; leave it out']],
  'deployer-may-be-administrator': [[cluster({ resourceGroup: AzureResourceGroup.existing('shared'), administratorObjectIds: [SOMEBODY] }),
    'deployerObjectIds: the deployer gets the administrators\' role on the cluster, and Azure refuses to assign it twice if the deployer '
      + 'is one of administratorObjectIds; name them here']],
  'destroy-allowed': [
    [server({ preventDestroy: false }), 'preventDestroy: a plan may destroy the server, its data and its secrets; set it to true for anything you want to keep'],
    [cluster({ preventDestroy: false }), 'preventDestroy: nothing stops a plan that destroys or replaces the cluster; set it to true for a cluster that you want to keep'],
  ],
  'existing-namespaces': [[chart({ namespaceCreationEnabled: false }),
    'namespaceCreationEnabled: nothing sets the Pod Security level of the namespaces, and anything else in them runs beside the jobs; '
      + 'set the level yourself and keep the namespaces for the runner alone, or leave it out']],
  'grants-to-all-projects': [[(stack) => {
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION });
    const aks = new AksCluster(stack, 'Cluster', { location: LOCATION });
    new KubernetesGitLabRunner(stack, 'X', { gitlab, cluster: aks, tags: ['ci'] })
      .grantJobs('Push', AzureRole.ACR_PUSH, '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/r');
  }, 'grantJobs: the runner serves the whole instance, so anybody who can create a project on the server has these rights, and tags keep nobody out; '
    + 'set runnerScope to a group or project'], [(stack) => {
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION });
    const aks = new AksCluster(stack, 'Cluster', { location: LOCATION });
    new KubernetesGitLabRunner(stack, 'X', { gitlab, cluster: aks, tags: ['ci'], environmentSecrets: { A: OF_BUCKET } });
  }, 'environmentSecrets: the runner serves the whole instance, so anybody who can create a project on the server can read these secrets; '
    + 'set runnerScope to a group or project']],
  'helm-values-in-state': [[(stack) => {
    const aks = AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'aks', resourceGroupName: 'g' });
    const token = new TerraformVariable(stack, 'token', { sensitive: true }).stringValue;
    new HelmRelease(stack, 'X', aks, { chart: 'c', repository: 'https://charts.example.com', sensitiveValues: { 'a.b': token } });
  }, 'sensitiveValues: the Terraform state holds a.b readable; restrict access to the state, or have the chart read a Key Vault']],
  'host-path-volume': [[chart({ volumes: [RunnerVolume.hostPath('h', '/h', '/h')] }),
    'volumes: jobs can reach folders of the node, and through some of them the node itself; use RunnerVolume.emptyDir() or persistentVolumeClaim()']],
  'imports-allowed': [[hardened({ importSources: ['github', 'git'] }),
    'hardening.importSources: users can make the server fetch from elsewhere (github, git); leave it out once the imports are done']],
  'jobs-choose-identity': [
    [settings({ service_account_overwrite_allowed: 'ci-.*' }),
      'kubernetesSettings.service_account_overwrite_allowed: a job may run under another service account, with its rights; '
        + 'leave it out, and add a runner for each that is needed'],
    [settings({ namespace_overwrite_allowed: 'ci-.*' }),
      'kubernetesSettings.namespace_overwrite_allowed: a job may choose its namespace and run beside what is there, and the manager has its rights in every namespace that a job may choose; '
        + 'leave it out, and add a runner for each that is needed'],
    [settings({ bearer_token_overwrite_allowed: true }),
      'kubernetesSettings.bearer_token_overwrite_allowed: a job may bring a token for the cluster\'s API with which its pod is made; '
        + 'leave it out, and add a runner for each that is needed'],
  ],
  'little-helper-memory': [[chart({ helperResources: { memoryLimit: '200Mi' } }),
    'helperResources.memoryLimit: the helper container runs out of memory when it handles caches and artifacts; give it at least 250Mi']],
  'little-memory': [[server({ vmSize: 'Standard_F2s_v2' }),
    'vmSize: GitLab asks for 8 GiB of memory, and with less it is slow; choose one with more such as "Standard_D4s_v5"']],
  'machine-replacement-allowed': [[server({ virtualMachineReplacementAllowed: true }),
    'virtualMachineReplacementAllowed: a plan may replace the machine; set it to false once that is done']],
  'namespace-per-job': [[settings({ namespace_per_job: true }),
    'kubernetesSettings.namespace_per_job: the manager gets its rights in every namespace of the cluster; leave it out, or keep the cluster for CI alone']],
  'no-audit-logs': [
    [server({ auditLogsEnabled: false }), 'auditLogsEnabled: nobody can tell afterwards who read a secret or a backup; leave it out'],
    [cluster({ auditLogs: AksAuditLogs.NONE }), 'auditLogs: nobody can tell afterwards who did what in the cluster; choose AksAuditLogs.CHANGES'],
    [cluster({ containerInsightsEnabled: false }), 'auditLogs: nobody can tell afterwards who did what in the cluster; choose AksAuditLogs.CHANGES'],
  ],
  'no-automatic-patches': [
    [cluster({ kubernetesVersion: KubernetesVersion.of('1.36.2') }), 'kubernetesVersion: Kubernetes gets no security patch by itself; pin the minor version alone'],
    [cluster({ automaticPatchesEnabled: false }),
      'automaticPatchesEnabled: Kubernetes gets no security patch by itself; leave it out'],
  ],
  'objects-not-in-backup': [[server({ objectStorage: {}, backup: {} }),
    'objectStorage: backups do not include what is in Blob storage; restore deleted and overwritten blobs within '
      + 'objectStorage.deletedRetentionDays, and protect against larger losses with objectStorage.replication']],
  'paths-in-values': [[(stack) => {
    const aks = AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'aks', resourceGroupName: 'g' });
    new HelmRelease(stack, 'X', aks, { chart: 'c', repository: 'https://charts.example.com', values: { 'controller.replicaCount': 2 } });
  }, 'values: controller.replicaCount: --set reads dots as a path, and here they are part of a name that the chart may not know; write { controller: { replicaCount: … } }']],
  'plain-http': [
    [server({ endpoint: GitLabEndpoint.http() }), 'endpoint: anybody on the network path can read passwords and tokens over plain HTTP; choose GitLabEndpoint.https()'],
    [(stack) => GitLab.fromAttributes(stack, 'X', { gitlabUrl: 'http://gitlab.example.com' }),
      'gitlabUrl: anybody on the network path can read tokens and source code over plain HTTP; use HTTPS if GitLab has it'],
    [chart({ gitlabUrl: 'http://gitlab.example.com' }),
      'gitlabUrl: anybody on the network path can read tokens and source code over plain HTTP; use HTTPS if GitLab has it'],
  ],
  'closed-port': [
    [server({ omnibusSettings: { registry_external_url: 'https://gitlab.example.com:5005' } }),
      'omnibusSettings.registry_external_url: the network security group lets nobody in at port 5005; set registry instead, which opens its port too'],
    [server({ omnibusSettings: { gitlab_kas_external_url: 'wss://kas.example.com:8443/-/kubernetes-agent/' } }),
      'omnibusSettings.gitlab_kas_external_url: the network security group lets nobody in at port 8443; give a URL without a port'],
  ],
  'plain-http-cache': [[chart({
    cache: RunnerCache.s3({ bucketName: 'cache', accessKeyId: OF_BUCKET, secretAccessKey: OF_BUCKET, tlsEnabled: false }),
  }), 'cache.tlsEnabled: anybody on the network path can read caches, and change what jobs unpack from them; serve the bucket over HTTPS']],
  'plain-http-from-proxy': [
    [server({ endpoint: GitLabEndpoint.behindProxy({ host: 'gitlab.example.com', trustedCidrs: ['10.0.0.0/24', '203.0.113.7/32'] }) }),
      'endpoint: requests from 203.0.113.7/32 cross the Internet unencrypted on their way to the server; '
        + 'let a proxy in the server\'s own or a peered network end TLS'],
    [server({ endpoint: GitLabEndpoint.behindFrontDoor('gitlab.example.com', SOMEBODY) }),
      'endpoint: requests from Front Door cross the Internet unencrypted on their way to the server; '
        + 'let a proxy in the server\'s own or a peered network end TLS'],
  ],
  'private-api-server': [[cluster({ apiServerAccess: ApiServerAccess.privateEndpoint() }),
    'apiServerAccess: manifests and charts are delivered only if the machine that runs terraform apply can reach the cluster\'s virtual network; '
      + 'run the apply there, or use ManifestDelivery.throughServer() or files()']],
  'privilege-escalation': [[chart({ allowPrivilegeEscalation: true }),
    'allowPrivilegeEscalation: processes of a job can gain more rights than its image\'s user has; leave it out unless jobs need sudo']],
  'privileged-jobs': [
    [chart({ privileged: true }),
      'privileged: every job can control the node it runs on, and with it the other jobs there; keep such jobs on a pool of their own'],
    [settings({ service_container_security_context: { privileged: true } }),
      'kubernetesSettings.service_container_security_context: every job can control the node it runs on, and with it the other jobs there; '
        + 'keep such jobs on a pool of their own'],
  ],
  'protective-flag-off': [
    [chart({ featureFlags: { FF_GIT_URLS_WITHOUT_TOKENS: false } }),
      'featureFlags.FF_GIT_URLS_WITHOUT_TOKENS: the token of each job stays in the .git/config that it leaves behind; leave it on'],
    [chart({ featureFlags: { FF_HASH_CACHE_KEYS: false } }),
      'featureFlags.FF_HASH_CACHE_KEYS: cache keys become names of files as jobs write them; leave it on'],
  ],
  'public-pages': [[server({ pages: { domain: 'pages.example.com', accessControlEnabled: false } }),
    'pages.accessControlEnabled: everybody who reaches the server can see every site, those of private projects too; set it to true']],
  'public-visibility': [[hardened({ publicVisibilityAllowed: true }),
    'hardening.publicVisibilityAllowed: projects can be made visible to anybody who can reach the server; set it to false unless some must be public']],
  'rate-limits-off': [[hardened({ rateLimitsEnabled: false }),
    'hardening.rateLimitsEnabled: nothing slows down password guessing or floods of requests; set it to true']],
  'registration-token': [[chart({ token: RunnerToken.legacyRegistrationToken(RunnerToken.kubernetesSecret('token')) }),
    'token: registration tokens are switched off by default since GitLab 17.0 and will be removed in 20.0; create the runner in GitLab and give its token']],
  'registration-tokens-allowed': [[hardened({ registrationTokensAllowed: true }),
    'hardening.registrationTokensAllowed: anybody who reads a registration token can add a runner, which then gets jobs and their secrets; '
      + 'set it to false: the runners of this library need none']],
  'retiring-vm-size': [
    [cluster({ jobNodePool: { vmSize: 'Standard_DS2_v2' } }),
      'vmSize: Azure retires Standard_DS2_v2 on 2028-05-01 and closes it to new subscriptions before; choose one such as "Standard_D4s_v5"'],
    [server({ vmSize: 'Standard_DS3_v2' }), 'vmSize: Microsoft retires Standard_DS3_v2 on 2028-05-01; choose one such as "Standard_D4s_v5"'],
  ],
  'reused-images': [
    [chart({ pullPolicies: [RunnerPullPolicy.IF_NOT_PRESENT] }),
      'pullPolicies: every project can use a private image that another one pulled on the same node; use RunnerPullPolicy.ALWAYS alone'],
    [chart({ allowedPullPolicies: [RunnerPullPolicy.ALWAYS, RunnerPullPolicy.NEVER] }),
      'pullPolicies: every project can use a private image that another one pulled on the same node; use RunnerPullPolicy.ALWAYS alone'],
  ],
  'unchecked-omnibus-keys': [
    [server({ omnibusSettings: { nginx: { wroker_processes: 4 } }, uncheckedOmnibusKeys: ['nginx.wroker_processes'] }),
      'omnibusSettings: GitLab says nothing of a key that it does not read, and these are not known for 19.4: nginx.wroker_processes (no such key of gitlab.rb, write "worker_processes"); '
      + 'see on the server whether they have their effect'],
    [server({ omnibusSettings: { gitlab_new: { key: 1 } }, version: GitLabVersion.of('21.3.0') }),
      'omnibusSettings: GitLab says nothing of a key that it does not read, and these are not known for 21.3.0: gitlab_new (no such section of gitlab.rb, leave it out); '
      + 'see on the server whether they have their effect'],
  ],
  'deprecated-omnibus-keys': [[server({ omnibusSettings: { mattermost_external_url: 'https://chat.example.com' } }),
    'omnibusSettings: a later version does not read mattermost_external_url (no longer read from GitLab 20.0 on, use gitlab_rails.mattermost_host instead); '
    + 'change them before that upgrade']],
  'secrets-in-omnibus-settings': [[server({ omnibusSettings: { gitlab_rails: { incoming_email_password: 'secret' } }, literalSecretsAllowed: true }),
    'literalSecretsAllowed: the Terraform state and the machine\'s run commands contain the values of gitlab_rails.incoming_email_password; '
      + 'give each as KeyVaultSecret.of()']],
  'secrets-in-release': [[(stack) => {
    const aks = AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'aks', resourceGroupName: 'g' });
    new HelmRelease(stack, 'X', aks, { chart: 'c', repository: 'https://charts.example.com', values: { auth: { adminPassword: 'one', existingSecret: 'two' } } });
  }, 'values: auth.adminPassword looks like a secret, and is readable in the Terraform state; have the chart read a Secret or a Key Vault that exists'], [(stack) => {
    const aks = AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'aks', resourceGroupName: 'g' });
    aks.addManifest('X', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'mine' }, stringData: { key: 'one' } });
  }, 'chart: the content of Secret mine is readable in the Terraform state and wherever the program is kept; '
    + 'keep it in a Key Vault that the cluster reads, or make the Secret by other means']],
  'services-open-to-internet': [
    [cluster({ loadBalancerAllowedCidrs: ['0.0.0.0/0'] }),
      'loadBalancerAllowedCidrs: every Service of type LoadBalancer is open to the whole Internet; name the networks that need them'],
    [cluster({ loadBalancerAllowedCidrs: ['0.0.0.0/1', '128.0.0.0/1'] }), 'loadBalancerAllowedCidrs: every Service of type LoadBalancer is open to '
      + '0.0.0.0/1 and 128.0.0.0/1, which is much of the Internet; name the networks that need them'],
  ],
  'short-passwords': [[hardened({ minimumPasswordLength: 8 }),
    'hardening.minimumPasswordLength: passwords of 8 characters are easy to guess; ask for 12 or more']],
  'sign-in-by-email': [[server({ signIn: [GitLabSignIn.entraIdSaml({ tenantId: SOMEBODY, applicationId: SOMEBODY, linkingByEmailAllowed: true })] }),
    'signIn: anybody who can set an email address at "saml" can take over the GitLab user with that address, administrators included; '
    + 'leave linkingByEmailAllowed out once everybody has signed in']],
  'sign-up-open': [[hardened({ signupEnabled: true }),
    'hardening.signupEnabled: anybody who can reach the server can create an account; set it to false and let administrators create accounts']],
  'single-system-node': [[cluster({ systemNodePool: { nodeCount: 1 } }),
    'systemNodePool.nodeCount: with a single node, every upgrade or failure of that node stops the cluster\'s services; take two or more']],
  'snapshots-without-database': [[server({ dataDiskBackup: {}, database: GitLabDatabase.azurePostgresql() }),
    'dataDiskBackup: the snapshots are without the database, which is on another server; to go back to a snapshot, restore the database to the same time too, '
      + 'and set backup for copies of both']],
  'ssh-open-to-internet': [
    [server({ sshAllowedCidrs: ['0.0.0.0/0'] }), 'sshAllowedCidrs: port 22 is open to the whole Internet; name the networks that need it'],
    [server({ sshAllowedCidrs: ['0.0.0.0/1', '128.0.0.0/1', '10.0.0.0/8'].slice(0, 2) }),
      'sshAllowedCidrs: port 22 is open to 0.0.0.0/1 and 128.0.0.0/1, which is much of the Internet; name the networks that need it'],
  ],
  'token-in-state': [[(stack) => chart({ token: RunnerToken.terraformVariable(new TerraformVariable(stack, 'token', { sensitive: true })) })(stack),
    'token: the value of the Terraform variable lands in the state, in Helm\'s records and in a Kubernetes Secret; use RunnerToken.keyVaultSecret()']],
  'too-few-concurrent-jobs': [[(stack) => {
    const aks = AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'aks', resourceGroupName: 'g' });
    const token = RunnerToken.kubernetesSecret('token');
    const made = new GitLabRunnerChart(Cdk8sTesting.app(), 'ci', { gitlabUrl: 'https://gitlab.example.com', token, concurrent: 1 });
    made.addRunner('second', token);
    aks.addCdk8sChart('X', made);
  }, 'concurrent: 1 is less than the number of runners, so that some wait for others; raise it']],
  'unconfined-seccomp': [
    [chart({ podSecurityContext: { seccompProfile: RunnerSeccompProfile.UNCONFINED } }),
      'podSecurityContext.seccompProfile: jobs may make all system calls; leave it out unless an image builder needs it'],
    [settings({ helper_container_security_context: { seccomp_profile: { type: 'Unconfined' } } }),
      'kubernetesSettings.helper_container_security_context: jobs may make all system calls; leave it out unless an image builder needs it'],
  ],
  'unlocked-project-runner': [[(stack) => {
    new SelfHostedGitLab(stack, 'X', { location: LOCATION }).requestRunnerToken('ci', { runnerScope: GitLabRunnerScope.project('team/api'), locked: false });
  }, 'locked: the project\'s maintainers can let other projects use the runner "ci"; drop the prop']],
  'skip-provider-registration': [[(stack) => {
    new AzurermProvider(stack, 'X', {
      features: [{ storage: [{ dataPlaneAvailable: false }] } as any], skipProviderRegistration: true, resourceProviderRegistrations: 'legacy',
    });
    new SelfHostedGitLab(stack, 'Server', { location: LOCATION });
  }, 'skip_provider_registration: azurerm 5, which Terraform installs unless a lock file holds 4, has no such argument; '
    + 'use resource_provider_registrations instead, whose "none" registers nothing']],
  'unregistered-resource-providers': [[(stack) => {
    new AzurermProvider(stack, 'X', {
      features: [{ storage: [{ dataPlaneAvailable: false }] } as any], storageUseAzuread: true,
      resourceProviderRegistrations: 'none', resourceProvidersToRegister: ['Microsoft.Compute'],
    });
    new SelfHostedGitLab(stack, 'Server', { location: LOCATION });
  }, expect.stringMatching(/^resource_providers_to_register: the subscription must have Microsoft\.\w+, .* registered already; add them, or set resource_provider_registrations to "legacy"$/)]],
  'no-gitlab-patches': [[server({ patchReleasesEnabled: false }),
    'patchReleasesEnabled: GitLab\'s security fixes are installed only when somebody changes the version; leave it out']],
  'outdated-library': [[(stack) => {
    // the day of the release, which only a packed library has.
    const released = jest.spyOn(Date, 'parse').mockReturnValue(0);
    server({})(stack);
    released.mockRestore();
  }, 'version: this library was released on unreleased, and GitLab publishes security fixes for a version for some 100 days; '
    + 'update this library, or name a later version, such as GitLabVersion.minor("20.1")']],
  'unsupported-gitlab-version': [[server({ version: GitLabVersion.of('19.1.6') }),
    'version: GitLab publishes security fixes for 19.2 and later, not for 19.1; upgrade to GitLabVersion.minor("19.4"), through the required stops if there are any']],
  'unresolved-manifest-values': [[(stack) => {
    const aks = AksCluster.fromAksClusterAttributes(stack, 'Cluster', {
      clusterName: 'aks', resourceGroupName: 'g', manifestDelivery: ManifestDelivery.files(),
    });
    const url = new TerraformVariable(stack, 'url', {}).stringValue;
    aks.addManifest('X', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { url } });
  }, 'manifestDelivery: ConfigMap c contain values known only at apply time, written as ${…} into the file; replace them before you use it, '
    + 'or deliver by helmRelease()']],
  'untrusted-agent-server': [[server({
    endpoint: GitLabEndpoint.customDomain('g.example.com', { letsEncrypt: false }), omnibusSettings: { gitlab_kas_external_url: 'wss://kas.example.com' },
  }), 'omnibusSettings.gitlab_kas_external_url: the certificate that the server makes is for g.example.com, and agents in clusters refuse it for kas.example.com; '
    + 'use GitLabEndpoint.certificateFromKeyVault() with a certificate for both names, or give gitlab_kas_nginx a certificate for kas.example.com']],
  'untrusted-registry': [[server({ registry: {} }),
    'registry: docker and the nodes of a cluster do not trust the registry\'s certificate until Let\'s Encrypt issues one, '
      + 'which for a name in Azure\'s domain may be never; use GitLabEndpoint.customDomain() or certificateFromKeyVault()'],
  [server({ endpoint: GitLabEndpoint.customDomain('g.example.com', { letsEncrypt: false }), omnibusSettings: { registry_external_url: 'https://r.example.com' } }),
    'omnibusSettings.registry_external_url: the certificate that the server makes is for g.example.com, and docker and the nodes of a cluster refuse it for r.example.com; '
      + 'use GitLabEndpoint.certificateFromKeyVault() with a certificate for both names, or give registry_nginx a certificate for r.example.com']],
  'unused-acknowledgement': [[(stack) => {
    Warnings.of(stack).acknowledge('plain-http', 'behind a VPN');
    stack.node.root.node.validate();
  }, 'acknowledge("plain-http"): nothing gives this warning any more; remove the acknowledgement']],
  'too-many-users': [
    [server({ expectedUsers: 1001, vmSize: 'Standard_D8s_v5' }),
      'expectedUsers: GitLab recommends several machines for more than 1000 users, and this is one; set applicationNodes, or measure before you rely on one machine'],
    [server({ expectedUsers: 2001, vmSize: 'Standard_D8s_v5' }), 'expectedUsers: GitLab recommends several machines for more than 1000 users, and this is one; '
      + 'see GitLab\'s reference architectures, and measure before you rely on this one'],
  ],
  'vm-size-too-small': [
    [server({ expectedUsers: 501 }), 'vmSize: 501 users need 8 vCPUs and 16 GiB of memory, and Standard_D4s_v5 has 4 and 16; choose one such as "Standard_D8s_v5"'],
    [server({ expectedUsers: 21, vmSize: 'Standard_D4ls_v5' }),
      'vmSize: 21 users need 4 vCPUs and 16 GiB of memory, and Standard_D4ls_v5 has 4 and 8; choose one such as "Standard_D4s_v5"'],
  ],
  'weak-ssh-keys': [
    [hardened({ minimumRsaKeyBits: 2048 }), 'hardening.minimumRsaKeyBits: RSA keys of 2048 bits will not stay safe for long; ask for 3072 or more'],
    [hardened({ dsaKeysAllowed: true }), 'hardening.dsaKeysAllowed: DSA keys are weak, and OpenSSH no longer supports them; set it to false'],
  ],
};
