import { IConstruct } from 'constructs';

/** A node pool that workloads can be scheduled on. */
export interface IAksNodePool extends IConstruct {
  /** The pool's name, at most 12 lower-case letters and digits. */
  readonly nodePoolName: string;
  /** The node labels that select this pool, for a pod's node selector. They name the architecture of Arm64 nodes. */
  readonly nodeSelector: { [label: string]: string };
  /** The pool's taints in AKS's notation, `key=value:Effect`. A pod needs a toleration for each. */
  readonly nodeTaints: string[];
  /**
   * The runtime class of pods on the pool that run in a virtual machine of their own.
   * @default - none: pods share the node's kernel
   */
  readonly runtimeClassName?: string;
  /**
   * The nodes' operating system, such as `AzureLinux`.
   * @default - not known
   */
  readonly osSku?: string;
}
