import { IConstruct } from 'constructs';
import { remembered } from '../../private/memory';
import { ValidationError } from '../../private/validation-error';

/** A namespace after the construct's id: `gitlab-runner` for `Runner`, `gitlab-gpu-runner` for `GpuRunner`. */
export function defaultNamespace(construct: IConstruct): string {
  const words = construct.node.id.replace(/GitLab/g, 'Gitlab').replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase()
    .replace(/[^a-z0-9]+/g, '-').replace(/^-+/, '');
  const name = words.startsWith('gitlab') ? words : `gitlab-${words}`;
  return name.slice(0, 63).replace(/-+$/, '');
}

/** Refuses a second manager in one namespace of one cluster: their objects have the same names. */
export function claimNamespace(construct: IConstruct, cluster: IConstruct, namespace: string): void {
  const owners = remembered(cluster, 'namespaces', () => new Map<string, string>());
  const owner = owners.get(namespace);
  if (owner !== undefined) {
    throw new ValidationError(construct, {
      prop: 'namespace', problem: `taken by ${owner}`, got: namespace, remedy: 'give each runner a namespace of its own, or use addRunner() of the other',
    });
  }
  owners.set(namespace, construct.node.path);
}
