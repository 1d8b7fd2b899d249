import { Kubernetes } from './kubernetes';
import { duration } from './server-look';
import { wayToGitLab } from './way-to-gitlab';
import { Found } from '../preflight/finding';
import { answered } from '../preflight/question';

/** A little more than the pause that a manager makes after three refusals. */
const WINDOW_SECONDS = 330;
const MANY = 3;
const LINE = /^(\S+) .*?Checking for jobs\.\.\. *(failed|forbidden|error)\b.*?\bstatus=("(?:[^"\\]|\\.)*"|\S+)/;

/** What GitLab, or the way to it, gave a manager instead of an answer. */
export interface Refusal { readonly forbidden: boolean; readonly status: string; readonly ageSeconds: number }

/** What a manager's log, with times, tells of requests that go wrong now. One that goes well leaves no line: the last three tell when the next would be due. */
export function lastRefusal(log: string, now = Date.now()): Refusal | undefined {
  const lines = log.split('\n').flatMap((line) => {
    const [, time, kind, status] = LINE.exec(line) ?? [];
    return time === undefined ? [] : [{ forbidden: kind === 'forbidden', status, ageSeconds: (now - Date.parse(time)) / 1000 }];
  }).slice(-MANY);
  const [first, last] = [lines[0], lines.at(-1)];
  if (first === undefined || last === undefined || lines.length < MANY) {
    return undefined;
  }
  const pause = last.forbidden ? WINDOW_SECONDS : first.ageSeconds - last.ageSeconds;
  const status = last.status.startsWith('"') ? JSON.parse(last.status) : last.status;
  return last.ageSeconds > pause + 15 ? undefined : { ...last, status };
}

/** Whether the managers of a deployment get answers. GitLab itself notices only after hours that nobody asks it. */
export async function silenceOf(kubernetes: Kubernetes, name: string, pods: readonly any[]): Promise<readonly Found[]> {
  // one that has not begun has no log.
  const running = pods.filter(({ status }) => status.containerStatuses?.some(({ name: container, state }: any) => container === 'gitlab-runner' && state?.running));
  const found = await Promise.all(running.map(({ metadata: { namespace, name: pod } }) => answered(`the log of ${pod}`, async (): Promise<Found[]> => {
    const log = await kubernetes.text(`/api/v1/namespaces/${namespace}/pods/${pod}/log?container=gitlab-runner&timestamps=true&sinceSeconds=${WINDOW_SECONDS}&tailLines=500`);
    const last = lastRefusal(log);
    return last === undefined ? [] : [{
      state: 'broken', meaning: 'no job of its runners starts',
      ...last.forbidden ? {
        what: `${name}: GitLab refused its token ${duration(last.ageSeconds)} ago (${last.status.slice(0, 200)})`,
        remedy: 'give rerun another value and apply: the runner is made again, with a new token',
      } : wayToGitLab(name, last.status),
    }];
  }, 'the role Azure Kubernetes Service RBAC Admin on the cluster')));
  return found.flat();
}
