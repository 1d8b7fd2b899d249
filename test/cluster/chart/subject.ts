// A manager that is looked at: this package's or the chart's.
import { officialChart, OFFICIAL_CHART_LABEL, OfficialChartValues, tokenSecret } from './official-chart';
import { ManagerOptions, MANAGER_LABEL, Platform } from '../harness/platform';

/** What the other tests shorten is here as users get it. */
const AT_DEFAULTS: ManagerOptions = {
  buildResources: undefined, helperResources: undefined, serviceResources: undefined, managerResources: undefined,
  podTerminationGracePeriodSeconds: undefined, cleanupGracePeriodSeconds: undefined, checkIntervalSeconds: undefined,
  kubernetesSettings: { poll_interval: 3 },
  // as it is where jobs run on a node pool of an AksCluster
  podDisruptionBudgetEnabled: true,
};

export abstract class Subject {
  abstract readonly title: string;
  abstract readonly namespace: string;
  /** The label of the manager's pods; all others are jobs'. */
  abstract readonly label: string;
  token = '';

  constructor(protected readonly platform: Platform, protected readonly image: string) {}

  /** Makes the manager, with a token that GitLab knows. */
  abstract install(): Promise<void>;
  /** Puts another token where its users put it. */
  abstract giveToken(token: string): Promise<void>;

  /** GitLab forgets the token and knows another, which the manager is given. */
  async rotate(give: (token: string) => Promise<void> = (token) => this.giveToken(token)): Promise<void> {
    const old = this.token;
    this.token = `${old}-2`;
    this.platform.gitlab.addRunner(this.token);
    await give(this.token);
    this.platform.gitlab.replaceRunner(old, this.token);
  }

  /** The manager's pods that have not been told to end. */
  async managers(): Promise<any[]> {
    return (await this.platform.list(this.namespace, 'pods', this.label)).filter(({ metadata }) => !metadata.deletionTimestamp);
  }

  async jobs(): Promise<any[]> {
    return this.platform.list(this.namespace, 'pods', this.label.replace('=', '!='));
  }
}

export class Ours extends Subject {
  readonly title = 'this package';
  readonly namespace = 'ours';
  readonly label = MANAGER_LABEL;

  async install(): Promise<void> {
    this.token = (await this.platform.install(this.namespace, { ...AT_DEFAULTS, managerImage: this.image })).token;
  }

  async giveToken(token: string): Promise<void> {
    this.platform.writeToken(this.namespace, token);
  }
}

export class Chart extends Subject {
  readonly title = 'the chart';
  readonly namespace = 'chart';
  readonly label = OFFICIAL_CHART_LABEL;

  async install(): Promise<void> {
    this.token = 'glrt-chart';
    this.platform.gitlab.addRunner(this.token);
    await this.giveToken(this.token);
  }

  /** `helm upgrade` with another `runnerToken`. */
  async giveToken(runnerToken: string): Promise<void> {
    for (const object of officialChart(this.values(runnerToken))) {await this.platform.cluster.api.apply(object);}
  }

  /** What something else than Helm does that keeps the Secret up to date. */
  async writeSecret(runnerToken: string): Promise<void> {
    await this.platform.cluster.api.apply(tokenSecret(this.values(runnerToken)));
  }

  private values(runnerToken: string): OfficialChartValues {
    const { platform: { gitlab, cluster }, namespace, image } = this;
    return { namespace, gitlabUrl: gitlab.url, runnerToken, certificate: cluster.authority.certificate, image };
  }
}
