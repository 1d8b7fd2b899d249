// The generic part of Azure Resource Manager: resources by id, long-running operations that take effect late, references that must exist,
// deletions that are refused, and a log of all requests.
// Not checked: who may do it (every token is as good as the subscription's owner), API versions, quotas, SKUs of a region,
// and any property that no module here names.
import { randomUUID } from 'node:crypto';
import { ArmPath, groupOf, parentId, parseArmPath } from './arm-id';
import { AzureError } from './azure-error';
import { patched, strings } from './json';
import { checkUnlocked } from './locks';
import { Assigned, govern } from './policy';
import { Answer, ArmRequest, LogEntry } from './request';
import { Resource, Stored } from './resource';
import { checkZones } from './zones';

export interface Change {
  readonly id: string;
  readonly path: ArmPath;
  readonly body: any;
  readonly before?: Resource;
  readonly principal: string;
}

/** How one type of resource behaves. */
export interface Kind {
  readonly type: string;
  /** The answer to a creation, and to a change; 201 and 200 unless said. */
  readonly created?: number;
  readonly updated?: number;
  /** The answer to a deletion once it is done; 200 unless said. */
  readonly deleted?: number;
  /** Whether changes are long-running operations. */
  readonly slow?: boolean;
  /** Whether it cannot be deleted while another resource names it. */
  readonly guarded?: boolean;
  /** Whether Azure refuses a change while another one of the same outermost resource is under way. */
  readonly exclusive?: boolean;
  /** Whether Azure keeps a provisioning state of it. */
  readonly stateless?: boolean;
  /** Whether it stays when what it belongs to is deleted. */
  readonly outlives?: boolean;
  readonly actions?: { [name: string]: (resource: Resource, azure: Arm, body: any) => any };
  /** Refuses what Azure refuses. */
  check?(change: Change, azure: Arm): void;
  /** Refuses a deletion that Azure refuses. */
  checkDelete?(resource: Resource, azure: Arm): void;
  /** What Azure adds to what was sent. */
  fill?(resource: Resource, azure: Arm, before?: Resource): void;
  /** What a reader sees: secrets are missing, children are folded in. */
  view?(resource: Resource, azure: Arm, query: URLSearchParams): Resource;
  /** Runs when a deletion has taken effect. */
  gone?(resource: Resource, azure: Arm): void;
}

/**
 * What befalls a request instead of its normal course: refused, never answered, or accepted and failed afterwards; a change that
 * is no long-running operation takes place instead, and its answer is lost.
 */
export type Fault = 'refuse' | 'hang' | 'fail' | undefined;

/** Which property must name a resource of which type. */
export interface Reference {
  readonly key: RegExp;
  readonly type: string;
  /** Whether both have to be in the same subscription. */
  readonly near?: boolean;
}

export const sleep = (ms: number) => new Promise<void>((resolve) => {
  setTimeout(resolve, ms);
});

/** What every subscription has. */
const ALWAYS_REGISTERED = ['microsoft.authorization', 'microsoft.consumption', 'microsoft.resources'];

const MUTATIONS = ['PUT', 'PATCH', 'DELETE', 'POST'];

export class Arm {
  readonly kinds = new Map<string, Kind>();
  readonly references: Reference[] = [];
  readonly stored = new Map<string, Stored>();
  readonly log: LogEntry[] = [];
  /** Evaluated on each write. */
  policies: readonly Assigned[] = [];
  readonly subscriptions = new Set<string>();
  /** The resource providers that a subscription has registered. */
  readonly registered = new Map<string, Set<string>>();
  changes = 0;
  private readonly unanswered: (() => void)[] = [];
  private readonly operations = new Map<string, { done: Promise<void>; status: string; error?: any }>();
  /** How long a change of a type takes, in milliseconds. */
  latency: (type: string, method: string, id: string) => number = (type) => (this.kinds.get(type.toLowerCase())?.slow ? 150 : 10);
  /** What takes place outside of these books while a long-running change is under way: a machine boots, a script runs. Nothing is left of a deleted resource. */
  work: (resource: Resource, change: 'put' | 'delete') => Promise<void> = async () => {};
  /** Asked for every request that changes something, with its number from 1 on. */
  fault: (request: ArmRequest, number: number) => Fault = () => undefined;

  /** Breaks the connections of all requests that were never answered. */
  dropUnanswered(): void {
    this.unanswered.splice(0).forEach((drop) => drop());
  }

  add(...kinds: Kind[]): void {
    kinds.forEach((kind) => this.kinds.set(kind.type.toLowerCase(), kind));
  }

  find(id: string | undefined): Resource | undefined {
    return this.stored.get((id ?? '').toLowerCase())?.resource;
  }

  /** All resources of a type, below an id if one is given. */
  list(type: string, below = ''): Resource[] {
    return [...this.stored.entries()]
      .filter(([id, { resource }]) => resource.type.toLowerCase() === type.toLowerCase() && id.startsWith(below.toLowerCase()))
      .map(([, { resource }]) => resource);
  }

  /** Puts a resource there without a request: what existed before, or what Azure makes by itself. */
  put(id: string, content: any): Resource {
    const path = parseArmPath(id)!;
    const resource = { properties: {}, ...content, id, name: path.names.at(-1)!, type: path.type };
    this.stored.set(id.toLowerCase(), { resource, state: 'Succeeded', since: Date.now() });
    return resource;
  }

  /** Like `put`, completed as if it had been asked for. */
  provision(id: string, content: any): Resource {
    const resource = this.put(id, content);
    this.kinds.get(resource.type.toLowerCase())?.fill?.(resource, this);
    return resource;
  }

  remove(id: string): void {
    const key = id.toLowerCase();
    for (const [other, { resource }] of [...this.stored.entries()]) {
      if (other === key || (other.startsWith(`${key}/`) && !this.kinds.get(resource.type.toLowerCase())?.outlives)) {
        this.stored.delete(other);
        this.kinds.get(resource.type.toLowerCase())?.gone?.(resource, this);
      }
    }
  }

  async handle(request: ArmRequest, entry: LogEntry): Promise<Answer> {
    const path = request.url.pathname.replace(/\/{2,}/g, '/').replace(/\/$/, '');
    const operation = /^\/operations\/(.+)$/.exec(path);
    if (operation) {
      return this.operation(operation[1]);
    }
    const fault = MUTATIONS.includes(request.method) ? this.fault(request, ++this.changes) : undefined;
    if (fault === 'hang') {
      await new Promise<void>((drop) => {
        this.unanswered.push(drop);
      });
      return { status: 0, lost: true };
    } else if (fault === 'refuse') {
      throw new AzureError(400, 'InjectedFault', 'the stand-in was told to refuse this request');
    }
    const parsed = parseArmPath(path);
    const kind = parsed && this.kinds.get(parsed.type.toLowerCase());
    if (request.method === 'GET' && parsed?.tail && this.kinds.has(`${parsed.type}/${parsed.tail}`.toLowerCase())) {
      return { status: 200, body: { value: this.list(`${parsed.type}/${parsed.tail}`, parsed.names.length > 0 ? `${parsed.id}/` : `${parsed.scope}/`).map((resource) => this.view(resource)) } };
    }
    if (!parsed || !kind) {
      throw new AzureError(404, 'InvalidResourceType', `the stand-in knows nothing of ${request.method} ${path}`);
    }
    if (parsed.tail) {
      return this.tail(parsed, kind, request);
    }
    switch (request.method) {
      case 'GET': case 'HEAD': return { status: 200, body: this.view(this.existing(parsed.id).resource, request.url.searchParams) };
      case 'PUT': case 'PATCH': return this.change(parsed, kind, request, entry, fault);
      case 'DELETE': return this.delete(parsed, kind, request, entry);
      default: throw new AzureError(405, 'MethodNotAllowed', `${request.method} ${path}`);
    }
  }

  view(resource: Resource, query = new URLSearchParams()): Resource {
    const copy = structuredClone(resource);
    const kind = this.kinds.get(resource.type.toLowerCase())!;
    if (!kind.stateless) {
      const { state } = this.stored.get(resource.id.toLowerCase()) ?? { state: 'Succeeded' };
      copy.properties = { ...copy.properties, provisioningState: state };
    }
    return kind.view?.(copy, this, query) ?? copy;
  }

  private existing(id: string): Stored {
    const found = this.stored.get(id.toLowerCase());
    if (!found) {
      throw new AzureError(404, parseArmPath(id)?.type.endsWith('/resourceGroups') ? 'ResourceGroupNotFound' : 'ResourceNotFound', `${id} was not found`);
    }
    return found;
  }

  private tail(path: ArmPath, kind: Kind, request: ArmRequest): Answer {
    const action = Object.entries(kind.actions ?? {}).find(([name]) => name.toLowerCase() === path.tail!.toLowerCase());
    if (!action) {
      throw new AzureError(404, 'InvalidResourceType', `the stand-in knows no ${request.method} ${path.id}/${path.tail}`);
    }
    return { status: 200, body: action[1](this.existing(path.id).resource, this, request.body) ?? {} };
  }

  private async change(path: ArmPath, kind: Kind, request: ArmRequest, entry: LogEntry, fault: Fault): Promise<Answer> {
    const before = this.stored.get(path.id.toLowerCase());
    this.checkRegistered(path);
    this.checkParents(path);
    this.checkFree(path, kind);
    const body = request.method === 'PATCH' ? patched(this.existing(path.id).resource, request.body) : structuredClone(request.body ?? {});
    govern(this.policies, path, body, before?.resource);
    checkZones(path.id, body);
    this.checkReferences(path, body);
    kind.check?.({ id: path.id, path, body, before: before?.resource, principal: request.principal }, this);
    const resource: Resource = {
      ...body, properties: body.properties ?? {}, id: before?.resource.id ?? path.id, name: path.names.at(-1)!, type: kind.type,
    };
    resource.properties = { ...resource.properties };
    delete resource.properties.provisioningState;
    const latency = this.latency(kind.type, request.method, path.id);
    const status = before ? kind.updated ?? 200 : kind.created ?? 201;
    const take = () => {
      kind.fill?.(resource, this, before?.resource);
      this.stored.set(path.id.toLowerCase(), { resource, state: 'Succeeded', since: Date.now() });
      entry.end = Date.now();
    };
    if (!kind.slow) {
      await sleep(latency);
      take();
      return { status, body: this.view(resource), lost: fault === 'fail' };
    }
    this.stored.set(path.id.toLowerCase(), {
      resource: before?.resource ?? { ...resource, properties: { ...resource.properties } }, state: before ? 'Updating' : 'Creating', since: Infinity,
    });
    const done = sleep(latency).then(fault === 'fail' ? () => this.fail(path.id, entry) : async () => {
      await this.work(resource, 'put');
      take();
    });
    return { status, body: this.view(resource), headers: this.started(done) };
  }

  private async delete(path: ArmPath, kind: Kind, request: ArmRequest, entry: LogEntry): Promise<Answer> {
    const found = this.stored.get(path.id.toLowerCase());
    if (!found) {
      return { status: 204 };
    }
    checkUnlocked(this, path.id);
    this.checkFree(path, kind);
    if (kind.guarded) {
      this.checkUnused(path.id);
    }
    kind.checkDelete?.(found.resource, this);
    const take = () => {
      this.remove(path.id);
      entry.end = Date.now();
    };
    found.state = 'Deleting';
    const latency = this.latency(kind.type, request.method, path.id);
    if (!kind.slow) {
      await sleep(latency);
      take();
      return { status: kind.deleted ?? 200 };
    }
    return {
      status: 202,
      headers: this.started(sleep(latency).then(async () => {
        await this.work(found.resource, 'delete');
        take();
      })),
    };
  }

  /** A change that Azure accepts and that fails afterwards: the resource is there, as it was or half made. */
  private fail(id: string, entry: LogEntry): never {
    this.stored.get(id.toLowerCase())!.state = 'Failed';
    entry.end = Date.now();
    throw new AzureError(409, 'InjectedFault', 'the stand-in was told to let this operation fail');
  }

  private started(done: Promise<void>): { [name: string]: string } {
    const id = randomUUID();
    const operation: { done: Promise<void>; status: string; error?: any } = { done, status: 'InProgress' };
    operation.done = done.then(() => {
      operation.status = 'Succeeded';
    }, (error) => {
      operation.status = 'Failed';
      operation.error = { code: error.code ?? 'InternalServerError', message: error.message };
    });
    this.operations.set(id, operation);
    return headers(id);
  }

  /** Answers when the operation has ended, or after a while: clients that ask all the time cost nothing that way. */
  private async operation(id: string): Promise<Answer> {
    const operation = this.operations.get(id);
    if (!operation) {
      throw new AzureError(404, 'OperationNotFound', id);
    }
    await Promise.race([operation.done, sleep(200)]);
    return { status: 200, body: { id, name: id, status: operation.status, error: operation.error } };
  }

  /** Throws unless the subscription is there and has registered the resource's provider. */
  private checkRegistered(path: ArmPath): void {
    const [, subscription] = /^\/subscriptions\/([^/]+)/i.exec(path.id) ?? [];
    if (subscription === undefined) {
      return;
    }
    if (![...this.subscriptions].includes(subscription.toLowerCase()) && ![...this.stored.keys()].some((id) => id.startsWith(`/subscriptions/${subscription}/`.toLowerCase()))) {
      throw new AzureError(404, 'SubscriptionNotFound', `the subscription '${subscription}' could not be found`);
    }
    const namespace = path.type.split('/')[0];
    if (!ALWAYS_REGISTERED.includes(namespace.toLowerCase()) && !this.registered.get(subscription.toLowerCase())?.has(namespace.toLowerCase())) {
      throw new AzureError(409, 'MissingSubscriptionRegistration', `the subscription ${subscription} is not registered to use namespace '${namespace}'`);
    }
  }

  private checkParents(path: ArmPath): void {
    const group = groupOf(path.id);
    if (group && path.type !== 'Microsoft.Resources/resourceGroups') {
      const found = this.existing(group);
      if (found.state === 'Deleting') {
        throw new AzureError(409, 'ResourceGroupBeingDeleted', `${group} is being deleted`);
      }
    }
    const parent = parentId(path.id);
    if (parent !== path.id && this.kinds.has(parseArmPath(parent)!.type.toLowerCase())) {
      this.checkReady(parent);
    }
    if (parseArmPath(path.scope)?.tail === undefined && parseArmPath(path.scope)) {
      this.checkReady(path.scope);
    }
  }

  private checkFree(path: ArmPath, kind: Kind): void {
    if (!kind.exclusive) {
      return;
    }
    let root = path.id;
    while (parentId(root) !== root) {
      root = parentId(root);
    }
    const busy = [...this.stored.entries()].find(([id, { state }]) => (id === root.toLowerCase() || id.startsWith(`${root.toLowerCase()}/`))
      && !['Succeeded', 'Failed'].includes(state) && this.kinds.get(this.stored.get(id)!.resource.type.toLowerCase())?.exclusive);
    if (busy) {
      throw new AzureError(409, 'AnotherOperationInProgress', `${busy[0]} is ${busy[1].state}; wait until that has ended`);
    }
  }

  /** Throws unless the resource is there and has taken effect. */
  checkReady(id: string): void {
    const found = this.stored.get(id.toLowerCase());
    if (!found) {
      throw new AzureError(404, 'ResourceNotFound', `${id} was not found`);
    }
    if (!['Succeeded', 'Updating'].includes(found.state)) {
      throw new AzureError(409, 'ReferencedResourceNotProvisioned', `${id} is ${found.state}`);
    }
  }

  private checkReferences(path: ArmPath, body: any): void {
    for (const { keys, value } of strings(body)) {
      const key = keys.join('.');
      const target = value.startsWith('/subscriptions/') ? parseArmPath(value) : undefined;
      if (!target || value.toLowerCase().startsWith(path.id.toLowerCase())) {continue;}
      const expected = this.references.find((reference) => reference.key.test(key));
      if (expected && expected.type.toLowerCase() !== target.type.toLowerCase()) {
        throw new AzureError(400, 'InvalidResourceReference', `${key}: ${value} is no ${expected.type}`);
      }
      if (expected?.near && value.split('/')[2].toLowerCase() !== path.id.split('/')[2].toLowerCase()) {
        throw new AzureError(400, 'InvalidResourceReference', `${key}: ${value} was not found; both resources have to be in the same subscription`);
      }
      if (expected && this.kinds.has(target.type.toLowerCase())) {
        this.checkReady(value);
      }
    }
  }

  private checkUnused(id: string): void {
    const key = id.toLowerCase();
    for (const [other, { resource, state }] of this.stored.entries()) {
      if (other === key || other.startsWith(`${key}/`) || state === 'Deleting') {continue;}
      const uses = strings(resource.properties).some(({ keys, value }) => {
        const target = value.toLowerCase();
        return (target === key || target.startsWith(`${key}/`)) && this.references.some((reference) => reference.key.test(keys.join('.')));
      });
      if (uses) {
        throw new AzureError(409, 'InUse', `${id} cannot be deleted: ${resource.id} uses it`);
      }
    }
  }
}

function headers(operation: string): { [name: string]: string } {
  return {
    'azure-asyncoperation': `https://management.azure.com/operations/${operation}?api-version=2020-01-01`,
    'x-go-azure-sdk-skip-polling-delay': 'true',
  };
}
