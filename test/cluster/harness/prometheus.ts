// The real Prometheus on a cluster: it finds managers as Azure's add-on does by a PodMonitor. Debian's knows no Kubernetes, so that it is told of pods.
import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster, NODE_ADDRESS } from './cluster';
import { Rule } from './watched';

/** The times of rules, from minutes to seconds: half a second each is the least that a scrape a second allows. */
const SHORTER = 30;
const URL = `http://${NODE_ADDRESS}:9090`;

export function prometheusProgram(name: 'prometheus' | 'promtool'): string {
  return join(process.env.CLUSTER_PROMETHEUS!, name);
}

export class Prometheus {
  private readonly folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  private process?: ChildProcess;
  private finding?: NodeJS.Timeout;
  private output = '';

  constructor(private readonly cluster: Cluster) {}

  /** Beside the pods of the monitors, what Azure's add-on asks by itself. */
  async start(rules: readonly Rule[], monitors: readonly any[], stateMetrics: object): Promise<void> {
    const config = join(this.folder, 'prometheus.json');
    const short = rules.map((rule) => ({ ...rule, expr: shorter(rule.expr), for: shorter(rule.for) }));
    writeFileSync(join(this.folder, 'rules.json'), JSON.stringify({ groups: [{ name: 'runners', rules: short }] }));
    writeFileSync(config, JSON.stringify({
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: [join(this.folder, 'rules.json')],
      scrape_configs: [...monitors.map((monitor) => scrapeConfig(monitor, this.targetsOf(monitor))), stateMetrics],
    }));
    await this.findTargets(monitors);
    execFileSync(prometheusProgram('promtool'), ['check', 'config', config]);
    this.process = spawn(prometheusProgram('prometheus'), [
      `--config.file=${config}`, `--storage.tsdb.path=${join(this.folder, 'data')}`, `--web.listen-address=${NODE_ADDRESS}:9090`,
    ], { stdio: ['ignore', 'pipe', 'pipe'] });
    [this.process.stdout!, this.process.stderr!].forEach((stream) => stream.on('data', (data) => {
      this.output = `${this.output}${data}`.slice(-4000);
    }));
    await this.cluster.until(() => `Prometheus answers (${this.output})`, async () => (await fetch(`${URL}/-/ready`)).ok);
  }

  async stop(): Promise<void> {
    clearInterval(this.finding);
    this.process?.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private targetsOf({ metadata: { name, namespace } }: any): string {
    return join(this.folder, `targets-${namespace}-${name}.json`);
  }

  /** Looks again and again for the pods that the monitors select. */
  private async findTargets(monitors: readonly any[]): Promise<void> {
    const find = async () => {
      for (const monitor of monitors) {
        const { metadata: { namespace }, spec: { selector: { matchLabels }, podMetricsEndpoints: [{ port }] } } = monitor;
        const labels = Object.entries(matchLabels).map(([label, value]) => `${label}=${value}`).join(',');
        const { body: { items } } = await this.cluster.api.call('GET', `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(labels)}`);
        const targets = items.flatMap(({ metadata: { name: pod }, spec, status }: any) => (status.podIP ? spec.containers.flatMap((container: any) =>
          (container.ports ?? []).filter((one: any) => one.name === port).map(({ containerPort }: any) => ({
            targets: [`${status.podIP}:${containerPort}`], labels: { namespace, pod, container: container.name },
          }))) : []));
        writeFileSync(`${this.targetsOf(monitor)}.new`, JSON.stringify(targets));
        renameSync(`${this.targetsOf(monitor)}.new`, this.targetsOf(monitor));
      }
    };
    await find();
    // an API server that does not answer once will the next time.
    this.finding = setInterval(() => find().catch(() => undefined), 1000);
  }

  /** The names of the alerts that fire. */
  async firing(): Promise<string[]> {
    const { data } = await (await fetch(`${URL}/api/v1/alerts`)).json() as any;
    return data.alerts.filter(({ state }: any) => state === 'firing').map(({ labels }: any) => labels.alertname).sort();
  }

  /** The values that an expression has now. */
  async query(expression: string): Promise<{ metric: { [label: string]: string }; value: string }[]> {
    const { data } = await (await fetch(`${URL}/api/v1/query?query=${encodeURIComponent(expression)}`)).json() as any;
    return data.result.map(({ metric, value }: any) => ({ metric, value: value[1] }));
  }
}

/** What the Prometheus Operator, and Azure's add-on with it, makes of a PodMonitor; here a file names the pods. */
function scrapeConfig({ metadata: { name, namespace }, spec }: any, targets: string): any {
  return {
    job_name: `podMonitor/${namespace}/${name}/0`,
    metrics_path: spec.podMetricsEndpoints[0].path,
    file_sd_configs: [{ files: [targets], refresh_interval: '1s' }],
    label_limit: spec.labelLimit,
    label_name_length_limit: spec.labelNameLengthLimit,
    label_value_length_limit: spec.labelValueLengthLimit,
    relabel_configs: [{ target_label: 'job', replacement: `${namespace}/${name}` }],
  };
}

function shorter(text: string): string {
  return text.replace(/\b(\d+)m\b/g, (_, minutes) => `${Number(minutes) * 60 / SHORTER}s`);
}
