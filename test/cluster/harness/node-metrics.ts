// What kube-state-metrics of Azure's add-on tells of nodes, by those that the API server has.
// Not checked: its other metrics and labels.
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { Cluster, NODE_ADDRESS } from './cluster';

export class NodeMetrics {
  private readonly server: Server;

  constructor(cluster: Cluster) {
    this.server = createServer((_, response) => {
      cluster.api.call('GET', '/api/v1/nodes').then(({ body: { items } }) => {
        response.setHeader('content-type', 'text/plain; version=0.0.4');
        response.end(`# TYPE kube_node_info gauge\n${items.map(({ metadata: { name } }: any) => `kube_node_info{node="${name}"} 1\n`).join('')}`);
      }, () => response.writeHead(503).end());
    });
  }

  /** @returns the address that Prometheus is told */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, NODE_ADDRESS, resolve));
    return `${NODE_ADDRESS}:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
