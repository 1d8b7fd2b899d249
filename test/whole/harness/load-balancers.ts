// Azure's load balancers, as far as new connections go: a rule of the frontend leads to a machine of its pool whose probe is answered at that moment.
// Not checked: intervals and thresholds of probes, flows, outbound rules, and whom a client comes from; the first-boot tier's balancer has those.
import { LOAD_BALANCER } from '../../apply/azure/addresses';
import { Arm } from '../../apply/azure/core';
import { members } from '../../apply/azure/load-balancer';
import { answerTo } from '../../firstboot/harness/balancer';

export class LoadBalancers {
  private next = 0;

  constructor(private readonly arm: Arm) {}

  /** The addresses of the machines that a connection may be led to, or undefined where an address is not a load balancer's. */
  async machinesFor(address: string, port: number): Promise<string[] | undefined> {
    const frontends = this.arm.list(LOAD_BALANCER)
      .flatMap(({ properties }) => properties.frontendIPConfigurations.map((one: any) => ({ ...one, balancer: properties })));
    const frontend = frontends.find(({ properties: { publicIPAddress, privateIPAddress } }) =>
      [privateIPAddress, publicIPAddress && this.arm.find(publicIPAddress.id)?.properties.ipAddress].includes(address));
    if (!frontend) {
      return undefined;
    }
    const rules: any[] = frontend.balancer.loadBalancingRules.map(({ properties }: any) => properties);
    const rule = rules.find((one) => one.frontendPort === port && same(one.frontendIPConfiguration.id, frontend.id));
    const probe = frontend.balancer.probes.find(({ id }: any) => same(id, rule?.probe?.id))?.properties;
    const interfaces = rule ? members(this.arm, rule.backendAddressPool.id) : [];
    const machines = interfaces.map(({ properties }) => properties.ipConfigurations[0].properties.privateIPAddress);
    const answers = await Promise.all(machines.map(async (machine) =>
      !probe || await answerTo({ ...probe, path: probe.requestPath }, machine) === 200));
    return machines.filter((_, index) => answers[index]);
  }

  /** One of them after the other. */
  choose(machines: readonly string[]): string | undefined {
    this.next += 1;
    return machines[this.next % machines.length];
  }
}

const same = (id: string | undefined, other: string | undefined) => id !== undefined && id.toLowerCase() === other?.toLowerCase();
