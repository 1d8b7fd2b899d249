import { LbBackendAddressPool } from '@cdktf/provider-azurerm/lib/lb-backend-address-pool';
import { LbOutboundRule } from '@cdktf/provider-azurerm/lib/lb-outbound-rule';
import { LbProbe } from '@cdktf/provider-azurerm/lib/lb-probe';
import { LbRule } from '@cdktf/provider-azurerm/lib/lb-rule';
import { NetworkInterfaceBackendAddressPoolAssociation } from '@cdktf/provider-azurerm/lib/network-interface-backend-address-pool-association';
import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { Frontend, FRONTEND_NAME } from '../machine/frontend';
import { IP_CONFIGURATION, OpenPort } from '../machine/network';

/** Where each node says whether it serves: a port of its own, since the others answer with redirects, or with a certificate that no probe knows. */
export const PROBE_PORT = 8081;
export const PROBE_PATH = '/-/readiness';
const PROBE_SECONDS = 5;

/** What Azure gives each machine of the 64,000 outbound ports of the address: as many as eleven machines have room for. */
const OUTBOUND_PORTS = 5000;

/** Longer than any of GitLab's own services waits in silence. */
const IDLE_MINUTES = 30;

export interface LoadBalancerProps {
  readonly frontend: Frontend;
  /** Whether the address is a public one, which is the machines' way out too. */
  readonly isPublic: boolean;
  readonly ports: readonly OpenPort[];
}

/** What each node serves. Port 80 only redirects and answers Let's Encrypt, and there is one registry. */
const ON_NODES = ['Https', 'Ssh'];

type Pool = 'nodes' | 'server' | 'outbound';

/** Which machine answers at which port: nodes for what users ask, the server's own machine for what exists once. */
export class LoadBalancer extends Construct {
  private readonly pools = new Map<Pool, LbBackendAddressPool>();
  private readonly wayOut: ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, private readonly props: LoadBalancerProps) {
    super(scope, id);
    const { frontend: { loadBalancerId: loadbalancerId }, ports } = props;
    for (const name of ['nodes', 'server', ...props.isPublic ? ['outbound'] as const : []] as const) {
      this.pools.set(name, new LbBackendAddressPool(this, `${name[0].toUpperCase()}${name.slice(1)}`, { loadbalancerId, name }));
    }
    const probe = new LbProbe(this, 'Readiness', {
      loadbalancerId, name: 'readiness', protocol: 'Http', port: PROBE_PORT, requestPath: PROBE_PATH,
      intervalInSeconds: PROBE_SECONDS, numberOfProbes: 2, probeThreshold: 1,
    });
    ports.forEach((port) => ON_NODES.includes(port.name) ? this.addRule(port, 'nodes', probe) : this.addRule(port, 'server'));
    if (props.isPublic) {
      this.wayOut.push(new LbOutboundRule(this, 'OutboundRule', {
        loadbalancerId, name: 'outbound', protocol: 'All', backendAddressPoolId: this.pools.get('outbound')!.id, allocatedOutboundPorts: OUTBOUND_PORTS,
        frontendIpConfiguration: [{ name: FRONTEND_NAME }], tcpResetEnabled: true,
      }));
    }
  }

  /** Lets a machine answer. */
  public letServe(scope: Construct, pool: 'nodes' | 'server', networkInterfaceId: string, after: readonly ITerraformDependable[] = []): ITerraformDependable {
    return this.associate(scope, 'Serving', pool, networkInterfaceId, after);
  }

  /**
   * Lets a machine out by the address, if it is a public one.
   * @returns what has to be applied before it gets out
   */
  public letOut(scope: Construct, networkInterfaceId: string): ITerraformDependable[] {
    return this.props.isPublic ? [this.associate(scope, 'WayOut', 'outbound', networkInterfaceId, []), ...this.wayOut] : [];
  }

  private associate(
    scope: Construct, id: string, pool: Pool, networkInterfaceId: string, after: readonly ITerraformDependable[],
  ): ITerraformDependable {
    return new NetworkInterfaceBackendAddressPoolAssociation(scope, id, {
      networkInterfaceId, ipConfigurationName: IP_CONFIGURATION, backendAddressPoolId: this.pools.get(pool)!.id, dependsOn: [...after],
    });
  }

  private addRule({ name, port }: OpenPort, pool: Pool, probe?: LbProbe): void {
    new LbRule(this, name, {
      loadbalancerId: this.props.frontend.loadBalancerId,
      name: name.toLowerCase(),
      protocol: 'Tcp',
      frontendPort: port,
      backendPort: port,
      frontendIpConfigurationName: FRONTEND_NAME,
      backendAddressPoolIds: [this.pools.get(pool)!.id],
      probeId: probe?.id,
      idleTimeoutInMinutes: IDLE_MINUTES,
      tcpResetEnabled: true,
      // the outbound rule has the same address.
      disableOutboundSnat: this.props.isPublic,
    });
  }
}
