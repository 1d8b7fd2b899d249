import { AlertReceiver } from './alert-receiver';
import { IAksCluster } from '../aks/cluster';
import { AzureResourceGroup } from '../azure/azure-resource-group';
import { SelfHostedGitLab } from '../gitlab/self-hosted-gitlab';
import { KubernetesGitLabRunner } from '../runner/kubernetes-gitlab-runner';

/** Properties of `PlatformAlerts`. */
export interface PlatformAlertsProps {
  /** The server to watch. */
  readonly gitlab: SelfHostedGitLab;

  /**
   * The cluster to watch.
   * @default - none: only the server is watched
   */
  readonly cluster?: IAksCluster;

  /**
   * Up to 20 runners whose metrics Azure's managed Prometheus collects, for alerts on managers, waiting and failing jobs, and node pools
   * that cannot grow. They have to be on `cluster`, an `AksCluster` of this program, which gets Azure's metrics add-on in place. Azure
   * bills what is collected.
   * @see https://learn.microsoft.com/azure/azure-monitor/metrics/prometheus-metrics-overview
   * @default - none: no metrics are collected
   */
  readonly runners?: KubernetesGitLabRunner[];

  /**
   * Whether GitLab's own Prometheus sends a few of its metrics to Azure, and the server those of its disks, backups, certificate,
   * migrations, updates and waiting jobs, for alerts on these. Nothing is installed. Azure bills what is collected. GitLab's Prometheus is
   * off where memory is low.
   * @see https://docs.gitlab.com/administration/monitoring/prometheus/
   * @default false
   */
  readonly serverMetricsEnabled?: boolean;

  /** Whom alerts are sent to, at least one. `AlertReceiver.owners()` needs nobody's confirmation. */
  readonly receivers: AlertReceiver[];

  /**
   * How much the platform may cost in a month, at least 1, in the currency of the billing account. An alert is sent at 80 %, at 100 %, and
   * when Azure forecasts 100 %; nothing is stopped. Everything counts that is in the resource groups of the server, the cluster, its nodes
   * and the alerts. The cluster must be in the server's subscription.
   * @see https://learn.microsoft.com/azure/cost-management-billing/costs/tutorial-acm-create-budgets
   * @default - no budget
   */
  readonly monthlyBudget?: number;

  /**
   * Whether Azure asks GitLab for its sign-in page every five minutes from three places of the world. Needs a GitLab that the Internet
   * reaches.
   * @see https://learn.microsoft.com/azure/azure-monitor/app/availability
   * @default - true if the web ports are open to everybody or GitLab is behind Front Door
   */
  readonly outsideTestEnabled?: boolean;

  /**
   * Whether Azure tests that GitLab's certificate is trusted, and valid for 14 more days. Needs `outsideTestEnabled`.
   * @see https://learn.microsoft.com/azure/azure-monitor/app/availability
   * @default - true for a certificate of Let's Encrypt for your own domain, one from a Key Vault, and that of a proxy
   */
  readonly certificateTestEnabled?: boolean;

  /**
   * The resource group for the alerts of the server. Those of the cluster are in the cluster's.
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/overview#resource-groups
   * @default - a new one, with a name made from the construct's path
   */
  readonly resourceGroup?: AzureResourceGroup;

  /**
   * Tags for all resources that support them. At most 50, names up to 512 characters, values up to 256.
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
   * @default - the server's
   */
  readonly tags?: { readonly [name: string]: string };
}
