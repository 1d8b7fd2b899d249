import { remembered } from '../../private/memory';
import { IAksCluster } from '../cluster';

/** How far a pool grows. */
export interface SizedPool {
  readonly nodePoolName: string;
  readonly _mostNodes: number;
  readonly _autoscaled: boolean;
}

/** The pools that a program adds to a cluster, wherever it does. */
export function nodePoolsOf(cluster: IAksCluster): SizedPool[] {
  return remembered(cluster, 'nodePools', () => []);
}
