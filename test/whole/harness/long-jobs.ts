import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { Whole } from './whole';
import { Job, log } from '../../cluster/gitlab/gitlab';
import { until } from '../../firstboot/harness/lane';

/** A job that is at work until it is told to end. */
export async function longJob(whole: Whole, namespace: string): Promise<Job> {
  const job = await whole.queue({ script: ['echo "hello from $(hostname)"', 'until [ -e /tmp/end ]; do sleep 1; done', 'echo the end'], timeoutSeconds: 7200 });
  await until('the script\'s first line', () => log(job).includes('hello from'), 600)
    .catch(async (error) => assert.fail(`${error.message}; ${await whole.brokenJoint(namespace)}\n${log(job)}`));
  return job;
}

/** Lets a job that waits come to its end. */
export async function endLongJob(whole: Whole, namespace: string, job: Job): Promise<void> {
  const roots = whole.containerRoots(job).filter((root) => existsSync(`${root}/tmp`));
  if (roots.length === 0) {
    assert.fail(`the job is at work no longer: ${job.states}; ${await whole.brokenJoint(namespace)}\n${log(job)}`);
  }
  roots.forEach((root) => writeFileSync(`${root}/tmp/end`, ''));
}
