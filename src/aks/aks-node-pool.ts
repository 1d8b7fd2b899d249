import { Construct, IConstruct } from 'constructs';
import { IAksCluster } from './cluster';

/** A node pool that workloads can be sent to. */
export interface IAksNodePool extends IConstruct {
  /** The pool's name, at most 12 lower-case letters and digits. */
  readonly nodePoolName: string;
  /** The labels that a pod's node selector names to land on this pool. */
  readonly nodeSelector: { [label: string]: string };
  /** The pool's taints as AKS writes them, `key=value:Effect`; a pod needs a toleration for each. */
  readonly nodeTaints: string[];
}
export interface AksNodePoolOptions {
  readonly vmSize?: string;
}
export interface AksNodePoolProps extends AksNodePoolOptions {
  readonly cluster: IAksCluster;
}
export class AksNodePool extends Construct implements IAksNodePool {
  public readonly nodePoolName = '';
  public readonly nodeSelector: { [label: string]: string } = {};
  public readonly nodeTaints: string[] = [];
  constructor(scope: Construct, id: string, _props: AksNodePoolProps) {
    super(scope, id);
  }
}
