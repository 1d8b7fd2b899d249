// What a service account may do, as the API server says.
import { KubernetesApi } from '../../programs/kubernetes/api';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

export interface ServiceAccount {
  readonly namespace: string;
  readonly name: string;
}

interface Resource {
  /** `group/name`, without a group for those of the core. */
  readonly path: string;
  readonly namespaced: boolean;
}

const known = new WeakMap<KubernetesApi, Promise<Resource[]>>();

/** Asks for each verb on each resource whether the account may; one right is `group/resource verb`. Resources that are in no namespace are asked for as such. */
export async function accountRights(api: KubernetesApi, account: ServiceAccount, namespace: string): Promise<string[]> {
  if (!known.has(api)) {known.set(api, allResources(api));}
  const rights: string[] = [];
  const waiting = (await known.get(api)!).flatMap((resource) => VERBS.map((verb) => [resource, verb] as const));
  await Promise.all(Array.from({ length: 8 }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [{ path, namespaced }, verb] = next;
      const right = `${path} ${verb}`;
      if (await may(api, account, right, namespaced ? namespace : '')) {rights.push(right);}
    }
  }));
  // everybody may ask what they may do and who they are
  return rights.filter((right) => !/^(authorization|authentication)\.k8s\.io\/self/.test(right)).sort();
}

/** Whether an account may do something in a namespace, or outside of all. */
export async function may(api: KubernetesApi, account: ServiceAccount, right: string, namespace: string): Promise<boolean> {
  const [, group = '', resource, subresource, verb] = /^(?:([^/]+\.[^/]+|apps|policy|batch|autoscaling)\/)?([^/ ]+)(?:\/(\S+))? (\w+)$/.exec(right)!;
  const { body } = await api.call('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
    spec: {
      user: `system:serviceaccount:${account.namespace}:${account.name}`,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${account.namespace}`, 'system:authenticated'],
      resourceAttributes: { namespace, verb, group, resource, subresource },
    },
  });
  return body.status.allowed;
}

async function allResources(api: KubernetesApi): Promise<Resource[]> {
  const groups = (await api.call('GET', '/apis')).body.groups.map(({ preferredVersion }: any) => preferredVersion.groupVersion);
  const lists = await Promise.all(['/api/v1', ...groups.map((group: string) => `/apis/${group}`)].map(async (path) => {
    const { body } = await api.call('GET', path);
    const group = body.groupVersion.includes('/') ? `${body.groupVersion.split('/')[0]}/` : '';
    return body.resources.map(({ name, namespaced }: any) => ({ path: `${group}${name}`, namespaced }));
  }));
  return lists.flat();
}
