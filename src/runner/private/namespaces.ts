import { TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';
import { namedId, namedPath, wasDirectlyIn } from '../../private/construct-moves';
import { digest } from '../../private/default-name';
import { remembered } from '../../private/memory';
import { ValidationError } from '../../private/validation-error';

const LONGEST = 63;

/**
 * A namespace after the construct's id: `gitlab-runner` for `Runner`, `gitlab-gpu-runner` for `GpuRunner`. An id with anything but
 * letters and digits, and one that is not directly in a stack, where another construct may have it too, gets a digest of the path.
 */
export function defaultNamespace(construct: IConstruct): string {
  const [id, path] = [namedId(construct), namedPath(construct)];
  const words = id.replace(/GitLab/g, 'Gitlab').replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase()
    .replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
  const name = words.startsWith('gitlab') ? words : `gitlab-${words}`;
  if (name.length <= LONGEST && /^[A-Za-z0-9]+$/.test(id) && wasDirectlyIn(construct, TerraformStack.of(construct))) {
    return name;
  }
  const ending = `-${digest(path)}`;
  return `${name.slice(0, LONGEST - ending.length).replace(/-+$/, '')}${ending}`;
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
