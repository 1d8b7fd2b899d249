import { dnsLabel } from '../../kubernetes/private/rules';
import { isPlainObject } from '../../private/rules/collections';
import { known, refusal, Subject } from '../../private/rules/subject';

/**
 * Versions in which Kubernetes has not served a kind since 1.26 at the latest, each with the kinds and the version that took its place.
 * @see https://kubernetes.io/docs/reference/using-api/deprecation-guide/
 */
const REMOVED: readonly (readonly [apiVersion: string, kinds: readonly string[], instead: string])[] = [
  ['extensions/v1beta1', ['DaemonSet', 'Deployment', 'ReplicaSet'], 'apps/v1'],
  ['extensions/v1beta1', ['Ingress', 'NetworkPolicy'], 'networking.k8s.io/v1'],
  ['apps/v1beta1', ['Deployment', 'StatefulSet'], 'apps/v1'],
  ['apps/v1beta2', ['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'], 'apps/v1'],
  ['autoscaling/v2beta1', ['HorizontalPodAutoscaler'], 'autoscaling/v2'],
  ['autoscaling/v2beta2', ['HorizontalPodAutoscaler'], 'autoscaling/v2'],
  ['batch/v1beta1', ['CronJob'], 'batch/v1'],
  ['networking.k8s.io/v1beta1', ['Ingress', 'IngressClass'], 'networking.k8s.io/v1'],
  ['policy/v1beta1', ['PodDisruptionBudget'], 'policy/v1'],
  ['rbac.authorization.k8s.io/v1beta1', ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'], 'rbac.authorization.k8s.io/v1'],
  ['apiextensions.k8s.io/v1beta1', ['CustomResourceDefinition'], 'apiextensions.k8s.io/v1'],
  ['scheduling.k8s.io/v1beta1', ['PriorityClass'], 'scheduling.k8s.io/v1'],
];

/** Maps of text by kind. */
const TEXTS: { readonly [kind: string]: readonly string[] } = { ConfigMap: ['data', 'binaryData'], Secret: ['data', 'stringData'] };

/** Refuses what the API server refuses of an object, by then halfway through an apply. */
export function refuseWhatServersRefuse(subject: Subject, manifest: { readonly [field: string]: any }): void {
  const { apiVersion, kind, metadata } = manifest;
  const inside = (path: string): Subject => ({ ...subject, prop: `${subject.prop}${path}` });
  const instead = REMOVED.find(([version, kinds]) => version === apiVersion && kinds.includes(kind))?.[2];
  if (instead !== undefined) {
    throw refusal(inside('.apiVersion'), `no version of ${kind} any more`, apiVersion, `write "${instead}", whose fields may have other names`);
  }
  if (known(metadata.namespace) && metadata.namespace) {
    dnsLabel().take(inside('.metadata.namespace'), metadata.namespace);
  }
  for (const field of apiVersion === 'v1' ? TEXTS[kind] ?? [] : []) {
    const texts: unknown = manifest[field];
    for (const [key, value] of isPlainObject(texts) ? Object.entries(texts) : []) {
      if (known(value) && (typeof value === 'number' || typeof value === 'boolean')) {
        throw refusal(inside(`.${field}[${JSON.stringify(key)}]`), `not text, which a ${kind} is made of`, value, `write ${JSON.stringify(String(value))}`);
      }
    }
  }
}
