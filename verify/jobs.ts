import { Job } from './gitlab-api';
import { NotYet } from './patience';
import { demand, Platform } from './platform';
import { TAG } from './program';

/** A node for jobs is made from zero first. */
const JOB_MINUTES = 20;
const ENDED = ['success', 'failed', 'canceled', 'skipped'];

/** A job that has ended, with its log. */
export interface EndedJob extends Job { readonly log: string }

/** A job as `.gitlab-ci.yml` has it. */
export interface JobText {
  readonly name: string;
  readonly script: readonly string[];
  readonly stage?: string;
}

/** The two jobs of docs/from-the-article.md. */
export const JOB_RUNNER_TEST: JobText = { name: 'job-runner-test', script: ['echo "this job runs on AKS"'] };
export const TEST_POD_CREATION: JobText = { name: 'test-pod-creation', stage: 'verify', script: ['echo "a pod of its own:"', 'hostname', 'sleep 15'] };

/** Pushes one job and waits for its end; `meanwhile` is called while it runs. */
export async function runJob(platform: Platform, job: JobText, meanwhile: () => Promise<void> = async () => {}): Promise<EndedJob> {
  const { patience } = platform;
  const gitlab = await platform.gitlab();
  const project = await platform.projectId();
  const pushed = await patience.until(`GitLab to take job ${job.name}`, 5, () => gitlab.pushJobs(project, ciOf(job)));
  const pipeline = await patience.until('its pipeline', 5, pushed);
  const ended = await patience.until(`job ${job.name}`, JOB_MINUTES, async () => {
    const [found] = await gitlab.jobs(project, pipeline);
    if (found?.status === 'running') {
      await meanwhile();
    }
    if (!ENDED.includes(found?.status)) {
      throw new NotYet(`it is ${found?.status ?? 'not there yet'}`);
    }
    return found;
  });
  return { ...ended, log: await patience.until('its log', 2, async () => (await gitlab.log(project, ended.id)) || undefined) };
}

/** Runs a job that shall succeed. */
export async function succeeds(platform: Platform, job: JobText, meanwhile?: () => Promise<void>): Promise<EndedJob> {
  const ended = await runJob(platform, job, meanwhile);
  demand(ended.status === 'success', `job ${job.name} ended as ${[ended.status, ended.failure_reason].filter(Boolean).join(', ')}:\n${ended.log.slice(-1000)}`);
  return ended;
}

/** What proves that jobs run: a job, told apart from those before it by its text. */
export async function nextJobSucceeds(platform: Platform, when: string): Promise<void> {
  const { log } = await succeeds(platform, { name: 'next-job', script: [`echo "after ${when}"`] });
  demand(log.includes(`after ${when}`), `the log of the job after ${when} lacks its text`);
}

/** JSON is YAML. */
function ciOf({ name, stage = 'test', script }: JobText): string {
  return `${JSON.stringify({ stages: [stage], [name]: { stage, tags: [TAG], script } }, null, 2)}\n`;
}
