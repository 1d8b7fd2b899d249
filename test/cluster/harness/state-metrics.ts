// The real kube-state-metrics, on the API server of the cluster, and what Azure's add-on for metrics keeps of what it tells.
import { ChildProcess, spawn } from 'node:child_process';
import { Cluster, NODE_ADDRESS } from './cluster';

const PORT = 8080;

/**
 * What the add-on keeps by default, its "minimal ingestion profile", of the kinds that are asked for here; labels it keeps all.
 * @see https://learn.microsoft.com/azure/azure-monitor/containers/prometheus-metrics-scrape-default
 */
const KEPT = [
  'kube_node_info', 'kube_node_spec_taint', 'kube_node_status_(allocatable|capacity|condition)',
  'kube_pod_(info|owner|created|start_time|deletion_timestamp)', 'kube_pod_status_(phase|reason)', 'kube_pod_init_container_.*',
  'kube_pod_container_(info|state_started|resource_limits|resource_requests)',
  'kube_pod_container_status_(ready|running|waiting|terminated|waiting_reason|last_terminated_reason|restarts_total)', 'kube_.*_(labels|annotations)',
];

export class StateMetrics {
  private process?: ChildProcess;
  private output = '';

  constructor(private readonly cluster: Cluster) {}

  /** @returns how the add-on has Prometheus ask for it */
  async start(): Promise<object> {
    this.process = spawn(process.env.CLUSTER_STATE_METRICS!, [
      '--kubeconfig', this.cluster.kubeconfig, '--resources', 'nodes,pods', '--host', NODE_ADDRESS, '--port', `${PORT}`, '--telemetry-host', NODE_ADDRESS, '--telemetry-port', `${PORT + 1}`,
    ], { stdio: ['ignore', 'pipe', 'pipe'] });
    [this.process.stdout!, this.process.stderr!].forEach((stream) => stream.on('data', (data) => {
      this.output = `${this.output}${data}`.slice(-4000);
    }));
    await this.cluster.until(() => `kube-state-metrics tells of the node (${this.output})`, async () => (await this.told()).some((line) => line.startsWith('kube_node_info{')));
    return {
      job_name: 'kube-state-metrics',
      static_configs: [{ targets: [`${NODE_ADDRESS}:${PORT}`] }],
      label_limit: 63, label_name_length_limit: 511, label_value_length_limit: 1023,
      metric_relabel_configs: [{ source_labels: ['__name__'], regex: KEPT.join('|'), action: 'keep' }],
    };
  }

  /** All that it tells, before anything is dropped. */
  async told(): Promise<string[]> {
    return (await (await fetch(`http://${NODE_ADDRESS}:${PORT}/metrics`)).text()).split('\n');
  }

  stop(): void {
    this.process?.kill('SIGKILL');
  }
}
