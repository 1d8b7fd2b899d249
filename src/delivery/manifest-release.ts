import { Release } from '@cdktf/provider-helm/lib/release';
import { Chart } from 'cdk8s';
import {
  DefaultTokenResolver, IResolveContext, ITerraformDependable, Lazy, StringConcat, TerraformLocal, TerraformResource, Tokenization,
} from 'cdktf';
import { Construct } from 'constructs';
import { dump } from 'js-yaml';
import { assetTexts } from '../assets';
import { IKubernetesCluster } from './kubernetes-cluster';
import { cdk8sChart } from './private/chart-rule';
import { checkClusterObjects } from './private/cluster-objects';
import { aCluster } from './private/cluster-rule';
import { helmProvider } from './private/helm-provider';
import { checkManifest, checkTogether, madeNamespaces, Manifest } from './private/manifest-checks';
import { replaceTokens, terraformData, tokenHolders } from './private/manifest-values';
import { checkRecordSize } from './private/object-sizes';
import { checkReleaseOrder } from './private/release-order';
import { ALL_OR_NOTHING, DEFAULT_TIMEOUT_SECONDS } from './private/release-policy';
import { writtenSecrets } from './private/secrets-in-releases';
import { checkSize, serverRelease } from './server/server-release';
import { dnsLabel, RELEASE_NAME_LENGTH, releaseName } from '../kubernetes/private/rules';
import { constructId } from '../private/construct-id';
import { defaultName } from '../private/default-name';
import { refuseNodeDependencies, waitFor } from '../private/dependencies';
import { addManifestFile } from '../private/manifest-folder';
import { Rules, takeProps, takeValue } from '../private/rules/rule';
import { integer } from '../private/rules/scalars';
import { known } from '../private/rules/subject';
import { sharedAsset } from '../private/shared-asset';
import { checkStack } from '../private/stack-check';
import { ValidationError } from '../private/validation-error';
import { passWarningsOn, warn } from '../warnings/private/warn';

const FIRST_KINDS = ['Namespace', 'CustomResourceDefinition'];

/** Options for installing a chart's objects. */
export interface ManifestReleaseOptions {
  /**
   * The namespace for Helm's release record, and for objects without a namespace of their own. It is created if it does not exist, and
   * cannot be one that the chart itself creates. Changing it uninstalls everything and installs it again.
   * @default - the chart's namespace, or `default` if the chart has none or creates it itself
   */
  readonly namespace?: string;

  /**
   * The release's name as shown by `helm list`: at most 53 lower-case letters, digits, hyphens and dots. Changing it uninstalls everything
   * and installs it again.
   * @default - made from the construct's path
   */
  readonly releaseName?: string;

  /**
   * How long everything may take to become ready, in seconds, 30 to 7200. After that the release is rolled back and the apply fails.
   * @default 600
   */
  readonly timeoutSeconds?: number;
}

const MANIFEST_RELEASE: Rules<ManifestReleaseOptions> = {
  namespace: dnsLabel(),
  releaseName: releaseName(),
  timeoutSeconds: integer(30, 7200),
};

/**
 * One cdk8s chart, installed on one cluster by its `manifestDelivery`. Objects that are added to the chart later are included.
 *
 * It belongs to the stack it is defined in, which need not be the cluster's.
 */
export class ManifestRelease extends Construct {
  /** The resources that must be applied before the objects are installed and ready. Empty if only files are written. */
  public readonly ready: ITerraformDependable[];

  private readonly chart: Chart;
  private readonly releaseName: string;
  private readonly release?: TerraformResource;
  private made?: string[];
  private rendered?: { readonly nodes: number; readonly manifests: Manifest[] };

  /**
   * Puts a chart on a cluster of this stack or of another one.
   * @param cluster the cluster to put the chart on.
   * @param chart the cdk8s chart. Its root must be a `cdk8s.App`.
   */
  constructor(scope: Construct, id: string, cluster: IKubernetesCluster, chart: Chart, options: ManifestReleaseOptions = {}) {
    super(scope, constructId(new.target, scope, id));
    checkStack(this);
    takeValue(this, 'cluster', cluster, aCluster());
    this.chart = takeValue(this, 'chart', chart, cdk8sChart());
    const given = takeProps(this, 'options', options, MANIFEST_RELEASE);
    const { namespace } = given;
    passWarningsOn(this.chart, this);
    this.releaseName = given.releaseName ?? defaultName(this, RELEASE_NAME_LENGTH);

    this.release = this.createRelease(cluster, namespace, given.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS);
    if (this.release) {
      checkReleaseOrder(cluster, {
        construct: this,
        release: this.release,
        namespace: () => this.recordNamespace(namespace),
        makes: () => this.made ??= madeNamespaces(this.manifests()),
      });
    }
    this.ready = this.release ? [this.release] : [];
    checkClusterObjects({
      construct: this,
      cluster,
      release: this.release && { name: this.releaseName },
      namespace: () => this.recordNamespace(namespace),
      objects: () => this.manifests(),
    });
    this.node.addValidation({ validate: () => this.validate(cluster, namespace) });
    refuseNodeDependencies(this);
    addManifestFile(this, known(this.releaseName) ? this.releaseName : defaultName(this, RELEASE_NAME_LENGTH), () => this.yaml());
  }

  private createRelease(cluster: IKubernetesCluster, wanted: string | undefined, timeoutSeconds: number): TerraformResource | undefined {
    const { _signIn: signIn, _server: server } = cluster.manifestDelivery;
    const namespace = Lazy.stringValue({ produce: () => this.recordNamespace(wanted) });
    if (server) {
      return serverRelease(this, 'Delivery', { cluster, server, releaseName: this.releaseName, namespace, timeoutSeconds, manifests: `${this.values()}.manifests` });
    }
    if (!signIn) {
      return undefined;
    }
    const release = new Release(this, 'Resource', {
      provider: helmProvider(this, cluster, signIn),
      name: this.releaseName,
      namespace,
      chart: manifestsChart(this),
      values: [`\${jsonencode(${this.values()})}`],
      ...ALL_OR_NOTHING,
      timeout: timeoutSeconds,
    });
    waitFor(release, cluster.ready);
    return release;
  }

  /** Makes the release wait for other resources. Does nothing if only files are written. */
  public waitFor(...dependables: ITerraformDependable[]): void {
    if (this.release) {
      waitFor(this.release, dependables);
    }
  }

  /** The objects as they are now: others may still be added to the chart. */
  private manifests(): Manifest[] {
    return this.rendered?.nodes === this.chart.node.findAll().length ? this.rendered.manifests : this.render();
  }

  /** Renders the chart once for all that look at it in one phase of the synthesis: rendering is most of its time. */
  private render(): Manifest[] {
    this.rendered = { nodes: this.chart.node.findAll().length, manifests: this.chart.toJson() };
    return this.rendered.manifests;
  }

  /** The local that holds the objects, where text needs no quoting of Terraform's. */
  private values(): string {
    const local = new TerraformLocal(this, 'Values', Lazy.anyValue({
      // cdktf takes long to walk through whole manifests; a preparing resolve only looks for references to other stacks.
      produce: (context) => (context.preparing ? tokenHolders(this.render()) : handOver(context, { manifests: terraformData(this.manifests()) })),
    }));
    return `local.${local.friendlyUniqueId}`;
  }

  private recordNamespace(wanted: string | undefined): string {
    const namespace = wanted ?? this.chart.namespace ?? 'default';
    return wanted === undefined && madeNamespaces(this.manifests()).includes(namespace) ? 'default' : namespace;
  }

  private validate(cluster: IKubernetesCluster, namespace: string | undefined): string[] {
    const where = { where: this, prop: 'chart' };
    try {
      const manifests = this.render();
      manifests.forEach((manifest, index) => checkManifest({ ...where, prop: `chart[${index}]` }, manifest));
      checkTogether(where, manifests, this.recordNamespace(namespace));
      if (cluster.manifestDelivery._server) {
        checkSize(this, manifests);
      } else if (this.release) {
        checkRecordSize(where, manifests);
      }
      if (namespace !== undefined && madeNamespaces(manifests).includes(namespace)) {
        throw new ValidationError(this, {
          prop: 'namespace', problem: 'the chart creates this namespace itself, so Helm cannot store its release record there', got: namespace,
          remedy: 'leave namespace out, or remove the Namespace object from the chart',
        });
      }
      this.warnOfTokens(manifests);
      this.warnOfSecrets(manifests);
      return [];
    } catch (error) {
      if (ValidationError.is(error)) {
        return [error.message];
      }
      throw error;
    }
  }

  private warnOfTokens(manifests: Manifest[]): void {
    const holders = manifests.filter((manifest) => !this.release && tokenHolders(manifest).length > 0);
    if (holders.length > 0) {
      warn(this, 'unresolved-manifest-values', {
        prop: 'manifestDelivery',
        reason: `${holders.map((manifest) => `${manifest.kind} ${manifest.metadata.name}`).join(', ')} contain values known only at apply time, `
          + 'written as ${…} into the file',
        remedy: 'replace them before you use it, or deliver by helmRelease()',
      });
    }
  }

  private warnOfSecrets(manifests: Manifest[]): void {
    const found = writtenSecrets(manifests);
    if (found.length > 0) {
      warn(this, 'secrets-in-release', {
        prop: 'chart', reason: `the content of ${found.join(', ')} is readable in ${this.release ? 'the Terraform state' : 'the file'} and wherever the program is kept`,
        remedy: 'keep it in a Key Vault that the cluster reads, or make the Secret by other means',
      });
    }
  }

  private yaml(): string {
    const resolver = new DefaultTokenResolver(new StringConcat());
    const objects = replaceTokens(inOrder(this.manifests()), (holder) => Tokenization.resolve(holder, { scope: this, resolver, preparing: false }));
    return objects.map((object: Manifest) => dump(object, { lineWidth: -1, noRefs: true })).join('---\n');
  }
}

/** Puts data in the place of a lazy value with its tokens resolved already, so that cdktf only looks at those. */
function handOver(context: IResolveContext, data: any): void {
  const resolved = replaceTokens(data, (holder) => context.resolve(holder));
  context.registerPostProcessor({ postProcess: () => resolved });
}

/** What others need comes first: Helm sorts by itself, `kubectl apply` takes a file from top to bottom. */
function inOrder(manifests: readonly Manifest[]): Manifest[] {
  const rank = ({ kind }: Manifest) => FIRST_KINDS.indexOf(kind) + 1 || FIRST_KINDS.length + 1;
  return [...manifests].sort((one, other) => rank(one) - rank(other));
}

/** The one local chart that renders the objects, once in each stack. */
function manifestsChart(scope: Construct): string {
  return `\${path.module}/${sharedAsset(scope, 'ManifestsChart', assetTexts('manifests-chart')).path}`;
}
