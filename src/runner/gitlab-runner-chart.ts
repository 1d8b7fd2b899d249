import { createHash } from 'crypto';
import { ApiObject, ApiObjectProps, Chart, JsonPatch, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { JobNetwork } from './job-network';
import { configToml, ConfiguredRunner, featureFlags, METRICS_PORT } from './private/config-toml';
import { checkGitLabIsKnown, warnOfJobsBeyondPolicy, warnOfNetwork } from './private/job-network-checks';
import { JobNetworkPlan } from './private/job-network-plan';
import { jobNetworkPolicy } from './private/job-network-policy';
import { jobSettings, placed } from './private/job-settings';
import { KubeNetworkPolicyProps, Plain } from './private/kubernetes-types';
import { checkManager, DEFAULT_RUNNER_VERSION, JOB_ACCOUNT, MANAGER_ACCOUNT, scraperNamespace } from './private/manager-checks';
import { managerDeployment, TEMPLATE } from './private/manager-pod';
import { checkManagerIsOutOfReach } from './private/overwrites';
import { beyondBaseline } from './private/pod-security';
import { checkText } from './private/prop-checks';
import { needsClusterRole, PolicyRule, policyRules } from './private/rbac';
import { checkCache, checkCertificate, checkGitLabUrl, checkRunner, checkToken } from './private/runner-checks';
import { warnOfRisks } from './private/runner-warnings';
import { Settings } from './private/settings-checks';
import { CONFIG_MAP_PATH, TokenMounts } from './private/token-mounts';
import { RunnerManagerOptions } from './runner-manager';
import { RunnerOptions } from './runner-options';
import { RunnerToken } from './runner-token';
import { assetTexts } from '../assets';
import { GitLabVersion } from '../gitlab/gitlab-version';
import { checkGiven, known } from '../private/checks';
import { fingerprint } from '../private/terraform-text';
import { ValidationError } from '../private/validation-error';
import { warn } from '../warnings/private/warn';

/** One entry of the manager's list of runners, with its token. */
export interface ChartRunnerOptions extends RunnerOptions {
  /** Where the runner's authentication token comes from. */
  readonly token: RunnerToken;
}

/** What a manager and its first runner are made of. */
export interface GitLabRunnerChartProps extends RunnerManagerOptions, ChartRunnerOptions {
  /** GitLab's address without a final slash; anything but http and https is refused, and http gives a warning. */
  readonly gitlabUrl: string;

  /**
   * The certificate of the authority that signed GitLab's, PEM; anything else is refused. The system's authorities stay trusted.
   * @default - none
   */
  readonly caCertificate?: string;
}

const DEFAULT_NAMESPACE = 'gitlab-runner';
// no user of a node has it, unlike the 100 of GitLab's alpine image.
const DEFAULT_MANAGER_USER_ID = 65532;
const DEFAULT_GRACEFUL_STOP_SECONDS = 3600;
// roles in Azure take up to ten minutes to spread, and until then the driver cannot mount the token.
const START_SECONDS = 900;
const BOOT_JOB_SECONDS = 300;
const LONGEST_START_SECONDS = 7000;
const IMAGE = 'registry.gitlab.com/gitlab-org/gitlab-runner';
const NAME = 'gitlab-runner';
const POD_SECURITY = 'pod-security.kubernetes.io/enforce';

/**
 * GitLab Runner on Kubernetes: one manager, and a pod for each job. A chart of plain Kubernetes objects, for any cluster and any way to
 * apply them; `KubernetesGitLabRunner` joins it with a GitLab and an AKS cluster.
 *
 * It makes namespaces, service accounts, a role with what the features in use need, a ConfigMap, the Deployment, a NetworkPolicy that closes the
 * manager to other pods, and one for the network of the jobs. Needs Kubernetes 1.29 or later.
 *
 * @see https://docs.gitlab.com/runner/executors/kubernetes/
 * @example
 * const chart = new GitLabRunnerChart(new cdk8s.App(), 'runner', {
 *   gitlabUrl: 'https://gitlab.example.com',
 *   token: RunnerToken.kubernetesSecret('runner-token'),
 * });
 * cluster.addCdk8sChart('Runner', chart);
 */
export class GitLabRunnerChart extends Chart {
  /** The manager's service account. */
  public readonly managerServiceAccountName: string;

  /** The jobs' service account. */
  public readonly jobServiceAccountName: string;

  /** The namespace of the manager. */
  public readonly managerNamespace: string;

  /** The namespace of the jobs' pods. */
  public readonly jobNamespace: string;

  /** How long the manager may take to become ready, in seconds. */
  public readonly startTimeoutSeconds: number;

  private readonly manager: GitLabRunnerChartProps;
  private readonly version: GitLabVersion;
  private readonly jobNetwork: JobNetworkPlan;
  private readonly secrets: TokenMounts;
  private readonly runners: ConfiguredRunner[] = [];
  private readonly managerServiceAccount: ApiObject;
  private readonly managerPodLabels: { [name: string]: string };
  private readonly jobServiceAccount: ApiObject;
  private jobNamespaceObject?: ApiObject;
  private roles: ApiObject[] = [];
  private pausePriority?: ApiObject;
  private rendered?: { [name: string]: string };
  private readonly jobPodLabels: { [name: string]: string };

  constructor(scope: Construct, id: string, props: GitLabRunnerChartProps) {
    super(scope, id, { namespace: props?.namespace ?? DEFAULT_NAMESPACE, labels: { 'app.kubernetes.io/name': NAME } });
    checkGiven({ where: this, prop: 'props' }, props);
    checkManager(this, props);
    checkGitLabUrl(this, props.gitlabUrl);
    checkCertificate(this, props.caCertificate);
    checkCache(this, props.cache, false);
    this.jobNetwork = (props.jobNetwork ?? JobNetwork.internet())._plan;
    checkGitLabIsKnown(this, this.jobNetwork, props.gitlabUrl);

    this.manager = props;
    this.version = props.runnerVersion ?? DEFAULT_RUNNER_VERSION;
    this.managerNamespace = props.namespace ?? DEFAULT_NAMESPACE;
    this.jobNamespace = props.jobNamespace ?? this.managerNamespace;
    this.managerServiceAccountName = props.managerServiceAccount?.name ?? MANAGER_ACCOUNT;
    this.jobServiceAccountName = props.jobServiceAccount?.name ?? JOB_ACCOUNT;
    this.managerPodLabels = { ...props.managerServiceAccount?.podLabels };
    this.jobPodLabels = { ...props.jobServiceAccount?.podLabels };
    this.startTimeoutSeconds = startTimeout(props);
    this.secrets = new TokenMounts(this, NAME, props.gitlabUrl);

    this.createNamespaces();
    this.managerServiceAccount = this.createServiceAccount('ServiceAccount', this.managerServiceAccountName, this.managerNamespace,
      props.managerServiceAccount?.annotations);
    this.jobServiceAccount = this.createServiceAccount('JobServiceAccount', this.jobServiceAccountName, this.jobNamespace,
      props.jobServiceAccount?.annotations);
    this.createConfigMap();
    this.createDeployment();
    this.createNetworkPolicy();
    this.createJobNetworkPolicy();
    this.createPodMonitor();

    warnOfNetwork(this, this.jobNetwork, props.gitlabUrl);
    if (known(props.createNamespaces) && !props.createNamespaces) {
      warn(this, 'existing-namespaces', {
        prop: 'createNamespaces', reason: 'nothing here sets the Pod Security level of the namespaces, and whatever else is in them lives beside the jobs',
        remedy: 'give them a level yourself and nothing else to hold, or leave it out',
      });
    }
    if (props.gitlabUrl.startsWith('http:')) {
      warn(this, 'plain-http', {
        prop: 'gitlabUrl', reason: 'plain HTTP lets everybody on the way read tokens and sources', remedy: 'use HTTPS if GitLab has it',
      });
    }
    this.addRunner(id, props);
  }

  /**
   * Adds a runner to the manager: other tags, other pods, a token of its own.
   * @param id its name in the manager's log; one that is taken is refused.
   * @example
   * runner.chart.addRunner('Big', { token: RunnerToken.kubernetesSecret('big-runner-token') });
   */
  public addRunner(id: string, options: ChartRunnerOptions): void {
    checkGiven({ where: this, prop: 'id' }, id);
    checkText({ where: this, prop: 'id' }, id);
    checkGiven({ where: this, prop: 'options' }, options);
    if (this.runners.some((runner) => runner.name === id)) {
      throw new ValidationError(this, { prop: 'id', problem: 'a runner of that name is there', got: id, remedy: 'take another' });
    }
    checkRunner(this, options);
    checkToken(this, options.token, false);
    const settings = jobSettings(this, options, this.version);
    checkManagerIsOutOfReach(this, options.kubernetesSettings ?? {}, {
      name: this.managerServiceAccountName, namespace: this.managerNamespace, jobNamespace: this.jobNamespace,
    });
    this.createPausePriority(settings);
    this.rendered = undefined;
    this.runners.push({
      name: id,
      url: this.manager.gitlabUrl,
      secrets: this.secrets.add(options.token._source),
      certificate: this.manager.caCertificate ? `${CONFIG_MAP_PATH}/ca.pem` : undefined,
      options,
      settings,
    });
    this.createRoles();
    this.labelJobNamespace();
    warnOfRisks(this, options, settings);
    warnOfJobsBeyondPolicy(this, this.jobNetwork, settings);
    this.warnOfConcurrency();
  }

  /** @internal */
  public _addManagerIdentity(annotations: { [name: string]: string }, podLabels: { [name: string]: string }): void {
    Object.entries(annotations).forEach(([name, value]) => this.managerServiceAccount.metadata.addAnnotation(name, value));
    Object.assign(this.managerPodLabels, podLabels);
  }

  /** @internal */
  public _addJobIdentity(annotations: { [name: string]: string }, podLabels: { [name: string]: string }): void {
    Object.entries(annotations).forEach(([name, value]) => this.jobServiceAccount.metadata.addAnnotation(name, value));
    Object.assign(this.jobPodLabels, podLabels);
    this.rendered = undefined;
  }

  private createNamespaces(): void {
    if (this.manager.createNamespaces ?? true) {
      this.jobNamespaceObject = this.createClusterObject('Namespace', {
        apiVersion: 'v1', kind: 'Namespace', metadata: { name: this.managerNamespace, labels: { [POD_SECURITY]: 'restricted' } },
      });
      if (this.managerNamespace !== this.jobNamespace) {
        this.jobNamespaceObject = this.createClusterObject('JobNamespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: this.jobNamespace } });
      }
    }
  }

  /** The strictest level that lets all runners' pods in. */
  private labelJobNamespace(): void {
    const level = this.runners.some((runner) => beyondBaseline(runner.settings).length > 0) ? 'privileged' : 'baseline';
    this.jobNamespaceObject?.metadata.addLabel(POD_SECURITY, level);
  }

  private createServiceAccount(id: string, name: string, namespace: string, annotations: { [name: string]: string } | undefined): ApiObject {
    return new ApiObject(this, id, {
      apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, annotations }, automountServiceAccountToken: false,
    });
  }

  /** A role for the jobs' namespace, or for all where jobs bring their own; a runner that is added later may change that. */
  private createRoles(): void {
    const kind = needsClusterRole(this.features) ? 'ClusterRole' : 'Role';
    if (this.roles[0]?.kind === kind) {
      return;
    }
    this.roles.forEach((role) => this.node.tryRemoveChild(role.node.id));
    const apiGroup = 'rbac.authorization.k8s.io';
    const apiVersion = `${apiGroup}/v1`;
    const name = kind === 'Role' ? NAME : `${NAME}-${this.managerNamespace}`;
    const create = (id: string, props: ApiObjectProps) => kind === 'Role'
      ? new ApiObject(this, id, { ...props, metadata: { name, namespace: this.jobNamespace } })
      : this.createClusterObject(id, { ...props, metadata: { name } });
    this.roles = [
      create('Role', { apiVersion, kind, rules: Lazy.any({ produce: (): PolicyRule[] => policyRules(this.features) }) }),
      create('RoleBinding', {
        apiVersion,
        kind: `${kind}Binding`,
        roleRef: { apiGroup, kind, name },
        subjects: [{ kind: 'ServiceAccount', name: this.managerServiceAccountName, namespace: this.managerNamespace }],
      }),
    ];
  }

  private createConfigMap(): void {
    new ApiObject(this, 'ConfigMap', {
      apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: NAME }, data: Lazy.any({ produce: () => this.configMapData }),
    });
  }

  private createDeployment(): void {
    const { manager } = this;
    new ApiObject(this, 'Deployment', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: NAME },
      spec: Lazy.any({
        produce: () => managerDeployment({
          image: manager.managerImage ?? `${IMAGE}:alpine-v${this.version.version}`,
          userId: manager.managerUserId ?? DEFAULT_MANAGER_USER_ID,
          resources: manager.managerResources,
          serviceAccountName: this.managerServiceAccountName,
          configMapName: NAME,
          secretVolumes: this.secrets.volumes,
          systemId: this.systemId,
          selector: this.selector,
          podLabels: this.managerPodLabels,
          checksum: fingerprint(JSON.stringify([this.configMapData, this.secrets.contents])),
          gracefulStopSeconds: manager.gracefulStopSeconds ?? DEFAULT_GRACEFUL_STOP_SECONDS,
          startSeconds: this.startTimeoutSeconds,
          bootVerify: manager.bootVerify ?? false,
        }),
      }),
    });
  }

  /** Metrics come with lists of jobs and profiles of the process, which are none of the jobs' business. */
  private createNetworkPolicy(): void {
    const scraper = scraperNamespace(this, this.manager, [this.managerNamespace, this.jobNamespace]);
    const from = scraper === undefined ? [] : [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': scraper } } }];
    const spec: Plain<KubeNetworkPolicyProps['spec']> = {
      podSelector: { matchLabels: this.selector },
      policyTypes: ['Ingress'],
      ingress: from.length > 0 ? [{ from, ports: [{ port: METRICS_PORT, protocol: 'TCP' }] }] : [],
    };
    new ApiObject(this, 'NetworkPolicy', { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: NAME }, spec });
  }

  /** Of the jobs' pods: whom they reach, and that nobody reaches them. */
  private createJobNetworkPolicy(): void {
    const spec = jobNetworkPolicy(this.jobNetwork, this.manager.gitlabUrl);
    if (spec) {
      const metadata = { name: `${NAME}-jobs`, namespace: this.jobNamespace };
      new ApiObject(this, 'JobNetworkPolicy', { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec });
    }
  }

  private createPodMonitor(): void {
    if (this.manager.podMonitor) {
      new ApiObject(this, 'PodMonitor', {
        apiVersion: this.manager.podMonitor,
        kind: 'PodMonitor',
        metadata: { name: NAME },
        spec: { selector: { matchLabels: this.selector }, podMetricsEndpoints: [{ port: 'metrics', path: '/metrics' }] },
      });
    }
  }

  /** Pause pods have to rank below jobs; the runner's own class for them would need rights in the whole cluster. */
  private createPausePriority(settings: Settings): void {
    const { autoscaler } = settings;
    if (!autoscaler || autoscaler.pause_pod_priority_class_name !== undefined) {
      return;
    }
    const name = `${NAME}-pause-${this.managerNamespace}`;
    settings.autoscaler = { ...autoscaler, pause_pod_priority_class_name: name };
    this.pausePriority ??= this.createClusterObject('PausePriority', {
      apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value: -1, description: 'Pods that keep room for CI jobs.',
    });
  }

  /** An object without a namespace, which cdk8s would give it. */
  private createClusterObject(id: string, props: ApiObjectProps): ApiObject {
    const object = new ApiObject(this, id, props);
    object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
    return object;
  }

  private warnOfConcurrency(): void {
    const { concurrent } = this.manager;
    if (known(concurrent) && this.runners.length === concurrent + 1) {
      warn(this, 'too-few-concurrent-jobs', {
        prop: 'concurrent', reason: `${concurrent} is less than the number of runners, so that some wait for others`, remedy: 'raise it',
      });
    }
  }

  private get features(): { flags: { [name: string]: boolean }; settings: Settings }[] {
    return this.runners.map(({ options, settings }) => ({ flags: featureFlags(options), settings }));
  }

  private get selector(): { [name: string]: string } {
    return { 'app.kubernetes.io/name': NAME };
  }

  /** What GitLab tells managers of one runner apart by: the same at every start, so that it lists one. */
  private get systemId(): string {
    // a namespace that only the apply knows has another name at each synthesis.
    const namespace = known(this.managerNamespace) ? this.managerNamespace : '';
    return `s_${createHash('sha256').update(`${namespace}/${this.node.path}`).digest('hex').slice(0, 12)}`;
  }

  /** Rendered once for each change: a synthesis asks for it several times. */
  private get configMapData(): { [name: string]: string } {
    return this.rendered ??= this.renderConfigMap();
  }

  private renderConfigMap(): { [name: string]: string } {
    const placement = {
      namespace: this.jobNamespace,
      serviceAccountName: this.jobServiceAccountName,
      podLabels: this.jobPodLabels,
    };
    const runners = this.runners.map((runner) => ({ ...runner, settings: placed(runner.settings, placement) }));
    return {
      [TEMPLATE]: configToml(this.manager, runners, this.manager.cache?._source ?? { kind: 'none' }),
      ...assetTexts('runner'),
      ...this.secrets.registrations,
      ...this.manager.caCertificate ? { 'ca.pem': this.manager.caCertificate } : {},
    };
  }
}

function startTimeout(props: GitLabRunnerChartProps): number {
  if (!props.bootVerify) {
    return START_SECONDS;
  }
  const wait = known(props.pollTimeoutSeconds) ? props.pollTimeoutSeconds : 0;
  return Math.min(START_SECONDS + Math.max(START_SECONDS, wait + BOOT_JOB_SECONDS), LONGEST_START_SECONDS);
}
