import { createServer } from 'http';
import { AddressInfo } from 'net';
import { OTHER_NODE, manager, MANAGER, World } from './world';
import { AzureError } from '../../preflight/az-errors';
import { Refuted } from '../../verify/outcome';
import { Outside } from '../../verify/outside';
import { CHECKS } from '../../verify/run';

const world = (fault: (world: World) => void = () => {}) => {
  const made = new World();
  fault(made);
  return made;
};
/** They ask more than a platform: preflight and doctor are commands, and a restored one is synthesised again. */
const ELSEWHERE = ['doctor', 'apply-after-restore', 'alerts-added'];
/** A backup has to be there first. */
const tryRestore = async (made: World) => {
  await made.try('backup');
  return made.try('restore');
};
const tryClaim = (made: World, claim: string) => (claim === 'restore' ? tryRestore(made) : made.try(claim));

describe('on a platform on which all is well', () => {
  test.each(CHECKS.map(({ claim }) => claim).filter((claim) => !ELSEWHERE.includes(claim)))('%s is confirmed', async (claim) => {
    expect(await tryClaim(world(), claim)).toMatchObject({ claim, verdict: 'confirmed' });
  });
});

const FAULTS: readonly [claim: string, what: string, fault: (world: World) => void, told: RegExp][] = [
  ['apply', 'Azure refuses something', (one) => { one.apply = async () => { throw new Refuted('SkuNotAvailable'); }; }, /SkuNotAvailable/],
  ['second-plan', 'something would change', (one) => { one.changes = ['update azurerm_subnet.Nodes']; }, /update azurerm_subnet\.Nodes/],
  ['state-without-secrets', 'a runner\'s token is in it', (one) => { one.state = '{"token":"glrt-t3_abcdefghijklmnop"}'; }, /begins like a secret: glrt-t…$/],
  ['state-without-secrets', 'a private key is in it', (one) => { one.state = '{"key":"-----BEGIN RSA PRIVATE KEY-----\\nabc"}'; }, /begins like a secret/],
  ['root-password', 'nobody may read it', (one) => { one.vaultError = new AzureError('Forbidden', 'Forbidden: no role'); }, /the right to read the vault: not within/],
  ['https', 'http stays http', (one) => { one.redirect = undefined; }, /no redirection/],
  ['https', 'http is sent elsewhere', (one) => { one.redirect = 'https://elsewhere/'; }, /elsewhere/],
  ['https', 'the certificate is somebody else\'s', (one) => { one.version = () => { throw new Refuted('self-signed certificate'); }; }, /self-signed/],
  ['closed-ports', 'SSH is open', (one) => { one.openPorts.push(22); }, /open from here: 22$/],
  ['closed-ports', 'nothing is reached at all', (one) => { one.openPorts = []; }, /not even 80 and 443/],
  ['job-runner-test', 'it fails', (one) => { one.job = () => ({ status: 'failed', failure_reason: 'runner_system_failure', log: 'no node' }); }, /ended as failed, runner_system_failure:\nno node/],
  ['job-runner-test', 'its log is another\'s', (one) => { one.job = () => ({ status: 'success', log: 'Job succeeded' }); }, /lacks its text/],
  ['job-runner-test', 'it never begins', (one) => { one.job = () => ({ status: 'pending', log: '' }); }, /job job-runner-test: not within/],
  ['test-pod-creation', 'the job is no pod', (one) => { one.podsWhileRunning = []; }, /no pod in the cluster/],
  ['test-pod-creation', 'its pod stays', (one) => { one.podsAfterwards = one.podsWhileRunning; }, /its pod to go: not within/],
  ['job-that-fails', 'it is shown as good', (one) => { one.job = () => ({ status: 'success', log: 'this job fails' }); }, /ended as success/],
  ['job-that-fails', 'the platform is blamed', (one) => { one.job = () => ({ status: 'failed', failure_reason: 'runner_system_failure', log: 'this job fails, exit code 3' }); }, /runner_system_failure/],
  ['job-that-fails', 'its log does not tell why', (one) => { one.job = () => ({ status: 'failed', failure_reason: 'script_failure', log: 'this job fails' }); }, /does not tell why/],
  ['metadata-closed', 'a job reaches it', (one) => { one.job = () => ({ status: 'success', log: 'metadata open' }); }, /opens a connection/],
  ['metadata-closed', 'a job reaches nothing', (one) => { one.job = () => ({ status: 'success', log: 'nothing is reached at all' }); }, /cannot tell/],
  ['metadata-closed', 'the log has the script alone', (one) => { one.job = (script) => ({ status: 'success', log: `$ ${script}` }); }, /cannot tell/],
  ['manager-deleted', 'nothing replaces it', (one) => { one.nextManagers = []; }, /another pod of the manager: not within/],
  ['manager-deleted', 'it never goes', (one) => { one.nextManagers = [MANAGER]; }, /another pod of the manager: not within/],
  ['manager-deleted', 'the new one is not ready', (one) => { one.nextManagers = [manager('two', 'node-1', false)]; }, /another pod of the manager: not within/],
  ['manager-deleted', 'there is none', (one) => { one.managers = []; }, /no pod of a manager/],
  ['manager-deleted', 'no job comes afterwards', (one) => { one.job = () => ({ status: 'failed', log: 'broken' }); }, /job next-job ended as failed/],
  ['node-drained', 'it goes back there', (one) => { one.nextManagers = [manager('two', 'node-1')]; }, /on the drained node again/],
  ['node-drained', 'it goes nowhere', (one) => { one.nextManagers = []; }, /another pod of the manager: not within/],
  ['node-drained', 'a budget forbids it for ever', (one) => { one.refusedEvictions = 99; }, /budget of disruptions: not within/],
  ['machine-restarted', 'it did not restart', (one) => { one.boots = ['UserspaceTimestamp=Mon 09:00']; }, /has not restarted/],
  ['machine-restarted', 'no job comes afterwards', (one) => { one.job = () => ({ status: 'failed', log: 'broken' }); }, /job next-job ended as failed/],
  ['backup', 'it fails', (one) => { one.backup = 'ActiveState=failed\nResult=exit-code'; }, /gitlab-backup failed/],
  ['backup', 'nothing says where it is', (one) => { one.backup = 'ActiveState=inactive\nResult=success'; }, /the backup: not within/],
  ['restore', 'it fails', (one) => { one.restore = 'the storage account has no archive\nexit:1'; }, /the restore failed: the storage account has no archive/],
  ['restore', 'it never ends', (one) => { one.restore = 'fetching the configuration'; }, /the restore: not within/],
  ['restore', 'the file is as it was changed', (one) => { one.fileAfterRestore = 'after the backup'; }, /the file holds "after the backup"/],
  ['alert-fires', 'it never fires', (one) => { one.alertConditions = [[]]; }, /the alert: not within/],
  ['alert-fires', 'another platform\'s fires', (one) => { one.alertRule = one.alertRule.replace('verify-', 'other-'); }, /the alert: not within/],
  ['alert-fires', 'it stays', (one) => { one.alertConditions = [['Fired']]; }, /the alert to be taken back: not within/],
];

describe('refutes', () => {
  test.each(FAULTS)('%s, if %s', async (claim, _, fault, told) => {
    const { verdict, told: text } = await tryClaim(world(fault), claim);
    expect(verdict).toBe('refuted');
    expect(text).toMatch(told);
  });

  test('each claim that has a check, by a fault at least', () => {
    // of preflight's verdict the apply decides, by `needs`.
    const without = CHECKS.map(({ claim }) => claim).filter((claim) => ![...ELSEWHERE, 'preflight'].includes(claim) && !FAULTS.some(([refuted]) => refuted === claim));
    expect(without).toEqual([]);
  });
});

test('a node is left as it was, however the check ends', async () => {
  for (const nextManagers of [[manager('two', OTHER_NODE)], []]) {
    const made = world((one) => { one.nextManagers = nextManagers; });
    await made.try('node-drained');
    expect(made.calls.filter((call) => /nodes\/node-1/.test(call))).toEqual(['PATCH /api/v1/nodes/node-1', 'PATCH /api/v1/nodes/node-1']);
  }
});

test('no pod is left waiting, however the check ends', async () => {
  for (const alertConditions of [[['Fired'], ['Resolved']], [[]]]) {
    const made = world((one) => { one.alertConditions = alertConditions; });
    await made.try('alert-fires');
    expect(made.calls.filter((call) => /namespaces\/default/.test(call))).toEqual(['POST /api/v1/namespaces/default/pods', 'DELETE /api/v1/namespaces/default/pods/verify-pending']);
  }
});

test('a budget of disruptions that forbids it for now is waited for', async () => {
  expect(await world((one) => { one.refusedEvictions = 2; }).try('node-drained')).toMatchObject({ verdict: 'confirmed' });
});

test('a node that is alone in its pool is not drained', async () => {
  const made = world((one) => { one.nodes = one.nodes.filter(({ metadata }) => metadata.name !== OTHER_NODE); });
  expect(await made.try('node-drained')).toMatchObject({ verdict: 'not tried', told: 'its pool has no second node' });
  expect(made.calls).toEqual([]);
});

test('what Azure does not answer is not held against the library', async () => {
  const made = world((one) => { one.vaultError = new AzureError('SignIn', 'the sign-in has expired'); });
  expect(await made.try('root-password')).toMatchObject({ verdict: 'not tried', unanswered: true, told: 'the sign-in has expired' });
});

test('outside tells an open port from a closed one, and where http is sent', async () => {
  const server = createServer((_, response) => response.writeHead(301, { location: 'https://there/' }).end());
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const outside = new Outside();
  expect([await outside.opens('127.0.0.1', port), await outside.redirection('127.0.0.1', port)]).toEqual([true, 'https://there/']);
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  expect([await outside.opens('127.0.0.1', port), await outside.redirection('127.0.0.1', port)]).toEqual([false, undefined]);
});
