import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Balancer, BalancerRule, Probe } from './balancer';
import { Fabric } from './fabric';
import { lane } from './lane';
import { Machine } from './machine';
import { PUBLIC_ADDRESS, RunCommand, ServerProps } from './program';
import { Result, RunOptions, Server } from './server';

const TYPES = ['azurerm_linux_virtual_machine', 'azurerm_network_interface', 'azurerm_lb', 'azurerm_lb_rule', 'azurerm_lb_probe', 'azurerm_lb_backend_address_pool',
  'azurerm_network_interface_backend_address_pool_association'];
/** The first address of the subnet, and that of the first machine. */
const GATEWAY = '10.40.0.1/24';
const HEAD = '10.40.0.4';
/** From when a machine gets no new connections until it is deleted; it loses its power then. */
const LEAVING_MILLISECONDS = 10_000;

interface Wanted {
  readonly name: string;
  readonly address: string;
}

/** A server of several machines: the first one has the disk, the others and the balancer in front of them come and go by what is applied. */
export class Cluster extends Server {
  /** The machines beside the first one, by name. */
  readonly nodes = new Map<string, Machine>();
  readonly balancer = new Balancer(PUBLIC_ADDRESS);
  private hasNetwork = false;

  constructor(readonly fabric = new Fabric(GATEWAY, PUBLIC_ADDRESS)) {
    super(new Machine({ name: `${lane.name}-head`, folder: lane.folder, device: lane.device, address: HEAD, cable: fabric.cable(`${lane.name}-head`, HEAD) }), TYPES);
  }

  override async begin(props: ServerProps, osDiskMegabytes?: number): Promise<void> {
    this.fabric.begin();
    this.hasNetwork = true;
    this.balancer.start();
    await super.begin(props, osDiskMegabytes);
    this.connect();
  }

  /** The names of the machines that new connections from outside are led to. */
  serving(port = 443): string[] {
    const names = new Map(this.wanted.map(({ name, address }) => [address, name]));
    return this.balancer.serving(port).map((address) => names.get(address) ?? address);
  }

  node(number: number): Machine {
    const found = [...this.nodes].find(([name]) => name.endsWith(`node-${number}`));
    if (!found) {
      throw new Error(`there is no node ${number} among ${[...this.nodes.keys()].join(', ')}`);
    }
    return found[1];
  }

  override plan(props: ServerProps): this {
    super.plan(props);
    const { azurerm_linux_virtual_machine: machines, azurerm_user_assigned_identity: identities } = this.state!.resources;
    this.wanted.forEach(({ name, address }) => {
      const ids: string[] = [machines.find((one) => one.name === name).identity].flat().flatMap((one: any) => one.identity_ids);
      this.azure.metadata.identitiesAt.set(address, new Set(identities.filter(({ id }) => ids.includes(id)).map(({ client_id: id }) => id)));
    });
    return this;
  }

  override async apply(props: ServerProps, options: RunOptions = {}): Promise<Result[]> {
    this.plan(props);
    await this.removeUnwanted();
    await this.addWanted();
    const results = await super.apply(props, options);
    if (results.every(({ ok }) => ok)) {
      this.connect();
    }
    return results;
  }

  /** A machine's OS disk anew, as if it had been replaced. */
  async replaceNode(number: number): Promise<void> {
    const machine = this.node(number);
    await machine.die();
    await this.boot(machine);
    const [name] = [...this.nodes].find(([, one]) => one === machine)!;
    [...this.good].filter((one) => one.startsWith(`${name}/`)).forEach((one) => this.good.delete(one));
  }

  protected override stepOf(command: RunCommand): string {
    const step = super.stepOf(command);
    const number = /node-(\d+)$/.exec(command.machine)?.[1];
    return number ? `${step}-${number}` : step;
  }

  protected override machineOf({ machine }: RunCommand): Machine {
    return this.nodes.get(machine) ?? this.machine;
  }

  protected override get machines(): readonly Machine[] {
    return [this.machine, ...this.nodes.values()];
  }

  protected override async remove(): Promise<void> {
    this.balancer.stop();
    await super.remove();
    if (this.hasNetwork) {
      this.fabric.end();
    }
  }

  private get wanted(): Wanted[] {
    const { azurerm_linux_virtual_machine: machines, azurerm_network_interface: interfaces } = this.state!.resources;
    return machines.map(({ name, network_interface_ids: [id] }) => ({ name, address: interfaces.find((one) => one.id === id).private_ip_address }));
  }

  private async removeUnwanted(): Promise<void> {
    const gone = [...this.nodes].filter(([name]) => !this.wanted.some((one) => one.name === name));
    if (gone.length > 0) {
      this.connect();
      await setTimeout(LEAVING_MILLISECONDS);
    }
    for (const [name, machine] of gone) {
      await machine.die();
      machine.wipe();
      this.nodes.delete(name);
      this.fabric.remove(`${lane.name}-${name}`);
      [...this.good].filter((one) => one.startsWith(`${name}/`)).forEach((one) => this.good.delete(one));
    }
  }

  private async addWanted(): Promise<void> {
    const fresh = this.wanted.filter(({ name, address }) => address !== HEAD && !this.nodes.has(name));
    await Promise.all(fresh.map(async ({ name, address }) => {
      const place = `${lane.name}-${name}`;
      const folder = join(lane.folder, name);
      mkdirSync(folder, { recursive: true });
      const machine = new Machine({ name: place, folder, address, hostname: name, cable: this.fabric.cable(place, address) });
      this.nodes.set(name, machine);
      await this.boot(machine);
    }));
  }

  private async boot(machine: Machine): Promise<void> {
    machine.create(this.azure.hosts, this.azure.authority.certificate);
    machine.hasten();
    await machine.start();
  }

  /** The balancer as it is planned; without one the address is the first machine's own. */
  private connect(): void {
    const { resources } = this.state!;
    const addressOf = new Map(resources.azurerm_network_interface.map(({ id, private_ip_address: address }) => [id, address]));
    const probes = new Map(resources.azurerm_lb_probe.map((one): [string, Probe] => [one.id, probeOf(one)]));
    const rules = resources.azurerm_lb_rule.flatMap((rule): BalancerRule[] => rule.backend_address_pool_ids.map((pool: string) =>
      ({ port: Number(rule.frontend_port), backendPort: Number(rule.backend_port), pool, probe: probes.get(rule.probe_id) })));
    const members = resources.azurerm_network_interface_backend_address_pool_association
      .map(({ backend_address_pool_id: pool, network_interface_id: id }) => ({ pool, address: addressOf.get(id) as string }));
    this.balancer.set(resources.azurerm_lb.length > 0 ? { rules, members } : { direct: HEAD });
  }
}

/** As the provider fills in what is left out. */
function probeOf({ protocol, port, request_path: path, number_of_probes: silences = 2 }: any): Probe {
  assert.equal(protocol, 'Http');
  return { port: Number(port), path, threshold: Number(silences) };
}
