import { refuseLargeAnnotations } from './object-limits';
import { amount, reasonAgainstBytes, reasonAgainstCores } from './quantity';
import { map } from '../../private/rules/collections';
import { also, Rule } from '../../private/rules/rule';
import { text } from '../../private/rules/scalars';
import { Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';

/** A name that becomes part of host names, such as a namespace's (RFC 1123 label). */
export function dnsLabel(): Rule<string> {
  return text('at most 63 lower-case letters, digits and hyphens such as "gitlab-runner"', /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
}

/** Helm's own limit: a release's name becomes part of Kubernetes names of at most 63 characters. */
export const RELEASE_NAME_LENGTH = 53;

export function releaseName(): Rule<string> {
  return text('at most 53 lower-case letters, digits, hyphens and dots such as "gitlab-runner"', RELEASE_NAME);
}

const RELEASE_NAME = /^(?=.{1,53}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** The name of most objects (RFC 1123 subdomain). */
export function objectName(): Rule<string> {
  return text('a Kubernetes name such as "gitlab-runner"', /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);
}

/** A label's or annotation's name, with or without a domain before a slash. */
export function labelName(): Rule<string> {
  return text('a Kubernetes name such as "team" or "example.com/team"', LABEL_NAME);
}

const LABEL_NAME = /^(?=[^/]{1,253}\/|[^/]*$)([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/;

export function labelValue(): Rule<string> {
  return text('at most 63 letters, digits, ".", "_" and "-", a letter or digit at both ends', /^([A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?)?$/);
}

export function labels(): Rule<{ [name: string]: string }> {
  return map(labelName(), labelValue());
}

export function annotations(): Rule<{ [name: string]: string }> {
  return also(map(labelName(), text('text')), refuseLargeAnnotations);
}

/** A taint as `kubectl taint` writes it. */
export function taint(): Rule<string> {
  return text('a taint such as "sku=gpu:NoSchedule"', TAINT);
}

const TAINT = new RegExp('^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-\\w.]{0,61}[A-Za-z0-9])?'
  + '(=([A-Za-z0-9]([-\\w.]{0,61}[A-Za-z0-9])?)?)?:(NoSchedule|PreferNoSchedule|NoExecute)$');

/** What a pod tolerates: a taint, one without an effect for all effects, or one without a key for all keys. */
export function toleration(): Rule<string> {
  return text('a toleration such as "sku=gpu:NoSchedule", "sku=gpu" or "sku"', TOLERATION);
}

const TOLERATION = new RegExp('^(([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-\\w.]{0,61}[A-Za-z0-9])?'
  + '(=([A-Za-z0-9]([-\\w.]{0,61}[A-Za-z0-9])?)?)?)?(:(NoSchedule|PreferNoSchedule|NoExecute))?$');

/** An amount of memory or storage. */
export function quantity(): Rule<string> {
  const expected = 'a positive quantity such as "500Mi" or "2Gi"';
  return also(text(expected), (subject, value) =>
    refuseWrongQuantity(subject, value, amount(value) ? reasonAgainstBytes(value) : NO_QUANTITY, expected));
}

/** The memory or storage that a container asks for or is kept to, which may be nothing. */
export function resourceBytes(): Rule<string> {
  return resourceQuantity('a quantity such as "500Mi" or "2Gi", or "" for none', reasonAgainstBytes);
}

/** The CPU that a container asks for or is kept to, which may be nothing. */
export function resourceCores(): Rule<string> {
  return resourceQuantity('cores or thousandths of them such as "2" or "500m", or "" for none', reasonAgainstCores);
}

const NO_QUANTITY = 'not a valid value';

function resourceQuantity(expected: string, reasonAgainst: (quantity: string) => string | undefined): Rule<string> {
  return also(text(expected), (subject, value) =>
    refuseWrongQuantity(subject, value, value !== '' && amount(value) === undefined ? NO_QUANTITY : reasonAgainst(value), expected));
}

function refuseWrongQuantity({ where, prop }: Subject, value: string, problem: string | undefined, expected: string): void {
  if (problem !== undefined) {
    throw new ValidationError(where, { prop, problem, got: value, remedy: `give ${expected}` });
  }
}
