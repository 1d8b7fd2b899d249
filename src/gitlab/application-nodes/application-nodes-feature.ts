import { ApplicationNode } from './application-node';
import { checkApplicationNodes } from './application-nodes-checks';
import { APPLICATION_NODES, applicationNodesPlan } from './application-nodes-plan';
import { GITALY_PORT, nodeSetUp, REDIS_PORT, serverSetUp, withoutNodesSetUp } from './application-nodes-set-up';
import { LoadBalancer, PROBE_PORT } from './load-balancer';
import { struct } from '../../private/rules/rule';
import { Feature } from '../private/feature';
import { warnOfMachineSize } from '../private/machine-size';

/** Machines that serve GitLab beside the server's own, behind a load balancer. */
export const APPLICATION_NODES_FEATURE = {
  rules: { applicationNodes: struct(APPLICATION_NODES) },
  plan(props) {
    if (props.applicationNodes === undefined) {
      return {};
    }
    const nodes = applicationNodesPlan(props.applicationNodes, props.zone);
    if (nodes.count === 0) {
      return { create: () => ({ setUp: withoutNodesSetUp() }) };
    }
    let balancer: LoadBalancer;
    return {
      balanced: true,
      check: (scope) => checkApplicationNodes(scope, nodes, props),
      warn: (scope) => warnOfMachineSize(scope, 'applicationNodes.vmSize', nodes.vmSize),
      create({ endpoint, network, server }) {
        balancer = new LoadBalancer(server, 'LoadBalancer', {
          frontend: network.frontend!, isPublic: network.publicIpAddress !== undefined, ports: network.ports,
        });
        return {
          usable: [balancer.letServe(balancer, 'server', network.interfaceId), ...balancer.letOut(balancer, network.interfaceId)],
          setUp: serverSetUp({ serverAddress: network.privateIpAddress, host: endpoint.host }),
        };
      },
      createFurtherMachines({ endpoint, network, placement, server }, machines) {
        const registry = network.ports.find(({ name }) => name === 'Registry')?.port;
        const between = { serverAddress: network.privateIpAddress, registryPort: registry, host: endpoint.host };
        const made = Array.from({ length: nodes.count }, (_, position) => new ApplicationNode(server, `ApplicationNode${position + 1}`, {
          index: position + 1, nodes, server: props, placement, network, balancer, machines,
        }));
        network.allowInside(balancer, 'AllowProbes', { name: 'AllowProbes', priority: 4020, ports: [PROBE_PORT], from: ['AzureLoadBalancer'] });
        network.allowInside(balancer, 'AllowNodes', {
          name: 'AllowNodes', priority: 4010, from: made.map(({ privateIpAddress }) => privateIpAddress), to: network.privateIpAddress,
          ports: [GITALY_PORT, REDIS_PORT, props.sshPort, ...registry === undefined ? [] : [registry]],
        });
        made.forEach((node, position) => node.serve(nodeSetUp(between, node.name, position + 1)));
      },
    };
  },
} satisfies Feature;
