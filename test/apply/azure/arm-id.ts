/** What an Azure Resource Manager path names. */
export interface ArmPath {
  /** The resource, or the collection if there is no name. */
  readonly id: string;
  /** Such as `Microsoft.Network/virtualNetworks/subnets`. */
  readonly type: string;
  /** What the resource belongs to: a resource group, a subscription, or for an extension any resource. */
  readonly scope: string;
  /** The names from the outermost parent down. */
  readonly names: string[];
  /** The last segment of a path that ends with a type: a collection (GET) or an action (POST). */
  readonly tail?: string;
}

const GROUP = /^(\/subscriptions\/[^/]+)\/resourceGroups\/([^/]+)(?:\/([^/]+))?$/i;

/** Parses a path; undefined for what is no resource, such as a subscription itself. */
export function parseArmPath(path: string): ArmPath | undefined {
  const group = GROUP.exec(path);
  if (group) {
    const [, scope, name, tail] = group;
    return { id: `${scope}/resourceGroups/${name}`, type: 'Microsoft.Resources/resourceGroups', scope, names: [name], tail };
  }
  const at = path.toLowerCase().lastIndexOf('/providers/');
  if (at < 0) {
    return undefined;
  }
  const scope = path.slice(0, at);
  const [namespace, ...segments] = path.slice(at + '/providers/'.length).split('/').filter((segment) => segment !== '');
  const tail = segments.length % 2 === 1 ? segments.pop() : undefined;
  const types = segments.filter((_, index) => index % 2 === 0);
  return {
    id: [scope, 'providers', namespace, ...segments].join('/'),
    type: [namespace, ...types].join('/'),
    scope,
    names: segments.filter((_, index) => index % 2 === 1),
    tail,
  };
}

/** The id of the resource that a child such as a subnet lies in; the id itself for others. */
export function parentId(id: string): string {
  const { names } = parseArmPath(id)!;
  return names.length > 1 ? id.split('/').slice(0, -2).join('/') : id;
}

export function groupOf(id: string): string | undefined {
  return /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(id)?.[0];
}
