import { AzureError } from '../../preflight/az-errors';
import { Outcome, tried } from '../../verify/outcome';
import { NotYet, Patience } from '../../verify/patience';
import { Platform } from '../../verify/platform';
import { CHECKS } from '../../verify/run';

export const HOST = '127.0.0.1';
export const [MANAGER, OTHER_NODE] = [manager('one', 'node-1'), 'node-2'];

export function manager(uid: string, nodeName: string, ready = true) {
  return {
    metadata: { uid, name: `gitlab-runner-${uid}`, namespace: 'gitlab-runner' }, spec: { nodeName },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  };
}

const node = (name: string, pool: string) => ({ metadata: { name, labels: { 'kubernetes.azure.com/agentpool': pool } } });

/** A platform on which all is well, and what a fault may change of it. */
export class World {
  state = JSON.stringify({ resources: [{ mode: 'managed' }], outputs: { url: { value: 'https://gitlab' } } });
  changes: string[] = [];
  /** What the vault says; undefined if it shows the secret. */
  vaultError?: AzureError;
  redirect?: string = `https://${HOST}/`;
  openPorts: number[] = [80, 443];
  podsWhileRunning: string[] = ['runner-abc-project-1-concurrent-0'];
  podsAfterwards: string[] = [];
  managers: any[] = [MANAGER];
  /** What there is after a pod was deleted or evicted. */
  nextManagers: any[] = [manager('two', OTHER_NODE)];
  /** How often a budget of disruptions forbids an eviction. */
  refusedEvictions = 0;
  nodes = [node('node-1', 'system'), node(OTHER_NODE, 'system'), node('node-3', 'jobs')];
  /** When the machine has begun, at each look. */
  boots = ['UserspaceTimestamp=Mon 09:00', 'UserspaceTimestamp=Mon 10:00'];
  backup = 'ActiveState=inactive\nResult=success\nbackup 20261130T010203Z-19.4.1-ce';
  restore = 'GitLab is back\nexit:0';
  fileAfterRestore = 'before the backup';
  /** What Azure tells of the alert, at each look. */
  alertConditions: string[][] = [[], ['Fired'], ['Fired'], ['Resolved']];
  alertRule = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Insights/metricAlerts/verify-alerts-PodsPending';
  readonly calls: string[] = [];
  private ended = false;
  private looked = false;
  private made?: Platform;
  apply: () => Promise<void> = async () => {};
  version: () => string = () => '19.4.1';
  job: (script: string) => { status: string; failure_reason?: string; log: string } = (script) => {
    const failed = script.includes('exit 3');
    const said = /echo "([^"$]+)"/.exec(script)?.[1] ?? '';
    const more = script.includes('hostname') ? '\nrunner-abc-project-1-concurrent-0' : script.includes('169.254') ? '\nmetadata closed' : '';
    return failed ? { status: 'failed', failure_reason: 'script_failure', log: `${said}\nERROR: Job failed: command terminated with exit code 3` }
      : { status: 'success', log: `${said}${more}\nJob succeeded` };
  };

  /** Tries the check of one claim. */
  async try(claim: string): Promise<Outcome> {
    const check = CHECKS.find((one) => one.claim === claim)!;
    return tried(claim, () => check.run(this.platform));
  }

  private get platform(): Platform {
    return this.made ??= this.make();
  }

  private make(): Platform {
    const jobs: string[] = [];
    const gitlab = {
      host: HOST,
      version: async () => this.version(),
      commit: async () => 'commit',
      read: async () => this.fileAfterRestore,
      pushJobs: async (_: number, ci: string) => {
        jobs.push(ci);
        this.ended = this.looked = false;
        return async () => jobs.length;
      },
      jobs: async (_: number, pipeline: number) => {
        if (!this.looked) {
          this.looked = true;
          return [{ id: pipeline, name: 'job', status: 'running' }];
        }
        this.ended = true;
        const [{ script }] = Object.values<any>(JSON.parse(jobs[pipeline - 1])).filter((one) => one.script);
        return [{ id: pipeline, name: 'job', ...this.job(script.join('\n')) }];
      },
      log: async (_: number, id: number) => {
        const [{ script }] = Object.values<any>(JSON.parse(jobs[id - 1])).filter((one) => one.script);
        return this.job(script.join('\n')).log;
      },
    };
    const kubernetes = {
      list: async (path: string) => (path.endsWith('/nodes') ? this.nodes : []),
      call: async (method: string, path: string) => {
        this.calls.push(`${method} ${path}`);
        if (path.endsWith('/eviction') && this.refusedEvictions-- > 0) {
          throw new AzureError('Unknown', `the API server answers ${path} with 429`);
        }
        if ((method === 'DELETE' && path.includes('gitlab-runner')) || path.endsWith('/eviction')) {
          this.managers = this.nextManagers;
        }
      },
    };
    const signal = new AbortController().signal;
    const patience = new Patience(() => {}, signal, 1);
    const quick = {
      stopIfInterrupted: () => {},
      // as long as the real one in turns, not in minutes.
      async until(what: string, _: number, ask: () => Promise<unknown>) {
        for (let turn = 0; turn < 5; turn++) {
          const answer = await ask().catch((error) => {
            if (!(error instanceof NotYet)) {
              throw error;
            }
          });
          if (answer !== undefined) {
            return answer;
          }
        }
        return patience.until(what, -1, async () => undefined);
      },
    };
    const boots = () => (this.boots.length > 1 ? this.boots.shift()! : this.boots[0]);
    return {
      patience: quick, subscriptionId: 'subscription', tell: () => {},
      folder: { stack: '/nowhere', synthesised: '/nowhere', resources: 1, state: this.state, notes: { name: 'verify' }, change: () => {} },
      terraform: { init: async () => {}, apply: () => this.apply(), changes: async () => this.changes },
      az: {
        get: async () => ({
          value: (this.alertConditions.length > 1 ? this.alertConditions.shift()! : this.alertConditions[0]).map((monitorCondition) => ({
            properties: { essentials: { alertRule: this.alertRule, monitorCondition } },
          })),
        }),
        command: async (...args: string[]) => {
          this.calls.push(args.join(' '));
          if (args[0] === 'keyvault' && this.vaultError) {
            throw this.vaultError;
          }
        },
      },
      outputs: async () => ({ url: `https://${HOST}`, server_group: 'group', machine: 'vm', server_vault: 'vault', account: 'account', cluster_group: 'group', cluster: 'cluster' }),
      onServer: async (script: string) => {
        this.calls.push(script);
        return script.includes('UserspaceTimestamp') ? boots() : script.startsWith('journalctl') ? this.restore : script.includes('ActiveState') ? this.backup : '';
      },
      outside: { opens: async (_: string, port: number) => this.openPorts.includes(port), redirection: async () => this.redirect },
      gitlab: async () => gitlab,
      projectId: async () => 1,
      kubernetes: async () => kubernetes,
      managers: async () => this.managers,
      managerReady: Platform.prototype.managerReady,
      jobPods: async () => (this.ended ? this.podsAfterwards : this.podsWhileRunning).map((name) => ({ metadata: { name } })),
    } as unknown as Platform;
  }
}
