// Azure's virtual machines as booted containers of the first-boot tier: a machine that is made boots, its data disk is attached, its run commands run on it,
// its identity gets tokens and opens the vaults that its roles open. A flexible server is the first-boot tier's PostgreSQL, from its private endpoint on.
// Not checked: who may read and write an account that is not lost; images, sizes and cloud-init; powering on and off by Azure's calls.
import { ApplicationMachines } from './application-machines';
import { isReachable } from './private-links';
import { parentId } from '../../apply/azure/arm-id';
import { hasRole } from '../../apply/azure/authorization';
import { Azure as ResourceManager } from '../../apply/azure/azure';
import { READERS, WRITERS } from '../../apply/azure/key-vault';
import { Resource } from '../../apply/azure/resource';
import { Azure as MachineSide } from '../../firstboot/azure/azure';
import { BlobStorage } from '../../firstboot/azure/blob-storage';
import { KeyVault } from '../../firstboot/azure/key-vault';
import { Disk } from '../../firstboot/harness/disk';
import { host, lane } from '../../firstboot/harness/lane';
import { Machine } from '../../firstboot/harness/machine';
import { Postgresql } from '../../firstboot/harness/postgresql';
import { handOver } from '../../firstboot/harness/run-command';

const VM = 'Microsoft.Compute/virtualMachines';
const RUN_COMMAND = `${VM}/runCommands`;
const STORAGE = 'Microsoft.Storage/storageAccounts';
const IDENTITY = 'Microsoft.ManagedIdentity/userAssignedIdentities';
const ENDPOINT = 'Microsoft.Network/privateEndpoints';
const FLEXIBLE_SERVER = 'Microsoft.DBforPostgreSQL/flexibleServers';
const BLOB_READERS = ['Storage Blob Data Reader', 'Storage Blob Data Contributor', 'Storage Blob Data Owner'];

export class Machines {
  readonly side = new MachineSide(lane.packages);
  /** The one with the disk. */
  readonly machine = new Machine();
  readonly application: ApplicationMachines;
  readonly disk = new Disk();
  /** The vaults by name, which those in Resource Manager's books lead to. */
  readonly vaults = new Map<string, KeyVault>();
  /** What happens to a machine, and what its scripts print. */
  told?: (what: string, output: string) => void;
  /** Puts more onto the OS disk of a new machine. */
  prepare?: (machine: Machine) => void;
  /** Tells further lines of the machine's /etc/hosts. */
  names?: () => string;
  private readonly results = new Map<string, { exitCode: number; output: string }>();
  /** What can be read of accounts whose region is lost, by their ids. */
  private readonly copies = new Map<string, BlobStorage>();
  /** When a step last began and ended, by its name. */
  readonly times = new Map<string, readonly [number, number]>();
  private database?: Postgresql;
  private sequence = 0;

  constructor(private readonly azure: ResourceManager) {
    this.application = new ApplicationMachines(azure.arm);
    azure.arm.work = (resource, change) => this.work(resource, change);
    azure.machines.runScript = (command) => this.results.get(command.id)!;
  }

  async start(): Promise<void> {
    await this.side.start();
    this.disk.create();
  }

  async stop(): Promise<void> {
    await this.application.stop();
    await this.database?.remove();
    if (this.machine.running) {
      await this.machine.die();
    }
    this.machine.wipe();
    this.disk.remove();
    await this.side.stop();
  }

  /**
   * The machine of a region that is lost dies with its disk, and vaults and accounts there answer nobody. An account whose kind of replication lets its copy be
   * read has one, as it is at this moment.
   */
  async lose(location: string): Promise<void> {
    await this.machine.die();
    this.machine.wipe();
    this.disk.detach().create();
    const here = (type: string) => this.azure.arm.list(type).filter((one) => one.location === location);
    here('Microsoft.KeyVault/vaults').forEach(({ name }) => {
      this.vaults.delete(name);
      this.side.fail({ host: `${name}.vault.azure.net`, answer: 'no answer' });
    });
    for (const { name, id, sku } of here(STORAGE)) {
      this.side.fail({ host: `${name}.blob.core.windows.net`, answer: 'no answer' });
      if (/_RAGZ?RS$/.test(sku.name)) {
        const [lost, copy] = [this.side.storage(name), this.side.storage(`${name}-secondary`, false)];
        lost.blobs.forEach((body, path) => copy.put(path, body));
        this.copies.set(id, copy);
      }
    }
  }

  private async work(resource: Resource, change: 'put' | 'delete'): Promise<void> {
    if (resource.type === VM && ApplicationMachines.isOne(resource)) {
      await this.changeApplication(resource, change);
    } else if (resource.type === VM) {
      await (change === 'put' ? this.put(resource) : this.remove());
    } else if (resource.type === RUN_COMMAND && change === 'put') {
      this.results.set(resource.id, await this.run(resource));
    }
  }

  private async changeApplication(resource: Resource, change: 'put' | 'delete'): Promise<void> {
    const { name } = resource;
    if (change === 'delete') {
      this.told?.(`${name} is deleted`, '');
      await this.application.remove(name);
      return;
    }
    this.side.metadata.identitiesAt.set(this.application.addressOf(resource), new Set(this.identitiesOf(resource)));
    if (!this.application.find(name)) {
      this.told?.(`${name} boots`, '');
      const machine = this.application.add(resource);
      machine.create(this.hosts, this.side.authority.certificate);
      machine.hasten();
      this.prepare?.(machine);
      await machine.start();
    }
  }

  private identitiesOf(resource: Resource): string[] {
    return Object.keys(resource.identity?.userAssignedIdentities ?? {}).map((id) => this.azure.arm.find(id)!.properties.clientId);
  }

  /** It is reached by its private endpoint alone, and whom Entra ID gives a token for PostgreSQL is its administrator. */
  private async meetDatabase(): Promise<void> {
    const [server] = this.azure.arm.list(FLEXIBLE_SERVER);
    const endpoint = this.azure.arm.list(ENDPOINT).find(({ properties }) =>
      properties.privateLinkServiceConnections.some((one: any) => one.properties.privateLinkServiceId === server?.id));
    if (!endpoint || this.database) {
      return;
    }
    const [administrator] = this.azure.arm.list(`${FLEXIBLE_SERVER}/administrators`, `${server.id}/`);
    const { ipConfigurations: [configuration] } = this.azure.arm.find(endpoint.properties.networkInterfaces[0].id)!.properties;
    const address = configuration.properties.privateIPAddress;
    host('ip', 'address', 'add', `${address}/32`, 'dev', 'lo');
    this.database = new Postgresql(this.side.authority, administrator.properties.principalName, address);
    this.database.takeTokensOf(this.side.metadata);
    await this.database.start(server.properties.fullyQualifiedDomainName);
  }

  /** A new machine boots; the disks are those that it shall have. */
  private async put(resource: Resource): Promise<void> {
    this.meetStores();
    this.identitiesOf(resource).forEach((clientId) => this.side.metadata.identities.add(clientId));
    if (!this.machine.running) {
      this.told?.('the machine boots', '');
      this.machine.create(this.hosts, this.side.authority.certificate);
      this.prepare?.(this.machine);
      await this.machine.start();
    }
    const wanted = (resource.properties.storageProfile.dataDisks ?? []).some(({ toBeDetached }: any) => !toBeDetached);
    if (wanted !== this.disk.attached) {
      this.told?.(wanted ? 'the data disk is attached' : 'the data disk is detached', '');
      if (wanted) {
        this.disk.attach();
      } else {
        this.disk.detach();
      }
    }
  }

  private async remove(): Promise<void> {
    this.told?.('the machine is deleted', '');
    await this.machine.die();
    this.disk.detach().awaitEnd();
    this.machine.wipe();
  }

  private async run({ id, name, properties }: Resource): Promise<{ exitCode: number; output: string }> {
    this.meetStores();
    await this.meetDatabase();
    const machine = this.application.find(this.azure.arm.find(parentId(id))!.name) ?? this.machine;
    machine.writeHosts(this.hosts);
    this.sequence += 1;
    const started = Date.now();
    const parameters = [...properties.parameters ?? [], ...properties.protectedParameters ?? []];
    const { folder, done } = handOver(machine, this.sequence, {
      name, script: properties.source.script, parameters: Object.fromEntries(parameters.map((one: any) => [one.name, one.value])),
    });
    const { status, output: problem } = await done;
    const output = machine.read(`${folder}/stdout`);
    this.times.set(name.replace(/-[0-9a-f]{8}$/, ''), [started, Date.now()]);
    this.told?.(`${name.replace(/-[0-9a-f]{8}$/, '')} ${status === 0 ? 'has run' : `failed: ${problem}`}`, output);
    return { exitCode: status, output };
  }

  /** The object id of an identity by its client id. */
  principalOf(clientId: string): string | undefined {
    return this.azure.arm.list(IDENTITY).find(({ properties }) => properties.clientId === clientId)?.properties.principalId;
  }

  private get hosts(): string {
    return this.side.hosts + (this.names?.() ?? '');
  }

  /** Every vault of the books answers the machine, as far as the caller's roles go, and every storage account. */
  meetStores(): void {
    for (const vault of this.azure.arm.list('Microsoft.KeyVault/vaults')) {
      if (!this.vaults.has(vault.name)) {
        this.vaults.set(vault.name, this.side.vault(vault.name, (clientId, method) => this.may(clientId, method, vault)));
      }
    }
    for (const { name, id } of this.azure.arm.list(STORAGE)) {
      const storage = this.side.storage(name);
      const containers = this.azure.arm.list(`${STORAGE}/blobServices/containers`, `${id}/`);
      containers.forEach((container) => storage.containers.add(container.name));
      const copy = this.copies.get(id);
      if (copy) {
        containers.forEach((container) => copy.containers.add(container.name));
        const identities = this.azure.arm.list(IDENTITY).map(({ properties }) => properties);
        copy.readers = new Set(identities.filter(({ principalId }) => containers.every((container) =>
          hasRole(this.azure.arm, principalId, BLOB_READERS, container.id, this.azure.spreadMs))).map(({ clientId }) => clientId));
      }
    }
  }

  private may(clientId: string, method: string, vault: Resource): boolean {
    return isReachable(this.azure.arm, vault) && hasRole(this.azure.arm, this.principalOf(clientId), method === 'GET' ? READERS : WRITERS, vault.id, this.azure.spreadMs);
  }
}
