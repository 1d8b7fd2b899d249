import { spawnSync } from 'child_process';
import { readFileSync } from 'fs';
import { join } from 'path';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { doctor, output, platform, server, STOPPED } from './platform';
import { SCRIPT } from '../../doctor/script';
import { AksCluster } from '../../src';
import { synthesised } from '../command/program';
import { SUBSCRIPTION, TENANT, withAz } from '../preflight/azure';
import { shellcheck, testWith } from '../tools';

test('--json has each finding with its subject, meaning and remedy', async () => {
  const { code, told } = await doctor([server(output({ migrations: ['1 1'] })), STOPPED], '--json');
  const { findings } = JSON.parse(told.join('\n'));
  expect(code).toBe(1);
  expect(findings.filter(({ state }: any) => state === 'broken')).toEqual([
    {
      subject: 'Server gitlab/GitLab', check: 'version', state: 'broken', what: '1 background migration has failed', meaning: 'the next upgrade refuses to start, patches included',
      remedy: 'in GitLab: Admin, Monitoring, Background migrations, Failed, Retry',
    },
    {
      subject: 'Cluster gitlab/Cluster', check: 'cluster', state: 'broken', what: 'the cluster is stopped',
      meaning: 'no job runs, and the next apply fails: Azure changes nothing on a cluster that is stopped', remedy: 'az aks start --resource-group gitlab-cluster-rg --name gitlab-cluster',
    },
  ]);
});

test('what is worst comes last, and the sum at the end', async () => {
  const { told } = await doctor([server(output({ migrations: ['1 1'], backup: ['none'] })), STOPPED]);
  const states = told.flatMap((line) => /^ {2}(ok|warning|BROKEN)/.exec(line)?.[1] ?? []);
  expect(states.slice(0, -1)).toEqual([...Array(8).fill('ok'), 'warning', 'BROKEN']);
  expect(told.at(-1)).toBe('2 broken, 1 to consider, 8 fine.');
});

test('a program without server and cluster is told so', async () => {
  const folder = synthesised((app) => { new TerraformOutput(new TerraformStack(app, 'other'), 'Value', { value: 1 }); });
  const { code, complained, calls } = await withAz(['doctor', folder], []);
  expect({ code, complained, calls }).toEqual({
    code: 2, complained: [`cdktf-azure-gitlab: ${folder}: no server and no cluster in it; give the folder of a program with a SelfHostedGitLab or an AksCluster`], calls: [],
  });
});

test('a machine that it does not know is not passed over', async () => {
  const folder = synthesised((app) => {
    const stack = new TerraformStack(app, 'gitlab');
    new AksCluster(stack, 'Cluster', { location: 'koreacentral' });
    stack.addOverride('resource.azurerm_linux_virtual_machine.Old', { 'name': 'old', '//': { metadata: { path: 'gitlab/Old/Resource' } } });
  });
  const { told } = await withAz(['doctor', folder], [{ call: ['account show'], answer: { id: SUBSCRIPTION, tenantId: TENANT, user: { name: 'ada' } } }, STOPPED]);
  expect(told.slice(1, told.indexOf('', 2)).join('\n')).toContain('Cluster gitlab/Cluster:');
  expect(told.slice(-5, -2)).toEqual([
    'Machine gitlab/Old/Resource:', '  unknown    not looked at: it has no set-up of GitLab that this version knows',
    '             -> if it is GitLab\'s, run the version of this command that the program was made with',
  ]);
});

test('nobody signed in', async () => {
  const { code, complained } = await withAz(['doctor', platform()], [{ call: ['account show'], error: 'ERROR: Please run \'az login\' to setup account.' }]);
  expect({ code, complained }).toEqual({ code: 2, complained: ['cdktf-azure-gitlab: az: nobody is signed in; run az login'] });
});

test('the published command has the script, as it is here', () => {
  expect(SCRIPT).toBe(readFileSync(join(__dirname, '../../doctor/server.sh'), 'utf8'));
  const inside = SCRIPT.split('\n').find((line) => line.includes('ci_runner_machines'))!;
  expect(readFileSync(join(__dirname, '../../lib/command.js'), 'utf8')).toContain(inside.trim().slice(0, 60));
});

testWith(shellcheck, 'shellcheck')('the script gives shellcheck nothing to say', () => {
  expect(spawnSync('shellcheck', [join(__dirname, '../../doctor/server.sh')], { encoding: 'utf8' }).stdout).toBe('');
});
