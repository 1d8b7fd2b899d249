import { Chart } from 'cdk8s';
import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { IAksCluster } from './cluster';

export interface ManifestReleaseOptions {
  readonly namespace?: string;
  readonly releaseName?: string;
  readonly timeoutSeconds?: number;
}
export interface ManifestReleaseProps extends ManifestReleaseOptions {
  readonly cluster: IAksCluster;
  readonly chart: Chart;
}
/** One cdk8s chart on its way to one cluster; takes objects added to the chart later too. */
export class ManifestRelease extends Construct {
  constructor(scope: Construct, id: string, _props: ManifestReleaseProps) {
    super(scope, id);
  }
  /** Makes the release wait for something else to be applied. */
  public waitFor(..._dependables: ITerraformDependable[]): void {}
}
