import { Token } from 'cdktf';
import { IConstruct } from 'constructs';
import { ValidationError } from '../validation-error';

/** Where a value came from: the construct (or the name of a factory such as `KubernetesVersion.of`) and the prop. */
export interface Subject {
  readonly where: IConstruct | string;
  readonly prop: string;
}

/** True if the value can be looked at now: given, and not a reference whose value only the apply knows. */
export function known<T>(value: T | undefined): value is T {
  return value !== undefined && value !== null && !Token.isUnresolved(value);
}

/** What is wrong with a value, for whoever gave it. */
export function refusal({ where, prop }: Subject, problem: string, got: unknown, remedy: string): ValidationError {
  return new ValidationError(where, { prop, problem, got, remedy });
}
