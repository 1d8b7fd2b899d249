// The virtual machines beside the first one, in network namespaces of their own that are cabled to this one. The first one shares this network, so its address
// is one of this network's own. Not checked: how they leave the load balancer before their power goes.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { NIC } from '../../apply/azure/addresses';
import { Arm } from '../../apply/azure/core';
import { Resource } from '../../apply/azure/resource';
import { Fabric } from '../../firstboot/harness/fabric';
import { lane } from '../../firstboot/harness/lane';
import { Machine } from '../../firstboot/harness/machine';

export class ApplicationMachines {
  static isOne({ name }: Resource): boolean {
    return /-node-\d+$/.test(name);
  }

  private readonly machines = new Map<string, Machine>();
  private fabric?: Fabric;

  constructor(private readonly arm: Arm) {}

  get all(): Machine[] {
    return [...this.machines.values()];
  }

  find(name: string): Machine | undefined {
    return this.machines.get(name);
  }

  /** The address that a machine has in its subnet. */
  addressOf({ properties }: Resource): string {
    return this.arm.find(properties.networkProfile.networkInterfaces[0].id)!.properties.ipConfigurations[0].properties.privateIPAddress;
  }

  /** A machine that is off, connected to the others. */
  add(resource: Resource): Machine {
    const address = this.addressOf(resource);
    if (!this.fabric) {
      const first = this.arm.list(NIC).find(({ name }) => /-vm-nic$/.test(name))!;
      this.fabric = new Fabric(`${address.replace(/\d+$/, '1')}/24`, first.properties.ipConfigurations[0].properties.privateIPAddress);
      this.fabric.begin();
    }
    const name = `${lane.name}-${resource.name}`;
    const folder = join(lane.folder, resource.name);
    mkdirSync(folder, { recursive: true });
    const machine = new Machine({ name, folder, address, hostname: resource.name, cable: this.fabric.cable(name, address) });
    this.machines.set(resource.name, machine);
    return machine;
  }

  async remove(name: string): Promise<void> {
    const machine = this.machines.get(name)!;
    await machine.die();
    machine.wipe();
    this.machines.delete(name);
    this.fabric!.remove(`${lane.name}-${name}`);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.machines.keys()].map((name) => this.remove(name)));
    this.fabric?.end();
  }
}
