import { isPlainObject } from '../../private/rules/collections';
import { known, Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';

/** Refuses labels of nodes with Windows. */
export function refuseWindowsLabels(subject: Subject, labels: { readonly [label: string]: string }): void {
  const found = Object.entries(labels).find(([label, value]) => isWindowsLabel(label) || isWindows(label, value));
  if (found) {
    throw windows({ ...subject, prop: `${subject.prop}[${JSON.stringify(found[0])}]` }, found[1]);
  }
}

/** Refuses an affinity to nodes with Windows. */
export function refuseWindowsAffinity(subject: Subject, affinity: unknown): void {
  if (Array.isArray(affinity)) {
    affinity.forEach((item) => refuseWindowsAffinity(subject, item));
  } else if (isPlainObject(affinity) && known(affinity)) {
    const { key, operator, values } = affinity;
    if (typeof key === 'string' && operator === 'In' && Array.isArray(values) && values.some((value) => isWindows(key, value))) {
      throw windows(subject, values);
    }
    Object.values(affinity).forEach((item) => refuseWindowsAffinity(subject, item));
  }
}

/** Refuses what GitLab Runner's helper is made of for Windows. */
export function refuseWindowsHelper(subject: Subject, text: unknown): void {
  if (typeof text === 'string' && /servercore|nanoserver/i.test(text)) {
    throw windows(subject, text);
  }
}

/** Refuses a path of Windows, and a shell of it. */
export function refuseWindowsText(subject: Subject, text: unknown): void {
  if (typeof text === 'string' && /^([a-z]:\\|(powershell|cmd)$)/i.test(text)) {
    throw windows(subject, text);
  }
}

function isWindowsLabel(label: string): boolean {
  return label.startsWith('node.kubernetes.io/windows');
}

function isWindows(label: string, value: unknown): boolean {
  return label.endsWith('kubernetes.io/os') && typeof value === 'string' && value.toLowerCase() === 'windows';
}

function windows({ where, prop }: Subject, got: unknown): ValidationError {
  return new ValidationError(where, {
    prop, problem: 'jobs on Windows are not supported: the network policies of AksCluster are Cilium\'s, which is for Linux only', got, remedy: 'use GitLab\'s own chart for them',
  });
}
