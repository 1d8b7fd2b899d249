import { Release, ReleaseSetSensitive } from '@cdktf/provider-helm/lib/release';
import { ITerraformDependable, TerraformLocal } from 'cdktf';
import { Construct } from 'constructs';
import { IKubernetesCluster } from './kubernetes-cluster';
import { checkClusterObjects } from './private/cluster-objects';
import { aCluster } from './private/cluster-rule';
import { chartName, chartRepository, chartVersion, OTHER_NAMES_OF_HELM_RELEASE, refuseLocalNames } from './private/helm-chart-rules';
import { helmProvider } from './private/helm-provider';
import { nested, pathsInValues } from './private/helm-value-paths';
import { plainData, sensitiveValues } from './private/helm-value-rules';
import { terraformData } from './private/manifest-values';
import { checkReleaseOrder } from './private/release-order';
import { ALL_OR_NOTHING, DEFAULT_TIMEOUT_SECONDS } from './private/release-policy';
import { secretsInValues } from './private/secrets-in-releases';
import { dnsLabel, RELEASE_NAME_LENGTH, releaseName } from '../kubernetes/private/rules';
import { constructId } from '../private/construct-id';
import { defaultName } from '../private/default-name';
import { refuseNodeDependencies, waitFor } from '../private/dependencies';
import { cleanManifestFiles } from '../private/manifest-folder';
import { required, Rules, takeProps, takeValue } from '../private/rules/rule';
import { integer } from '../private/rules/scalars';
import { checkStack } from '../private/stack-check';
import { templateText } from '../private/terraform-text';
import { ValidationError } from '../private/validation-error';
import { warn } from '../warnings/private/warn';

const DEFAULT_NAMESPACE = 'default';

/** Options for installing a Helm chart from a repository or an OCI registry. */
export interface HelmReleaseOptions {
  /** The chart's name in the repository. */
  readonly chart: string;

  /** The repository's URL: `https://…`, or `oci://…` for a registry. */
  readonly repository: string;

  /**
   * The chart's version: an exact one, or a range such as `~0.86`. Only an exact version gives the same installation every time.
   * @default - the latest version at the first apply; later applies may install a newer one
   */
  readonly version?: string;

  /**
   * The release's name: at most 53 lower-case letters, digits, hyphens and dots. Changing it uninstalls the release and installs it again.
   * @default - made from the construct's path
   */
  readonly releaseName?: string;

  /**
   * The namespace to install to, created if it does not exist. Changing it uninstalls the release and installs it again.
   * @default 'default'
   */
  readonly namespace?: string;

  /**
   * The chart's values. They are stored in the state and in the cluster, so secrets in them give a warning.
   * @default {}
   */
  readonly values?: { [key: string]: any };

  /**
   * Values that must not be displayed, by their path such as `runners.token`: references, for example to sensitive variables. They are
   * still stored in the state, which gives a warning.
   * @default {}
   */
  readonly sensitiveValues?: { [path: string]: string };

  /**
   * How long everything may take to become ready, in seconds, 30 to 7200. After that the release is rolled back and the apply fails.
   * @default 600
   */
  readonly timeoutSeconds?: number;
}

const HELM_RELEASE: Rules<HelmReleaseOptions> = {
  chart: required(chartName()),
  repository: required(chartRepository()),
  version: chartVersion(),
  releaseName: releaseName(),
  namespace: dnsLabel(),
  values: plainData(),
  sensitiveValues: sensitiveValues(),
  timeoutSeconds: integer(30, 7200),
};

/**
 * A Helm chart from a repository or an OCI registry, installed on a cluster: `helm repo add` and `helm install` in one. The apply waits
 * until everything is ready, and rolls back what fails.
 *
 * It belongs to the stack it is defined in, which need not be the cluster's.
 */
export class HelmRelease extends Construct {
  /** The resources that must be applied before the chart is installed and ready. */
  public readonly ready: ITerraformDependable[];

  private readonly release: Release;

  /**
   * Installs a chart on a cluster of this stack or of another one.
   * @param cluster the cluster to install the chart on. Its manifests must not be delivered as files.
   */
  constructor(scope: Construct, id: string, cluster: IKubernetesCluster, options: HelmReleaseOptions) {
    super(scope, constructId(new.target, scope, id));
    checkStack(this);
    takeValue(this, 'cluster', cluster, aCluster());
    const given = takeProps(this, 'options', options, HELM_RELEASE, refuseLocalNames, OTHER_NAMES_OF_HELM_RELEASE);
    cleanManifestFiles(this);
    const signIn = cluster.manifestDelivery._signIn;
    if (!signIn) {
      throw new ValidationError(this, {
        prop: 'cluster.manifestDelivery', problem: 'a Helm chart from a repository cannot be delivered this way',
        got: cluster.manifestDelivery._server ? 'throughServer()' : 'files()',
        remedy: 'use ManifestDelivery.helmRelease(), or give the chart to your GitOps tool',
      });
    }
    const sensitive = Object.entries(given.sensitiveValues ?? {});
    if (sensitive.length > 0) {
      warn(this, 'helm-values-in-state', {
        prop: 'sensitiveValues', reason: `the Terraform state holds ${sensitive.map(([path]) => path).join(', ')} readable`,
        remedy: 'restrict access to the state, or have the chart read a Key Vault',
      });
    }
    const paths = pathsInValues(given.values ?? {});
    if (paths.length > 0) {
      warn(this, 'paths-in-values', {
        prop: 'values', reason: `${paths.join(', ')}: --set reads dots as a path, and here they are part of a name that the chart may not know`, remedy: `write ${nested(paths[0])}`,
      });
    }
    const literal = secretsInValues(given.values ?? {}, this);
    if (literal.length > 0) {
      warn(this, 'secrets-in-release', {
        prop: 'values', reason: `${literal.join(', ')} ${literal.length > 1 ? 'look like secrets, and are' : 'looks like a secret, and is'} readable in the Terraform state`,
        remedy: 'have the chart read a Secret or a Key Vault that exists',
      });
    }

    const name = given.releaseName ?? defaultName(this, RELEASE_NAME_LENGTH);
    const namespace = given.namespace ?? DEFAULT_NAMESPACE;
    this.release = new Release(this, 'Resource', {
      provider: helmProvider(this, cluster, signIn),
      name,
      namespace,
      repository: given.repository,
      chart: given.chart,
      version: given.version,
      values: [this.values(given.values ?? {})],
      setSensitive: sensitive.length > 0 ? sensitive.map(sensitiveValue) : undefined,
      ...ALL_OR_NOTHING,
      timeout: given.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
    });
    waitFor(this.release, cluster.ready);
    checkReleaseOrder(cluster, {
      construct: this,
      release: this.release,
      namespace: () => namespace,
      makes: () => [],
    });
    checkClusterObjects({ construct: this, cluster, release: { name }, namespace: () => namespace, objects: () => [] });
    this.ready = [this.release];
    refuseNodeDependencies(this);
  }

  /** Makes the release wait for other resources. */
  public waitFor(...dependables: ITerraformDependable[]): void {
    waitFor(this.release, dependables);
  }

  /** An expression for the values; they stand in a local, where text needs no quoting of Terraform's. */
  private values(values: { [key: string]: any }): string {
    const local = new TerraformLocal(this, 'Values', terraformData(values));
    return `\${jsonencode(local.${local.friendlyUniqueId})}`;
  }
}

/** `literal`: Helm takes the text as it is; otherwise commas, braces and backslashes in a secret would mean something. */
function sensitiveValue([path, value]: [string, string]): ReleaseSetSensitive {
  return { name: templateText(path), value, type: 'literal' };
}
