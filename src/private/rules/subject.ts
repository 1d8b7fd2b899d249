import { Token } from 'cdktf';
import { IConstruct } from 'constructs';

/** Where a value came from: the construct (or the name of a factory such as `KubernetesVersion.of`) and the prop. */
export interface Subject {
  readonly where: IConstruct | string;
  readonly prop: string;
}

/** True if the value can be looked at now: given, and not a reference whose value only the apply knows. */
export function known<T>(value: T | undefined): value is T {
  return value !== undefined && value !== null && !Token.isUnresolved(value);
}
