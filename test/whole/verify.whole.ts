// `cdktf-azure-gitlab verify` of the packed package, as somebody with a subscription runs it: it applies, runs jobs, breaks things, restores, destroys and reports.
// The cluster here has one node; what needs a second one is told of as it is.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { AzureCli } from './harness/azure-cli';
import { Projects } from './harness/projects';
import { Whole } from './harness/whole';
import { Workspace } from '../apply/harness/workspace';
import { NODE_ADDRESS } from '../cluster/harness/cluster';

const COMMAND = join(process.env.APPLY_APP!, 'node_modules/cdktf-azure-gitlab/lib/command.js');

const whole = new Whole();
const cli = new AzureCli(whole);
const home = mkdtempSync(join(tmpdir(), 'verify-'));

interface Ended { readonly status: number | null; readonly told: string; readonly complained: string }

/** Runs the command where names lead to the servers that they have here. */
function verify(...args: string[]): Promise<Ended> {
  const resolver = join(home, 'resolv.conf');
  writeFileSync(resolver, `nameserver ${NODE_ADDRESS}\n`);
  const { variables } = new Workspace(() => whole.azure.environment());
  const child = spawn('unshare', ['--mount', 'sh', '-c', 'mount --bind "$0" /etc/resolv.conf && exec "$@"', resolver, process.execPath, COMMAND, 'verify', ...args], {
    cwd: home, env: { ...variables, PATH: `${cli.folder}:${variables.PATH}` },
  });
  let [told, complained] = ['', ''];
  child.stdout.on('data', (chunk) => {
    told += chunk;
    if (process.env.WHOLE_VERIFY_OUTPUT) {
      appendFileSync(process.env.WHOLE_VERIFY_OUTPUT, chunk);
    }
  });
  child.stderr.on('data', (chunk) => { complained += chunk; });
  return new Promise((resolve, reject) => child.on('error', reject).on('close', (status) => resolve({ status, told, complained })));
}

before(async () => {
  await whole.start();
  await cli.start();
  const projects = new Projects(whole.machines.machine, (options) => whole.queue(options), () => whole.gitlabVersion());
  whole.jobs.further = (call) => projects.answer(call);
});

after(async () => {
  await cli.stop();
  await whole.stop();
});

test('the claims are tried on a platform of its own, which is gone afterwards, and the report tells of each', async () => {
  const { status, told, complained } = await verify('first', '--yes');
  const text = `${told}\n${complained}`;
  assert.ok(existsSync(join(home, 'first/report.json')), text.slice(-6000));
  const { claims, versions } = JSON.parse(readFileSync(join(home, 'first/report.json'), 'utf8'));
  const verdicts = Object.fromEntries(claims.map(({ claim, verdict, told: why }: any) => [claim, verdict === 'confirmed' ? verdict : `${verdict}: ${why}`]));
  const wrong = claims.map(({ claim }: any) => claim).filter((claim: string) => verdicts[claim] !== (claim === 'node-drained' ? 'not tried: its pool has no second node' : 'confirmed'));
  assert.deepEqual(wrong, [], `broken joint: ${wrong[0]}; ${JSON.stringify(verdicts)}\n${text.slice(-6000)}`);
  assert.equal(status, 0, text.slice(-6000));
  assert.match(versions.GitLab, /^19\.4\./);
  assert.deepEqual([...whole.azure.arm.stored.keys()], []);
  const report = readFileSync(join(home, 'first/report.md'), 'utf8');
  const secrets = [...whole.machines.side.secrets, whole.azure.environment().ARM_SUBSCRIPTION_ID, whole.azure.environment().ARM_TENANT_ID, 'ada@example.com', '.cloudapp.', 'gitlab-vm', 'verify1'];
  assert.deepEqual(secrets.filter((one) => report.includes(one)), []);
});

test('an apply that Azure refuses ends in a report that says so, without names, and nothing is left', async () => {
  whole.azure.arm.fault = ({ method, url }) => (method === 'PUT' && /\/virtualMachines\/gitlab-vm$/i.test(url.pathname) ? 'refuse' : undefined);
  const { status, told, complained } = await verify('second', '--yes', '--json');
  whole.azure.arm.fault = () => undefined;
  assert.equal(status, 1, complained.slice(-6000));
  const { claims } = JSON.parse(told);
  const apply = claims.find(({ claim }: any) => claim === 'apply');
  assert.equal(apply.verdict, 'refuted');
  assert.match(apply.told, /azurerm_linux_virtual_machine\.GitLab_VirtualMachine.*InjectedFault: the stand-in was told to refuse this request/s);
  assert.ok(!apply.told.includes('gitlab-vm'), apply.told);
  assert.equal(claims.find(({ claim }: any) => claim === 'job-runner-test').verdict, 'not tried');
  assert.equal(claims.find(({ claim }: any) => claim === 'destroy').verdict, 'confirmed');
  assert.deepEqual([...whole.azure.arm.stored.keys()], []);
});
