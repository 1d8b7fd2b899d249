import { App } from 'cdk8s';
import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { BlobCache } from './cache/blob-cache';
import { CacheSource } from './cache/cache-source';
import { GitLabRunnerChart } from './gitlab-runner-chart';
import { refuseUnfitNodes } from './image-builds/image-build-rules';
import { DEFAULT_IMAGE } from './job-pod/job-settings';
import { freeNamespacesBy } from './job-pod/overwrites';
import { JoinedRunnerOptions, KubernetesGitLabRunnerProps } from './kubernetes-gitlab-runner-props';
import { ManagerAccess } from './manager/manager-access';
import { GitLabEnd, ManagerPlan, planManager, refuseSecondCertificate } from './manager/manager-plan';
import { gitlabOptions, JOINED_RUNNER, KUBERNETES_GITLAB_RUNNER, refuseJoinedContradictions } from './private/joined-rules';
import { claimNamespace, defaultNamespace } from './private/namespaces';
import { refuseJobsLargerThanNodes, refuseOtherArchitecture, refusePoolWithoutGpus, refusePoolWithoutRoom, refuseSandboxWithoutMemory, withRuntimeClass } from './private/node-pool-needs';
import { OTHER_NAMES_OF_JOINED, OTHER_NAMES_OF_JOINED_TOO } from './private/other-names';
import { defaultDescription, runnerName } from './private/runner-names';
import { ChartPlan, knowsDisruptionBudgets, planRunner, RunnerPlan } from './private/runner-plan';
import { warnOfNewerRunner } from './private/version-warnings';
import { RegistryCache } from './registry-cache/registry-cache';
import { refuseChosenArchitecture } from './registry-cache/registry-cache-rules';
import { TokenSource } from './token/token-source';
import { AksNodePool } from '../aks/aks-node-pool';
import { IAksCluster } from '../aks/cluster';
import { IAksNodePool } from '../aks/node-pool';
import { POOL_LABELS } from '../aks/node-pools/node-pools';
import { WorkloadIdentity } from '../aks/workload-identity';
import { AzureRole } from '../azure/azure-role';
import { ownParts, platformName } from '../azure/names/part-names';
import { belongTo } from '../azure/place/azure-place';
import { CloudHosts } from '../azure/place/cloud-hosts';
import { StackClouds } from '../azure/place/stack-clouds';
import { IDENTITY_NAME_LENGTH } from '../azure/private/rules';
import { ManifestRelease } from '../delivery/manifest-release';
import { IGitLab } from '../gitlab/gitlab-server';
import { GitLabVersion } from '../gitlab/gitlab-version';
import { NEWEST_VERSION } from '../gitlab/newest-version';
import { RELEASE_NAME_LENGTH } from '../kubernetes/private/rules';
import { constructId } from '../private/construct-id';
import { namedPath } from '../private/construct-moves';
import { defaultName } from '../private/default-name';
import { isOne } from '../private/own-class';
import { takeProps, takeValue } from '../private/rules/rule';
import { knownText } from '../private/rules/scalars';
import { known } from '../private/rules/subject';
import { checkStack } from '../private/stack-check';
import { ValidationError } from '../private/validation-error';
import { hasWarned, passWarningsOn, warn } from '../warnings/private/warn';
import { Warnings } from '../warnings/warnings';

const LEAST_GRACE_SECONDS = 3600;
const LONGEST_GRACE_SECONDS = 604_800;
const GRACE_MARGIN_SECONDS = 60;
/** The release may take a little longer than the manager, so that the error tells of the manager. */
const RELEASE_MARGIN_SECONDS = 120;

/**
 * GitLab Runner on an AKS cluster, joined to a GitLab: each CI job becomes a pod in the cluster.
 *
 * GitLab creates the runner and stores its token in a Key Vault, which the manager reads with its own managed identity; nobody else sees
 * the token. GitLab's network rules admit the cluster's egress address, and the manager trusts GitLab's private CA. The manager is
 * installed once both are ready.
 *
 * @see https://docs.gitlab.com/runner/executors/kubernetes/
 * @example
 * new KubernetesGitLabRunner(stack, 'Runner', {
 *   gitlab,
 *   cluster,
 *   tags: ['aks'],
 *   runnerScope: GitLabRunnerScope.group('platform'),
 *   cache: RunnerCache.azureBlob(),
 * });
 */
export class KubernetesGitLabRunner extends Construct {
  /** The chart with the Kubernetes objects. You can add objects, and change existing ones with cdk8s' `ApiObject.of(…).addJsonPatch(…)`. */
  public readonly chart: GitLabRunnerChart;

  /**
   * The resources that must be applied before the manager is installed and ready. Empty if the cluster's manifests are only written to
   * files.
   */
  public readonly ready: ITerraformDependable[];

  /** @internal */
  public readonly _cluster: IAksCluster;

  private readonly gitlab: IGitLab;
  private readonly hosts: CloudHosts;
  private readonly registryCache?: RegistryCache;
  private readonly manager: ManagerPlan;
  private readonly release: ManifestRelease;
  private readonly access: ManagerAccess;
  private jobIdentity?: WorkloadIdentity;
  /** The setting by which jobs run in namespaces of their own choice or making. */
  private freeNamespaces?: string;
  private instanceWide = false;

  constructor(scope: Construct, id: string, props: KubernetesGitLabRunnerProps) {
    super(scope, constructId(new.target, scope, id));
    checkStack(this);
    const given = takeProps(this, 'props', props, KUBERNETES_GITLAB_RUNNER, refuseJoinedContradictions, OTHER_NAMES_OF_JOINED);
    const { gitlab, cluster } = given;
    this.gitlab = gitlab;
    this._cluster = cluster;
    belongTo(this, cluster);
    ownParts(this, cluster.location);
    this.hosts = StackClouds.of(this).take(this, cluster.location);
    warnOfNewerRunner(this, given.runnerVersion, gitlab.gitlabVersion);
    this.registryCache = given.registryCache;
    const runnerVersion = given.runnerVersion ?? sameMinorVersion(gitlab);
    this.manager = planManager(this, {
      ...given,
      namespace: given.namespace ?? defaultNamespace(this),
      runnerVersion,
      managerImage: given.managerImage ?? this.registryCache?._managerImage(runnerVersion ?? NEWEST_VERSION),
      gracefulStopSeconds: given.gracefulStopSeconds ?? gracefulStop(given.maximumTimeoutSeconds),
    }, gitLabEnd(gitlab), given.pollTimeoutSeconds);
    this.access = new ManagerAccess(this, cluster, this.manager, this.hosts.cloud);
    const plan = this.planRunner(given);
    this.freeNamespaces = freeNamespacesBy(plan.settings, this.manager.jobNamespace);
    claimNamespace(this, cluster, this.manager.namespace);
    this.registryCache?._attach(cluster);

    const token = this.resolveToken(namedPath(this), given);
    const cache = this.resolveCache(this.manager.cache);
    const name = runnerName(namedPath(this));
    this.chart = GitLabRunnerChart._of(new App(), name, new ChartPlan({
      ...this.manager,
      cache: cache.source,
      registryCredentials: this.access.toSecret(this.manager.registryCredentials),
      caCertificateSecret: this.access.toSecret(this.manager.caCertificateSecret),
      sentryDsn: this.access.toSecret(this.manager.sentryDsn),
      environmentSecrets: this.access.toSecrets(this.manager.environmentSecrets),
    }, { name, token: token.source, plan: this.withSecrets(plan, given) }));
    passWarningsOn(this.chart, this);
    if (hasWarned(gitlab, 'plain-http', this)) {
      Warnings.of(this.chart).acknowledge('plain-http', 'GitLab gives this warning itself');
    }
    this.release = new ManifestRelease(this, 'Release', cluster, this.chart, {
      releaseName: defaultName(this, RELEASE_NAME_LENGTH, '-release'),
      timeoutSeconds: this.chart.startTimeoutSeconds + RELEASE_MARGIN_SECONDS,
    });
    this.ready = this.release.ready;
    if (cache.accountId !== undefined) {
      if (!this.manager.account.create) {
        throw new ValidationError(this, {
          prop: 'managerServiceAccount.creationEnabled', problem: 'an account that exists cannot be given the identity that the cache needs', got: false,
          remedy: 'leave it out, or remove cache',
        });
      }
      // jobs get signatures of the manager's: it has to have the role.
      this.access.identity.grant('Cache', AzureRole.STORAGE_BLOB_DATA_CONTRIBUTOR, cache.accountId);
    }
    this.join(token);
    this.release.waitFor(...cache.ready ?? []);
    const sources = sourceAddresses(gitlab, cluster);
    if (sources !== undefined) {
      gitlab.allowWebFrom(this, 'WebAccess', sources);
    }
  }

  /**
   * Adds a runner to the manager, with its own tags, pods and token. The manager's limits apply to all its runners together.
   * @param id unique among the manager's runners; changing it creates a new runner in GitLab.
   * @returns the runner's name in the manager's log and metrics.
   * @example
   * runner.addRunner('Deploy', { tags: ['deploy'], refProtected: true, limit: 1 });
   */
  public addRunner(id: string, options: JoinedRunnerOptions): string {
    const path = `${namedPath(this)}/${takeValue(this, 'id', id, knownText('letters, digits, "-" and "_"', /^[A-Za-z0-9][\w-]{0,62}$/))}`;
    const given = takeProps(this, 'options', options, JOINED_RUNNER, refuseJoinedContradictions, OTHER_NAMES_OF_JOINED_TOO);
    const plan = this.planRunner(given);
    this.freeNamespaces ??= freeNamespacesBy(plan.settings, this.manager.jobNamespace);
    if (this.freeNamespaces !== undefined && this.jobIdentity) {
      throw this.identityElsewhere(this.freeNamespaces, 'give such jobs a manager of their own');
    }
    const token = this.resolveToken(path, given);
    const name = runnerName(path);
    this.chart._addRunner({ name, token: token.source, plan: this.withSecrets(plan, given) });
    this.join(token);
    this.warnOfGrants();
    return name;
  }

  /**
   * Assigns an Azure role to all jobs of the manager, which sign in without a secret, by workload identity.
   *
   * Anybody who can start a job has the role: on an instance-wide runner everybody who can create a project, whatever its tags, which gives
   * a warning. Set `runnerScope`, protect branches, and use a separate manager for what only releases need.
   *
   * @param id the role assignment's construct id.
   * @param role such as `AzureRole.ACR_PUSH`.
   * @param roleScope the ARM id of the resource the role applies to.
   * @see https://learn.microsoft.com/azure/aks/workload-identity-overview
   * @example
   * runner.grantJobs('Push', AzureRole.ACR_PUSH, registryId);
   */
  public grantJobs(id: string, role: AzureRole, roleScope: string): void {
    const identity = this.jobIdentity ?? this.createJobIdentity();
    identity.grant(id, role, roleScope);
    this.warnOfGrants();
    this.release.waitFor(...identity.ready);
  }

  private createJobIdentity(): WorkloadIdentity {
    if (this.freeNamespaces !== undefined) {
      throw this.identityElsewhere(this.freeNamespaces, 'remove it, or the calls of grantJobs()');
    }
    if (!this.manager.jobAccount.create) {
      throw new ValidationError(this, {
        prop: 'jobServiceAccount.creationEnabled', problem: 'an account that exists cannot be given a managed identity here', got: false,
        remedy: 'leave it out, or use cluster.addWorkloadIdentity() and annotate the account',
      });
    }
    this.jobIdentity = new WorkloadIdentity(this, 'JobIdentity', this._cluster, {
      namespace: this.chart.jobNamespace,
      serviceAccountName: this.chart.jobServiceAccountName,
      identityName: platformName(this, 'identity', 'jobs') ?? defaultName(this, IDENTITY_NAME_LENGTH, '-jobidentity'),
    });
    this.chart._addJobIdentity(this.jobIdentity.serviceAccountAnnotations, this.jobIdentity.podLabels);
    return this.jobIdentity;
  }

  /** Runners and rights come in any order. */
  private warnOfGrants(): void {
    if (this.jobIdentity && this.instanceWide) {
      warn(this, 'grants-to-all-projects', {
        prop: 'grantJobs', reason: 'the runner serves the whole instance, so anybody who can create a project on the server has these rights, and tags keep nobody out',
        remedy: 'set runnerScope to a group or project',
      });
    }
  }

  private identityElsewhere(setting: string, remedy: string): ValidationError {
    return new ValidationError(this, {
      prop: `kubernetesSettings.${setting}`,
      problem: 'a managed identity is tied to one namespace, so jobs in namespaces of their own cannot have one', got: true, remedy,
    });
  }

  /** A runner with what its node pool asks for. */
  private planRunner(options: JoinedRunnerOptions): RunnerPlan {
    const pool = this.poolOf(options);
    refuseUnfitNodes(this, options, pool);
    refusePoolWithoutGpus(this, options, pool);
    refuseOtherArchitecture(this, options, pool);
    const nodeSelector = { ...pool?.nodeSelector, ...options.nodeSelector };
    const cached = this.withCachedImages(options, nodeSelector);
    const plan = planRunner(this, {
      ...cached,
      kubernetesSettings: withRuntimeClass(cached.kubernetesSettings, pool),
      nodeSelector,
      tolerations: [...new Set([...pool?.nodeTaints ?? [], ...options.tolerations ?? []])],
      podDisruptionBudgetEnabled: options.podDisruptionBudgetEnabled ?? (isOne(pool, AksNodePool) && knowsDisruptionBudgets(this.manager.version)),
    }, this.manager);
    refuseJobsLargerThanNodes(this, pool, plan.settings);
    refusePoolWithoutRoom(this, options, pool, plan.settings);
    refuseSandboxWithoutMemory(this, options, pool, plan.settings);
    return plan;
  }

  private withCachedImages(options: JoinedRunnerOptions, nodeSelector: { readonly [label: string]: string }): JoinedRunnerOptions {
    const { registryCache: cache, manager } = this;
    if (cache) {
      refuseChosenArchitecture(this, options.kubernetesSettings ?? {}, nodeSelector);
    }
    return cache ? {
      ...options,
      ...options.image === undefined ? { image: cache.image(DEFAULT_IMAGE) } : {},
      imageBuilds: options.imageBuilds?._renamed((image) => cache.image(image)),
      kubernetesSettings: cache._jobImages(
        manager.version, { ...options.warmCapacity ? { autoscaler: {} } : {}, ...options.kubernetesSettings }, nodeSelector,
      ),
    } : options;
  }

  /** The pool that is given, else the cluster's for jobs, unless the labels name another one. */
  private poolOf({ nodePool, nodeSelector: given = {} }: JoinedRunnerOptions): IAksNodePool | undefined {
    const pool = nodePool ?? this._cluster.jobNodePool;
    const { nodeSelector = {}, nodePoolName } = pool ?? {};
    const isOther = (label: string): boolean => known(given[label]) && given[label] !== nodeSelector[label];
    if (nodePool === undefined && POOL_LABELS.some(isOther)) {
      return undefined;
    }
    const label = Object.keys(nodeSelector).find(isOther);
    if (label !== undefined && known(nodeSelector[label])) {
      throw new ValidationError(this, {
        prop: `nodeSelector[${JSON.stringify(label)}]`, problem: `no node of the pool ${nodePoolName} has it: there it is ${nodeSelector[label]}`, got: given[label],
        remedy: 'leave it out, or give another nodePool',
      });
    }
    return pool;
  }

  /** The token with what the chart needs to mount it; vaults are opened to the manager. */
  private resolveToken(path: string, options: JoinedRunnerOptions): ResolvedToken {
    const source = options.token?._source ?? { kind: 'gitlab' };
    const waitsFor: ITerraformDependable[] = [];
    const resolved = this.resolveSource(path, options, source, waitsFor);
    refuseSecondCertificate(this, resolved, this.manager);
    return { source: resolved, waitsFor };
  }

  private resolveSource(path: string, options: JoinedRunnerOptions, source: TokenSource, waitsFor: ITerraformDependable[]): TokenSource {
    switch (source.kind) {
      case 'gitlab': {
        const description = options.description ?? defaultDescription(path);
        this.instanceWide ||= options.runnerScope?._owner === undefined;
        const request = this.gitlab.requestRunnerToken(runnerName(path), { ...gitlabOptions(options), description });
        waitsFor.push(...request.ready);
        return this.access.toVault({
          kind: 'vault',
          keyVaultName: request.keyVaultName,
          keyVaultId: request.keyVaultId,
          tenantId: request.tenantId,
          secretName: request.tokenSecretName,
          caSecretName: request.caSecretName,
        }, this.gitlab);
      }
      case 'vault':
        return this.access.toVault(source);
      case 'registration':
        return { ...source, token: this.resolveSource(path, options, source.token, waitsFor) };
      default:
        return source;
    }
  }

  private withSecrets(plan: RunnerPlan, { token, runnerScope }: JoinedRunnerOptions): RunnerPlan {
    if (Object.keys(plan.environmentSecrets).length > 0 && (token?._source.kind ?? 'gitlab') === 'gitlab' && runnerScope?._owner === undefined) {
      warn(this, 'grants-to-all-projects', {
        prop: 'environmentSecrets', reason: 'the runner serves the whole instance, so anybody who can create a project on the server can read these secrets',
        remedy: 'set runnerScope to a group or project',
      });
    }
    return { ...plan, environmentSecrets: this.access.toSecrets(plan.environmentSecrets) };
  }

  /** The cache as a chart knows it, and the account that the manager needs a role on. */
  private resolveCache(source: CacheSource): { source: CacheSource; accountId?: string; ready?: ITerraformDependable[] } {
    if (source.kind === 'new') {
      const { accountName, containerName, accountId, ready } = new BlobCache(this, 'Cache', this._cluster, source.options);
      const options = {
        storageAccountName: accountName, containerName, shared: source.options.shared ?? true, storageDomain: this.hosts.blobStorage,
      };
      return { source: { kind: 'existing', options }, accountId, ready };
    }
    if (source.kind === 's3' || source.kind === 'gcs') {
      return { source: { ...source, secrets: this.access.toSecrets(source.secrets) } };
    }
    if (source.kind !== 'existing') {
      return { source };
    }
    const { options } = source;
    return {
      source: { ...source, options: { ...options, storageDomain: options.storageDomain ?? this.hosts.blobStorage } },
      accountId: options.storageAccountId,
    };
  }

  /** Makes the release wait for a token and for those who may read it. */
  private join(token: ResolvedToken): void {
    const { identityIfNeeded: identity } = this.access;
    if (identity) {
      this.chart._addManagerIdentity(identity.serviceAccountAnnotations, identity.podLabels);
    }
    this.release.waitFor(...token.waitsFor, ...identity?.ready ?? []);
  }
}

interface ResolvedToken {
  readonly source: TokenSource;
  readonly waitsFor: ITerraformDependable[];
}

/** The address is that of a GitLab that this library makes; others are known by their URL. */
function gitLabEnd(gitlab: IGitLab): GitLabEnd {
  const prop = gitlab.hasPrivateAddress ? 'privateIpAddress' : 'publicIpAddress';
  const ipAddress = prop in gitlab ? String((gitlab as unknown as { [name: string]: unknown })[prop]) : undefined;
  return { gitlabUrl: gitlab.gitlabUrl, caCertificate: gitlab.caCertificate, ipAddress };
}

/** Where the cluster's traffic comes from: pods leave for a private address with that of their node, and for the Internet with the cluster's. */
function sourceAddresses(gitlab: IGitLab, cluster: IAksCluster): string[] | undefined {
  if (gitlab.hasPrivateAddress) {
    const { nodeSubnetCidrs } = cluster;
    return nodeSubnetCidrs.length > 0 ? nodeSubnetCidrs : undefined;
  }
  return cluster.egressIpAddress ? [cluster.egressIpAddress] : undefined;
}

/** The runner that goes with a GitLab, whose patches are not the runner's. */
function sameMinorVersion({ gitlabVersion }: IGitLab): GitLabVersion | undefined {
  return gitlabVersion && GitLabVersion.minor(gitlabVersion._minorVersion);
}

function gracefulStop(maximumTimeoutSeconds: number | undefined): number {
  const timeout = known(maximumTimeoutSeconds) ? maximumTimeoutSeconds : 0;
  return Math.min(Math.max(LEAST_GRACE_SECONDS, timeout + GRACE_MARGIN_SECONDS), LONGEST_GRACE_SECONDS);
}
