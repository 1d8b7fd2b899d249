import { Check } from './check';
import { JOB_RUNNER_TEST, nextJobSucceeds, runJob, succeeds, TEST_POD_CREATION } from '../jobs';
import { Refuted } from '../outcome';
import { demand, Platform } from '../platform';

const FAILS = ['echo "this job fails"', 'exit 3'];
const [CLOSED, OPEN, BLIND] = ['metadata closed', 'metadata open', 'nothing is reached at all'];

/** Whether a job opens a connection to an address; GitLab's own shows that it can tell. */
function reaches(host: string): string[] {
  return [
    'opens() { timeout 10 bash -c "exec 3<>/dev/tcp/$1/$2" 2>/dev/null; }',
    `if ! opens ${host} 443; then echo "${BLIND}"; elif opens 169.254.169.254 80; then echo "${OPEN}"; else echo "${CLOSED}"; fi`,
  ];
}

export const FIRST_JOB: Check = {
  claim: 'job-runner-test',
  needs: ['https'],
  doing: 'the article\'s first job; Azure makes a node for it',
  async run(platform) {
    const { log } = await succeeds(platform, JOB_RUNNER_TEST);
    demand(log.includes('this job runs on AKS') && log.includes('Job succeeded'), `its log lacks its text:\n${log.slice(-500)}`);
  },
};

export const POD_OF_ITS_OWN: Check = {
  claim: 'test-pod-creation',
  needs: ['job-runner-test'],
  doing: 'the article\'s second job, and a look at the pods meanwhile',
  async run(platform) {
    const seen = new Set<string>();
    const { log } = await succeeds(platform, TEST_POD_CREATION, async () => {
      (await platform.jobPods()).forEach(({ metadata }) => seen.add(metadata.name));
    });
    const own = [...seen].find((name) => log.includes(name));
    demand(own !== undefined, `no pod in the cluster bears the host name that the job printed; seen: ${seen.size}`);
    await platform.patience.until('its pod to go', 5, async () => (await platform.jobPods()).every(({ metadata }) => metadata.name !== own) || undefined);
  },
};

export const FAILING_JOB: Check = {
  claim: 'job-that-fails',
  needs: ['job-runner-test'],
  doing: 'a job whose script fails',
  async run(platform) {
    const { status, failure_reason: reason, log } = await runJob(platform, { name: 'fails', script: FAILS });
    demand(status === 'failed' && reason === 'script_failure', `it ended as ${status}, ${reason ?? 'without a reason'}`);
    demand(log.includes('this job fails') && log.includes('exit code 3'), `its log does not tell why:\n${log.slice(-500)}`);
  },
};

export const METADATA_CLOSED: Check = {
  claim: 'metadata-closed',
  needs: ['job-runner-test'],
  doing: 'a job that asks for the metadata service',
  async run(platform) {
    const { host } = await platform.gitlab();
    const { log } = await succeeds(platform, { name: 'metadata', script: reaches(host) });
    // the runner shows each line of the script too.
    const [said] = [CLOSED, OPEN, BLIND].filter((one) => new RegExp(`^${one}\\s*$`, 'm').test(plain(log)));
    if (said === undefined || said === BLIND) {
      throw new Refuted(`the job cannot tell: ${said ?? 'it printed nothing of it'}`);
    }
    demand(said === CLOSED, 'a job opens a connection to 169.254.169.254:80');
  },
};

/** After the manager's pod is gone, all that it knew by heart is gone too. */
export const MANAGER_DELETED: Check = {
  claim: 'manager-deleted',
  needs: ['job-runner-test'],
  doing: 'deleting the pod of the runner\'s manager',
  async run(platform) {
    const [old] = await platform.managers();
    demand(old !== undefined, 'there is no pod of a manager');
    await (await platform.kubernetes()).call('DELETE', podPath(old));
    await anotherManager(platform, old);
    await nextJobSucceeds(platform, 'a new manager');
  },
};

export async function anotherManager(platform: Platform, old: any): Promise<any> {
  return platform.managerReady('another pod of the manager', ({ metadata }) => metadata.uid !== old.metadata.uid);
}

export function podPath({ metadata }: any): string {
  return `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`;
}

/** A log without time stamps and colours. */
function plain(log: string): string {
  return log.replace(/^\S+Z \d\d[OE][ +]/gm, '').replace(/\x1b\[[\d;]*[mK]/g, '').replace(/\r/g, '\n');
}
