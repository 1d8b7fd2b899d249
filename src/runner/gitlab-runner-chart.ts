import { createHash } from 'crypto';
import { ApiObject, Chart, Lazy } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { GitLabRunnerChartProps } from './gitlab-runner-chart-props';
import { scriptTexts } from '../assets';
import { cacheSecrets } from './cache/cache-source';
import { Settings } from './config/settings';
import { jobNetworkPolicy } from './job-network/job-network-policy';
import { warnOfJobsBeyondPolicy, warnOfNetwork } from './job-network/job-network-warnings';
import { environmentPatch } from './job-pod/environment-secrets';
import { refuseUnstartableJobs } from './job-pod/job-pod-rules';
import { placed } from './job-pod/job-settings';
import { beyondBaseline } from './job-pod/pod-security';
import { SecretKeys } from './manager/manager-environment';
import { managerNetworkPolicy, podMonitor, scraperNetworkPolicy } from './manager/manager-metrics';
import { ManagerPlan, planManager, refuseSecondCertificate } from './manager/manager-plan';
import { managerDeployment, TEMPLATE } from './manager/manager-pod';
import { AZURE_SCRAPER_NAMESPACE } from './manager/manager-ports';
import { ManagerRoles } from './manager/manager-roles';
import { RunnerFeatures } from './manager/rbac';
import { RunnerPodMonitor } from './manager/runner-manager';
import { clusterObject, serviceAccount } from './private/chart-objects';
import { CHART_RUNNER, GITLAB_RUNNER_CHART } from './private/chart-rules';
import { configToml, ConfiguredRunner, ManagerFiles } from './private/config-toml';
import { OTHER_NAMES_OF_RUNNER_CHART, OTHER_NAMES_OF_RUNNER_CHART_TOO } from './private/other-names';
import { ChartPlan, NamedRunner, planRunner } from './private/runner-plan';
import { chartToken } from './private/runner-rules';
import { warnOfCache, warnOfImageVersion, warnOfManagerEnvironment, warnOfRisks } from './private/runner-warnings';
import { RunnerOptions } from './runner-options';
import { RunnerToken } from './token/runner-token';
import { CONFIG_MAP_PATH, TokenMounts } from './token/token-mounts';
import { terminalService } from './web-terminal/web-terminal-service';
import { constructId } from '../private/construct-id';
import { takeProps, takeValue } from '../private/rules/rule';
import { text } from '../private/rules/scalars';
import { known } from '../private/rules/subject';
import { fingerprint } from '../private/terraform-text';
import { ValidationError } from '../private/validation-error';
import { warn } from '../warnings/private/warn';

const NAME = 'gitlab-runner';
/** As often as Azure itself asks what it always collects. */
const SCRAPE_SECONDS = 30;
const POD_SECURITY = 'pod-security.kubernetes.io/enforce';

/**
 * GitLab Runner on Kubernetes: one manager, and one pod per job. This is a chart of plain Kubernetes objects, for any cluster and any way
 * to apply them; `KubernetesGitLabRunner` combines it with a GitLab and an AKS cluster.
 *
 * It creates namespaces, service accounts, a role with the permissions that the enabled features need, a ConfigMap, the Deployment, a
 * NetworkPolicy that closes the manager to other pods, and one for the jobs' network. Needs Kubernetes 1.29 or later.
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
  /**
   * Builds what is planned, without a further check.
   * @internal
   */
  public static _of(scope: Construct, id: string, plan: ChartPlan): GitLabRunnerChart {
    return new GitLabRunnerChart(scope, id, plan as unknown as GitLabRunnerChartProps);
  }

  /** The name of the manager's service account. */
  public readonly managerServiceAccountName: string;

  /** The name of the jobs' service account. */
  public readonly jobServiceAccountName: string;

  /** The manager's namespace. */
  public readonly managerNamespace: string;

  /** The namespace of the jobs' pods. */
  public readonly jobNamespace: string;

  /** How long the manager may take to become ready, in seconds. */
  public readonly startTimeoutSeconds: number;

  private readonly manager: ManagerPlan;
  private readonly secrets: TokenMounts;
  private readonly runners: ConfiguredRunner[] = [];
  private files: ManagerFiles = { cache: {} };
  private environmentKeys: SecretKeys = {};
  private readonly managerServiceAccount?: ApiObject;
  private readonly managerPodLabels: { [name: string]: string };
  private readonly jobServiceAccount?: ApiObject;
  private jobNamespaceObject?: ApiObject;
  private readonly roles: ManagerRoles;
  private pausePriority?: ApiObject;
  private rendered?: { [name: string]: string };
  private readonly jobPodLabels: { [name: string]: string };

  constructor(scope: Construct, id: string, props: GitLabRunnerChartProps) {
    // cdk8s makes no chart without a scope.
    constructId(new.target, scope ?? null, id);
    const { manager, runner } = (props as unknown) instanceof ChartPlan ? props as unknown as ChartPlan : planChart(pathOf(scope, id), id, props);
    super(scope, id, { namespace: manager.namespace, labels: { 'app.kubernetes.io/name': NAME } });
    this.manager = manager;
    this.managerNamespace = manager.namespace;
    this.jobNamespace = manager.jobNamespace;
    this.managerServiceAccountName = manager.account.name;
    this.jobServiceAccountName = manager.jobAccount.name;
    this.managerPodLabels = { ...manager.account.podLabels };
    this.jobPodLabels = { ...manager.jobAccount.podLabels };
    this.startTimeoutSeconds = manager.startTimeoutSeconds;
    this.secrets = new TokenMounts(this, NAME, manager.gitlabUrl);
    this.roles = new ManagerRoles(this, NAME, manager);

    this.createNamespaces();
    this.managerServiceAccount = serviceAccount(this, 'ServiceAccount', manager.account, manager.namespace);
    this.jobServiceAccount = serviceAccount(this, 'JobServiceAccount', manager.jobAccount, manager.jobNamespace);
    this.createConfigMap();
    this.createDeployment();
    this.createDisruptionBudget();
    this.createTerminalService();
    new ApiObject(this, 'NetworkPolicy', managerNetworkPolicy(NAME, this.selector, manager));
    this.createJobNetworkPolicy();
    if (manager.podMonitor) {
      new ApiObject(this, 'PodMonitor', podMonitor(NAME, this.selector, manager, manager.podMonitor));
    }

    warnOfNetwork(this, manager.jobNetwork, manager.gitlabUrl);
    warnOfImageVersion(this, 'managerImage', manager.image, manager.version);
    warnOfManagerEnvironment(this, manager.podOptions.managerEnvironment);
    if (!manager.namespaceCreationEnabled) {
      warn(this, 'existing-namespaces', {
        prop: 'namespaceCreationEnabled', reason: 'nothing sets the Pod Security level of the namespaces, and anything else in them runs beside the jobs',
        remedy: 'set the level yourself and keep the namespaces for the runner alone, or leave it out',
      });
    }
    if (manager.gitlabUrl.startsWith('http:')) {
      warn(this, 'plain-http', {
        prop: 'gitlabUrl', reason: 'anybody on the network path can read tokens and source code over plain HTTP', remedy: 'use HTTPS if GitLab has it',
      });
    }
    warnOfCache(this, manager.cache);
    this._addRunner(runner);
    this.mountManagerSecrets();
  }

  /**
   * Adds a runner to the manager, with its own tags, pods and token.
   * @param id its name in the manager's log, unique among the manager's runners.
   * @param token where its authentication token comes from.
   * @returns the runner's name in the manager's log and metrics.
   * @example
   * runner.chart.addRunner('Big', RunnerToken.kubernetesSecret('big-runner-token'));
   */
  public addRunner(id: string, token: RunnerToken, options: RunnerOptions = {}): string {
    const name = takeValue(this, 'id', id, text('a name for the manager\'s log', /./));
    if (this.runners.some((runner) => runner.name === name)) {
      throw new ValidationError(this, { prop: 'id', problem: 'another runner has this name already', got: name, remedy: 'take another' });
    }
    const { _source: source } = takeValue(this, 'token', token, chartToken());
    const given = takeProps(this, 'options', options, CHART_RUNNER, refuseUnstartableJobs, OTHER_NAMES_OF_RUNNER_CHART_TOO);
    refuseSecondCertificate(this, source, this.manager);
    this._addRunner({ name, token: source, plan: planRunner(this, given, this.manager) });
    return name;
  }

  /**
   * Builds what is planned, without a further check.
   * @internal
   */
  public _addRunner(runner: NamedRunner): void {
    this.createPausePriority(runner.plan.pausePriorityClassName);
    this.rendered = undefined;
    const index = this.runners.length;
    const secrets = this.secrets.add(runner.token);
    this.runners.push({ ...runner, secrets, plan: { ...runner.plan, patches: [...runner.plan.patches, ...this.environmentPatches(runner, index)] } });
    this.roles.update(() => this.features);
    this.labelJobNamespace();
    warnOfRisks(this, runner);
    warnOfJobsBeyondPolicy(this, this.manager.jobNetwork, runner.plan.settings);
    warnOfImageVersion(this, 'kubernetesSettings.helper_image', runner.plan.settings.helper_image, this.manager.version);
    this.warnOfConcurrency();
  }

  /** @internal */
  public _addManagerIdentity(annotations: { [name: string]: string }, podLabels: { [name: string]: string }): void {
    Object.entries(annotations).forEach(([name, value]) => this.managerServiceAccount?.metadata.addAnnotation(name, value));
    Object.assign(this.managerPodLabels, podLabels);
  }

  /** @internal */
  public _addJobIdentity(annotations: { [name: string]: string }, podLabels: { [name: string]: string }): void {
    Object.entries(annotations).forEach(([name, value]) => this.jobServiceAccount?.metadata.addAnnotation(name, value));
    Object.assign(this.jobPodLabels, podLabels);
    this.rendered = undefined;
  }

  private createNamespaces(): void {
    if (this.manager.namespaceCreationEnabled) {
      this.jobNamespaceObject = clusterObject(this, 'Namespace', {
        apiVersion: 'v1', kind: 'Namespace', metadata: { name: this.managerNamespace, labels: { [POD_SECURITY]: 'restricted' } },
      });
      if (this.managerNamespace !== this.jobNamespace) {
        this.jobNamespaceObject = clusterObject(this, 'JobNamespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: this.jobNamespace } });
      }
    }
  }

  /** After the first runner's, whose volumes keep their names. */
  private mountManagerSecrets(): void {
    const { cache, caCertificate, caCertificateSecret, environmentSecrets, registryCredentials, sentryDsn } = this.manager;
    if (registryCredentials) {
      this.secrets.addRegistries(registryCredentials);
    }
    this.files = {
      certificate: caCertificateSecret ? `@copy:${this.secrets.addFile(caCertificateSecret, 'ca-certificate')}@` : caCertificate && `${CONFIG_MAP_PATH}/ca.pem`,
      cache: Object.fromEntries(Object.entries(cacheSecrets(cache)).map(([name, source]) => [name, this.secrets.addFile(source, `cache-${name.toLowerCase()}`)])),
      sentryDsn: sentryDsn && this.secrets.addFile(sentryDsn, 'sentry'),
    };
    this.environmentKeys = Object.fromEntries(Object.entries(environmentSecrets).map(([name, source], number) => [name, this.secrets.addKey(source, `variable-${number}`)]));
  }

  private environmentPatches({ plan: { environmentSecrets } }: NamedRunner, index: number): Settings[] {
    const variables = Object.entries(environmentSecrets);
    return variables.length === 0 ? [] : [environmentPatch(Object.fromEntries(
      variables.map(([name, source], number) => [name, this.secrets.addKey(source, `environment-${index}-${number}`)])))];
  }

  /** The strictest level that lets all runners' pods in. */
  private labelJobNamespace(): void {
    const level = this.runners.some((runner) => beyondBaseline(runner.plan.settings).length > 0) ? 'privileged' : 'baseline';
    this.jobNamespaceObject?.metadata.addLabel(POD_SECURITY, level);
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
          replicas: manager.replicas,
          image: manager.image,
          userId: manager.userId,
          resources: manager.resources,
          serviceAccountName: this.managerServiceAccountName,
          configMapName: NAME,
          secretVolumes: this.secrets.volumes,
          registriesVolume: this.secrets.registriesVolume,
          systemId: this.systemId,
          selector: this.selector,
          podLabels: this.managerPodLabels,
          checksum: fingerprint(JSON.stringify([this.configMapData, this.secrets.contents])),
          gracefulStopSeconds: manager.gracefulStopSeconds,
          startSeconds: manager.startTimeoutSeconds,
          bootVerificationEnabled: manager.bootVerificationEnabled,
          webTerminalEnabled: manager.webTerminal !== undefined,
          options: manager.podOptions,
          environmentSecrets: this.environmentKeys,
        }),
      }),
    });
  }

  /** One manager alone has none: it could not be drained. */
  private createDisruptionBudget(): void {
    if (this.manager.replicas > 1) {
      const spec = { maxUnavailable: 1, selector: { matchLabels: this.selector } };
      new ApiObject(this, 'DisruptionBudget', { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: NAME }, spec });
    }
  }

  private createTerminalService(): void {
    const { webTerminal } = this.manager;
    if (webTerminal) {
      new ApiObject(this, 'TerminalService', terminalService(webTerminal, NAME, this.selector));
    }
  }

  /** Of the jobs' pods: whom they reach, and that nobody reaches them. */
  private createJobNetworkPolicy(): void {
    const spec = jobNetworkPolicy(this.manager.jobNetwork, this.manager.gitlabUrl);
    if (spec) {
      const metadata = { name: `${NAME}-jobs`, namespace: this.jobNamespace };
      new ApiObject(this, 'JobNetworkPolicy', { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec });
    }
  }

  private createPausePriority(name: string | undefined): void {
    if (name !== undefined) {
      this.pausePriority ??= clusterObject(this, 'PausePriority', {
        apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value: -1, description: 'Pods that keep room for CI jobs.',
      });
    }
  }

  private warnOfConcurrency(): void {
    const { concurrent } = this.manager;
    if (known(concurrent) && this.runners.length === concurrent + 1) {
      warn(this, 'too-few-concurrent-jobs', {
        prop: 'concurrent', reason: `${concurrent} is less than the number of runners, so that some wait for others`, remedy: 'raise it',
      });
    }
  }

  /**
   * What lets Azure collect the manager's metrics beside what else does; nothing if the chart has that already.
   * @internal
   */
  public get _azureMetrics(): { [key: string]: any }[] {
    const name = `${NAME}-azure-metrics`;
    const { podMonitor: kind, scraperNamespace } = this.manager;
    const own = kind === RunnerPodMonitor.AZURE_MONITOR && scraperNamespace === AZURE_SCRAPER_NAMESPACE;
    return own ? [] : [
      scraperNetworkPolicy(name, this.selector, AZURE_SCRAPER_NAMESPACE),
      podMonitor(name, this.selector, { podMonitorIntervalSeconds: SCRAPE_SECONDS }, RunnerPodMonitor.AZURE_MONITOR),
    ];
  }

  private get features(): RunnerFeatures[] {
    const terminals = this.manager.webTerminal !== undefined;
    return this.runners.map(({ plan }) => ({ flags: plan.featureFlags, settings: plan.settings, terminals }));
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
      hostAliases: this.manager.podOptions.hostAliases,
    };
    const { caCertificate } = this.manager;
    return {
      [TEMPLATE]: configToml(this.manager, this.runners, (settings) => placed(settings, placement), this.files),
      ...scriptTexts('runner'),
      ...this.secrets.registrations,
      ...caCertificate ? { 'ca.pem': caCertificate } : {},
    };
  }
}

function planChart(where: IConstruct | string, id: string, props: GitLabRunnerChartProps): ChartPlan {
  const given = takeProps(where, 'props', props, GITLAB_RUNNER_CHART, refuseUnstartableJobs, OTHER_NAMES_OF_RUNNER_CHART);
  const manager = planManager(where, given, given, given.pollTimeoutSeconds);
  refuseSecondCertificate(where, given.token._source, manager);
  return new ChartPlan(manager, { name: id, token: given.token._source, plan: planRunner(where, given, manager) });
}

/** Where a construct will be: what cdk8s is told of a chart has to be checked before there is one. */
function pathOf(scope: Construct, id: string): string {
  return [scope.node.path, id].filter((part) => part !== '').join('/');
}
