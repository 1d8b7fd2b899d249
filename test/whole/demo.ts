// The demonstration: examples/typescript/complete, one apply, two jobs. Environment: WHOLE_KEEP leaves everything up until Ctrl-C, WHOLE_TRANSCRIPT names a file for a copy.
import { Transcript } from './harness/transcript';
import { Whole } from './harness/whole';
import { example } from '../apply/harness/program';
import { Job, log } from '../cluster/gitlab/gitlab';
import { until } from '../firstboot/harness/lane';

const NAMESPACE = 'gitlab-runner';
/** Those of the article that the product started from. */
const JOBS = [
  { name: 'job-runner-test', script: ['echo "this job runs on AKS"'] },
  { name: 'test-pod-creation', script: ['echo "a pod of its own:"', 'hostname', 'sleep 15'] },
];

const whole = new Whole();
const transcript = new Transcript(process.env.WHOLE_TRANSCRIPT);

async function main(): Promise<void> {
  transcript.title('An empty subscription (a stand-in of Azure), a Kubernetes node and GitLab\'s packages are made ready');
  await whole.start();
  const [stack] = example('complete');
  const workspace = whole.workspace(stack);
  await workspace.init();

  transcript.title('terraform apply');
  whole.machines.told = (what, output) => transcript.line([`      ${what}`, ...output.trim().split('\n').filter(Boolean).map((line) => `      | ${line}`)].join('\n'));
  workspace.heard = progress();
  const apply = transcript.seconds;
  const { status, output } = await workspace.run('apply', '-auto-approve', '-json');
  workspace.heard = undefined;
  if (status !== 0) {
    throw new Error(`the apply failed; ${await whole.brokenJoint(NAMESPACE)}\n${output.slice(-4000)}`);
  }
  transcript.line(`applied in ${(transcript.seconds - apply).toFixed(0)} s`);

  transcript.title('Two CI jobs, and what `kubectl get pods --watch` sees meanwhile');
  const end = await watchPods();
  for (const { name, script } of JOBS) {
    transcript.line(`job ${name} is queued`);
    await follow(await whole.queue({ script }));
  }
  await until('the last pod is gone', () => pods.size === 0);
  end();

  transcript.title('terraform plan');
  const { actions } = await workspace.plan();
  transcript.line(Object.keys(actions).length === 0 ? 'No changes.' : `would change ${Object.keys(actions)}`);
  if (process.env.WHOLE_KEEP) {
    await keep(workspace.folder);
  }
}

/** Tells of each resource when it is done. */
function progress(): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const { type, hook } of lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))) {
      if (type === 'apply_complete') {
        transcript.line(`+ ${hook.resource.resource_type.padEnd(44)} ${hook.resource.resource_name.replace(/_[0-9A-F]{8}$/, '').replace(/_/g, '/')}`);
      }
    }
  };
}

const pods = new Map<string, string>();

function watchPods(): Promise<() => void> {
  return whole.kubernetes.watchPods(NAMESPACE, ({ type, pod }) => {
    const { name } = pod.metadata;
    const state = type === 'DELETED' ? 'Deleted' : pod.metadata.deletionTimestamp ? 'Terminating' : pod.status.phase;
    if (name.startsWith('runner-') && pods.get(name) !== state) {
      pods.set(name, state);
      transcript.beside(`${name.replace(/-project-.*-concurrent/, '…')} ${state}`);
    }
    if (type === 'DELETED') {
      pods.delete(name);
    }
  });
}

/** Shows a job's log while it grows. */
async function follow(job: Job): Promise<void> {
  let shown = 0;
  const show = (complete: boolean) => {
    const lines = log(job).split(/\r?\n|\r/).filter((line) => line.trim() !== '');
    const ready = complete ? lines : lines.slice(0, -1);
    ready.slice(shown).forEach((line) => transcript.line(`| ${line.slice(0, 76)}`));
    shown = Math.max(shown, ready.length);
  };
  const state = await until('the job\'s end', () => {
    show(false);
    return job.states.find((one) => one !== 'running');
  }, 600).catch(async (error) => {
    throw new Error(`${error.message}\n${await whole.brokenJoint(NAMESPACE)}`);
  });
  show(true);
  if (state !== 'success') {
    throw new Error(`the job ended as ${state}`);
  }
}

async function keep(folder: string): Promise<void> {
  transcript.title('Everything stays up until Ctrl-C. Look around as root, in another terminal:');
  const network = `nsenter --net=/run/netns/${process.env.FIRSTBOOT_LANE}`;
  [
    ['the GitLab machine', `${whole.machines.machine.enter().join(' ')} bash`],
    ['the cluster', `${network} kubectl --server https://${whole.kubernetes.host} --token ${whole.kubernetes.token} --certificate-authority ${whole.authorityFile()} get pods -A`],
    ['GitLab from outside', `${network} curl -k https://${whole.publicAddress}/-/readiness`],
    ['the configuration and the state', `ls ${folder}`],
  ].forEach(([what, command]) => transcript.line(`${what}:\n  ${command}`));
  await new Promise(() => {});
}

void main().then(() => true, (error) => {
  console.error(`\n${error.message ?? error}`);
  return false;
}).then(async (good) => {
  await whole.stop();
  console.log(good ? '\nOne apply, two green jobs.' : '\nNot green.');
  process.exit(good ? 0 : 1);
});
