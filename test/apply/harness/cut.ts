import { roleName } from '../azure/authorization';
import { Azure } from '../azure/azure';
import { Fault, sleep } from '../azure/core';
import { strings } from '../azure/json';
import { ArmRequest, LogEntry } from '../azure/request';

/**
 * Names a write by what it makes, so that writes of two applies can be compared: Azure draws identities, and with them run commands get other names;
 * azurerm draws the names of role assignments. A second write to the same path counts as another one where it says more, as that which attaches a disk does.
 */
function writeName({ method, path, body }: { method: string; path: string; body?: any }): string {
  // who stands in a subnet is sent back as it was read, and that depends on timing
  const said = strings(body).map(({ keys }) => keys.join('.')).filter((key) => key !== 'properties.ipConfigurations.id');
  return `${method} ${nameless(path, body?.properties)} ${[...new Set(said)].sort().join()}`;
}

function nameless(id: string, properties: any): string {
  return id.replace(/(\/roleAssignments\/)[^/]+$/i, (_, before) => before + roleName(properties?.roleDefinitionId)).replace(/(\/runCommands\/.*)-[0-9a-f]{8}$/i, '$1');
}

/** The writes of an apply that nothing befell, in their order. */
export function writesOf(log: LogEntry[]): string[] {
  return [...new Set(log.filter(({ host, method }) => host === 'management.azure.com' && method === 'PUT').map(writeName))];
}

/**
 * Cuts the next apply off: only what comes before a write in the order of an uncut apply takes place, whatever the order of this one.
 * The write itself is refused, never answered, or fails after it was accepted; all others are refused or never answered.
 */
export class Cut {
  /** When the write has been asked for. */
  readonly reached: Promise<void>;
  private unanswered = false;
  private over = false;

  constructor(private readonly azure: Azure, order: string[], index: number, fault: Fault) {
    const later = new Set(order.slice(index + 1));
    this.reached = new Promise((reach) => {
      azure.arm.fault = (request: ArmRequest) => {
        const name = writeName({ ...request, path: request.url.pathname });
        if (name !== order[index] && !later.has(name)) {
          return undefined;
        }
        this.unanswered = fault === 'hang';
        if (name === order[index]) {
          reach();
        }
        return name === order[index] || fault === 'hang' ? fault : 'refuse';
      };
    });
  }

  /** Waits until nothing but what is never answered is under way: what is half made can keep the write from being asked for. */
  async stuck(): Promise<void> {
    for (let seen = -1; !this.over && (!this.unanswered || seen !== this.azure.arm.log.length); await sleep(10_000)) {
      seen = this.azure.arm.log.length;
    }
  }

  /** A request that Terraform begins while it is being interrupted is not called off: it ends as all others do, by a time-out. */
  async dropUntil(done: Promise<unknown>): Promise<void> {
    for (let waiting = true; waiting;) {
      waiting = await Promise.race([done.then(() => false), sleep(1000).then(() => true)]);
      this.azure.arm.dropUnanswered();
    }
  }

  /** Lets everything through again. */
  end(): void {
    this.over = true;
    this.azure.arm.fault = () => undefined;
  }
}

/** Waits until Azure has done all that it had begun; what is never answered is never done. */
export async function atRest(azure: Azure): Promise<void> {
  while ([...azure.arm.stored.values()].some(({ state }) => !['Succeeded', 'Failed'].includes(state))) {
    await sleep(50);
  }
}

/** All that is in Azure, without what it draws anew each time. */
export function contents(azure: Azure): { [id: string]: any } {
  const masked = (text: string) => text.replace(/\b[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}\b/gi, '…')
    .replace(/\b20\.\d+\.\d+\.\d+\b/g, '…').replace(/\b20\d\d-\d\d-\d\dT[\d:.]+Z/g, '…');
  return Object.fromEntries([...azure.arm.stored.values()].map(({ resource, state }): [string, any] => {
    const id = nameless(resource.id, resource.properties);
    return [masked(id), JSON.parse(masked(JSON.stringify({ ...resource, id, name: undefined, state })))];
  }).sort(([a], [b]) => (a < b ? -1 : 1)));
}
