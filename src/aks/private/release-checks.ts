import { checkKind } from './prop-checks';
import { known, Subject } from '../../private/checks';
import { ValidationError } from '../../private/validation-error';

/** Helm's own limit: a release's name becomes part of Kubernetes names of at most 63 characters. */
export const RELEASE_NAME_LENGTH = 53;

const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const RELEASE_NAME = /^(?=.{1,53}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

export function checkNamespace(subject: Subject, value: string | undefined, required = false): void {
  checkShape(subject, value, required, NAMESPACE, 'not a namespace', 'give at most 63 lower-case letters, digits and hyphens, such as "gitlab-runner"');
}

export function checkReleaseName(subject: Subject, value: string | undefined): void {
  checkShape(subject, value, false, RELEASE_NAME, 'not a release name', 'give at most 53 lower-case letters, digits, hyphens and dots, such as "gitlab-runner"');
}

export function checkShape(subject: Subject, value: string | undefined, required: boolean, shape: RegExp, problem: string, remedy: string): void {
  checkKind(subject, value, 'text', required);
  if (known(value) && !shape.test(value)) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem, got: value, remedy });
  }
}
