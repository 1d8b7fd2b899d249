import { checkData } from './manifest-values';
import { checkObjectSize } from './object-sizes';
import { Subject } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';

/** A Kubernetes object as far as a release has to know it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [key: string]: any;
}

// an object of these is in no namespace.
const CLUSTER_WIDE = [
  'Namespace', 'ClusterRole', 'ClusterRoleBinding', 'CustomResourceDefinition', 'PriorityClass', 'StorageClass', 'PersistentVolume', 'IngressClass',
  'RuntimeClass', 'CSIDriver', 'APIService', 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration', 'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
];

/** One Kubernetes object that Helm can install and find again. */
export function checkManifest(subject: Subject, manifest: any): void {
  const fail = (problem: string, got: unknown, remedy: string, at = '') => {
    throw new ValidationError(subject.where, { prop: `${subject.prop}${at}`, problem, got, remedy });
  };
  if (Array.isArray(manifest)) {
    fail('a list, not a Kubernetes object', manifest, 'give each object as an argument of its own: ...objects');
  }
  if (typeof manifest !== 'object' || manifest === null) {
    fail('not a Kubernetes object', manifest, 'give an object with apiVersion, kind and metadata.name');
  }
  for (const key of ['apiVersion', 'kind']) {
    if (typeof manifest[key] !== 'string' || manifest[key] === '') {
      fail('not a Kubernetes object', manifest[key], `give ${key} as text`, `.${key}`);
    }
  }
  if (manifest.kind.endsWith('List') && Array.isArray(manifest.items)) {
    fail('a list of objects, as `kubectl get` prints it, and no object itself', manifest.kind, 'give its items, each as an object', '.kind');
  }
  if (manifest.apiVersion.startsWith('kustomize.config.k8s.io/')) {
    fail('a file for the program kustomize, and no object of a cluster', manifest.kind, 'give the objects that `kubectl kustomize` prints', '.kind');
  }
  if (typeof manifest.metadata?.name !== 'string' || manifest.metadata.name === '') {
    fail('an object without a name cannot be found again by the next apply', manifest.metadata?.name, 'give metadata.name as text', '.metadata.name');
  }
  if (manifest.metadata.namespace !== undefined && typeof manifest.metadata.namespace !== 'string') {
    fail('not a namespace', manifest.metadata.namespace, 'give metadata.namespace as text, or leave it out', '.metadata.namespace');
  }
  for (const key of ['resourceVersion', 'uid']) {
    if ((manifest.metadata[key] ?? undefined) !== undefined) {
      fail('the API server\'s own, as `kubectl get` prints it, so that no apply would pass', manifest.metadata[key], 'leave it out', `.metadata.${key}`);
    }
  }
  checkData(subject, manifest);
  checkObjectSize(subject, manifest);
}

/** What tells that two objects are one to the API server, which serves a kind in several versions. */
export function objectKey({ apiVersion, kind, metadata }: Manifest, namespace: string): string {
  const place = CLUSTER_WIDE.includes(kind) ? '' : metadata.namespace ?? namespace;
  return [apiVersion.replace(/(^|\/)[^/]*$/, ''), kind, place, metadata.name].join('\n');
}

/**
 * What is wrong with the objects of one release taken together.
 * @param namespace that of the objects that name none.
 */
export function checkTogether(subject: Subject, manifests: readonly Manifest[], namespace: string): void {
  const seen = new Set<string>();
  for (const manifest of manifests) {
    const key = objectKey(manifest, namespace);
    if (seen.has(key)) {
      throw new ValidationError(subject.where, {
        prop: subject.prop, problem: 'two objects of one kind and name', got: `${manifest.kind} ${manifest.metadata.name}`,
        remedy: 'rename one of them',
      });
    }
    seen.add(key);
  }
  const defined = new Set(manifests.filter((manifest) => manifest.kind === 'CustomResourceDefinition')
    .map((manifest) => JSON.stringify([manifest.spec?.group, manifest.spec?.names?.kind])));
  const user = manifests.find((manifest) => defined.has(JSON.stringify([manifest.apiVersion.split('/')[0], manifest.kind])));
  if (user) {
    // Helm looks every kind up before it installs anything.
    throw new ValidationError(subject.where, {
      prop: subject.prop, problem: 'the same release defines the kind of this object', got: `${user.kind} ${user.metadata.name}`,
      remedy: 'put the CustomResourceDefinition into a release of its own, and let this one waitFor() its `ready`',
    });
  }
}

/** The namespaces that the objects themselves make. */
export function madeNamespaces(manifests: readonly Manifest[]): string[] {
  return manifests.filter((manifest) => manifest.kind === 'Namespace' && manifest.apiVersion === 'v1').map((manifest) => manifest.metadata.name);
}
