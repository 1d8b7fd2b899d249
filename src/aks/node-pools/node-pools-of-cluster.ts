import { IConstruct } from 'constructs';
import { remembered } from '../../private/memory';

/** How far a pool grows. */
export interface SizedPool {
  readonly nodePoolName: string;
  readonly _mostNodes: number;
  readonly _autoscaled: boolean;
}

/** The pools that a program adds to a cluster, wherever it does. */
export function nodePoolsOf(cluster: IConstruct): SizedPool[] {
  return remembered(cluster, 'nodePools', () => []);
}
