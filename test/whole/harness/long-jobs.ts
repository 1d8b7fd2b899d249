import assert from 'node:assert/strict';
import { Whole } from './whole';
import { Job, log } from '../../cluster/gitlab/gitlab';
import { until } from '../../firstboot/harness/lane';

/** A job that is at work until it is told to end. */
export async function longJob(whole: Whole, namespace: string): Promise<Job> {
  const job = await whole.queue({ script: ['echo "hello from $(hostname)"', 'until [ -e /tmp/end ]; do sleep 1; done', 'echo the end'] });
  await until('the script\'s first line', () => log(job).includes('hello from'), 600)
    .catch(async (error) => assert.fail(`${error.message}; ${await whole.brokenJoint(namespace)}\n${log(job)}`));
  return job;
}

/** Lets all jobs that wait come to their end. */
export async function endLongJobs(whole: Whole, namespace: string): Promise<void> {
  const { body } = await whole.kubernetes.api.call('GET', `/api/v1/namespaces/${namespace}/pods`);
  const pods: any[] = body.items.filter(({ metadata }: any) => metadata.name.startsWith('runner-'));
  await Promise.all(pods.map(({ metadata }) => whole.inPod(metadata.uid, 'touch', '/tmp/end')));
}
