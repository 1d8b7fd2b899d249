import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ApplicationNodesPlan } from './application-nodes-plan';
import { LoadBalancer } from './load-balancer';
import { partName } from '../../azure/names/part-names';
import { Placement } from '../../azure/place/placement';
import { suffixed } from '../../private/default-name';
import { linuxMachine } from '../machine/linux-machine';
import { MachineInterface, Network } from '../machine/network';
import { delayed, Patching } from '../machine/patching';
import { FurtherMachines } from '../private/feature';
import { FilledProps } from '../private/filled-props';
import { FurtherMachine } from '../set-up/set-up-part';

/** How much later than the machine before it a node is updated, and perhaps restarted. */
const PATCHING_MINUTES = 30;

export interface ApplicationNodeProps {
  readonly index: number;
  readonly nodes: ApplicationNodesPlan;
  readonly server: FilledProps;
  readonly placement: Placement;
  readonly network: Network;
  readonly balancer: LoadBalancer;
  readonly machines: FurtherMachines;
}

/** A machine that serves GitLab and holds nothing. */
export class ApplicationNode extends Construct {
  /** By what the other machines know it. */
  public readonly name: string;
  private readonly interface: MachineInterface;
  private readonly wayOut: ITerraformDependable[];
  private readonly machineId: string;

  constructor(scope: Construct, id: string, private readonly props: ApplicationNodeProps) {
    super(scope, id);
    const { balancer, index, machines, network, nodes, placement, server } = props;
    const role = `node-${index}`;
    this.name = partName(this, 'virtualMachine', suffixed(server.virtualMachineName, `-${role}`, 64), role);
    const { name } = this;
    this.interface = network.addInterface(this, 'Interface', partName(this, 'networkInterface', `${name}-nic`, role));
    this.wayOut = balancer.letOut(this, this.interface.id);
    const machine = linuxMachine(this, 'VirtualMachine', {
      ...server,
      placement, name, role,
      size: nodes.vmSize,
      zone: nodes.zoneOf(index),
      osDiskSizeGb: nodes.osDiskSizeGb,
      interfaceId: this.interface.id,
      identityIds: machines.identityIds,
      roles: [...machines.roles, ...this.wayOut],
      // it holds nothing, and there are others.
      preventDestroy: false,
      // another image would replace all nodes at once.
      kept: ['source_image_reference'],
    });
    new Patching(this, 'Patching', {
      placement, role, machineName: name, machineId: machine.id, window: delayed(server.maintenanceWindow, PATCHING_MINUTES * index),
    });
    this.machineId = machine.id;
  }

  public get privateIpAddress(): string {
    return this.interface.privateIpAddress;
  }

  /** Has it set up and, after that, asked. So it leaves the load balancer before anything else of it goes. */
  public serve(setUp: FurtherMachine): void {
    const { balancer, machines, network } = this.props;
    const waitFor = [...this.interface.reachable, ...this.wayOut, ...network.reachable];
    const ready = machines.setUp(this, { ...setUp, virtualMachineId: this.machineId, waitFor });
    balancer.letServe(this, 'nodes', this.interface.id, [ready]);
  }
}
