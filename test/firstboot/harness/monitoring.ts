// What the package has of Prometheus: the real one and its real node exporter, by the file and the user that reconfigure made. Rules are asked each
// second, and what has to be so for minutes has to be so for two of them.
import { isDeepStrictEqual } from 'node:util';
import { until } from './lane';
import { Machine } from './machine';

const PROGRAMS = '/usr/lib/omnibus-monitoring';
const DATA = '/var/tmp/prometheus';
const URL = 'http://127.0.0.1:9090';
/** What GitLab's exporter tells, which is not there: files by the names of its paths. */
const EXPORTED = '/var/tmp/gitlab-exporter';
/** Where gitlab.rb says that rules are. */
export const RULES_FILE = '/var/tmp/rules.json';

export interface AzureRule {
  readonly alert: string;
  readonly expression: string;
}

export class Monitoring {
  constructor(private readonly machine: Machine) {}

  async start(rules: readonly AzureRule[]): Promise<void> {
    this.machine.write(RULES_FILE, JSON.stringify({
      groups: [{ name: 'server', interval: '1s', rules: rules.map(({ alert, expression }) => ({ alert, expr: expression, for: '2s' })) }],
    }));
    await this.machine.run('install', '-d', '-o', 'gitlab-prometheus', DATA);
    await this.startExporter();
    this.queue(0);
    await this.machine.run('systemd-run', '--quiet', '--collect', '--unit=gitlab-exporter', 'python3', '-m', 'http.server', '--bind', '127.0.0.1', '--directory', EXPORTED, '9168');
    await this.unit('prometheus', 'prometheus', '--config.file=/var/opt/gitlab/prometheus/prometheus.yml', `--storage.tsdb.path=${DATA}`, '--web.listen-address=127.0.0.1:9090');
    await until('Prometheus', async () => {
      try {
        return (await fetch(`${URL}/-/ready`)).ok;
      } catch {
        return false;
      }
    });
  }

  async startExporter(): Promise<void> {
    await this.unit('node-exporter', 'prometheus-node-exporter', '--web.listen-address=localhost:9100',
      '--collector.textfile.directory=/var/opt/gitlab/node-exporter/textfile_collector');
  }

  async stopExporter(): Promise<void> {
    await this.machine.run('systemctl', 'stop', 'node-exporter.service');
  }

  /** For how long the oldest job of Sidekiq's queue has been waiting. */
  queue(seconds: number): void {
    this.machine.write(`${EXPORTED}/sidekiq`, `# TYPE sidekiq_queue_latency_seconds gauge\nsidekiq_queue_latency_seconds{name="default"} ${seconds}\n`);
  }

  /** The names of the alerts that fire. The OS disk is the test machine's own, and fuller or emptier than a server's. */
  async firing(): Promise<string[]> {
    const { data } = await (await fetch(`${URL}/api/v1/alerts`)).json() as any;
    const firing = data.alerts.filter(({ state, labels }: any) => state === 'firing' && labels.mountpoint !== '/');
    return firing.map(({ labels }: any) => labels.alertname).sort();
  }

  /** The value that an expression has now, by its labels beside those of every series. */
  async query(expression: string): Promise<{ [labels: string]: number }> {
    const { data } = await (await fetch(`${URL}/api/v1/query?query=${encodeURIComponent(expression)}`)).json() as any;
    return Object.fromEntries(data.result.map(({ metric: { __name__, instance, job, ...labels }, value }: any) =>
      [Object.values(labels).join(), Number(value[1])]));
  }

  /** Waits until an expression has these values: Prometheus looks at the file once a second. */
  async tells(expression: string, expected: { readonly [labels: string]: number }): Promise<void> {
    let values = {};
    await until(expression, async () => isDeepStrictEqual(values = await this.query(expression), expected)).catch(() => {
      throw new Error(`${expression} is ${JSON.stringify(values)}, and not ${JSON.stringify(expected)}`);
    });
  }

  /** Waits until just these alerts fire. */
  async fires(...alerts: string[]): Promise<void> {
    let firing: string[] = [];
    await until(`${alerts.join(', ') || 'nothing'} fires`, async () => {
      firing = await this.firing();
      return JSON.stringify(firing) === JSON.stringify(alerts);
    }).catch(() => {
      throw new Error(`${firing.join(', ') || 'nothing'} fires, and not ${alerts.join(', ') || 'nothing'}`);
    });
  }

  private async unit(unit: string, program: string, ...args: string[]): Promise<void> {
    const asUser = ['--uid=gitlab-prometheus', '--gid=gitlab-prometheus'];
    await this.machine.run('systemd-run', '--quiet', '--collect', `--unit=${unit}`, ...asUser, `${PROGRAMS}/${program}`, ...args);
  }
}
