import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { ENDLESS, failing, GONE, MADE, verify } from './programs';
import { emptyFolder } from '../command/program';
import { usage, usages } from '../preflight/first-day';

const reportIn = (home: string, folder = 'mine') => JSON.parse(readFileSync(join(home, folder, 'report.json'), 'utf8'));
const verdicts = (home: string) => Object.fromEntries(reportIn(home).claims.map(({ claim, verdict }: any) => [claim, verdict]));
const REFUSED = failing('creating the machine', 'SkuNotAvailable, subscription 11111111-1111-1111-1111-111111111111, by ada@example.com');

describe('nothing is made', () => {
  const made = (calls: readonly string[]) => calls.filter((call) => /^terraform (init|apply)/.test(call));

  test('if nobody has said yes, and nobody can be asked', async () => {
    const { code, complained, calls, home } = await verify(['mine'], {});
    expect({ code, complained, calls, files: readdirSync(home) }).toEqual({
      code: 2, complained: 'cdktf-azure-gitlab: nobody can be asked here; give --yes to go on without a question\n', calls: [], files: [],
    });
  });

  test('if preflight refuses, and the folder goes', async () => {
    const { code, told, calls, home } = await verify(['mine', '--yes'], {}, { answers: [usages(usage('cores', 4), usage('standardDSv5Family', 4))] });
    expect({ code, made: made(calls), files: readdirSync(home) }).toEqual({ code: 2, made: [], files: [] });
    expect(told).toMatch(/REFUSED .*standardDSv5Family/);
    expect(told).toMatch(/Nothing was made: what is refused above would stop the apply\./);
  });

  test('after Ctrl-C while Azure is asked, and the folder goes', async () => {
    const { code, calls, home } = await verify(['mine', '--yes'], {}, { interrupt: true, answers: [{ call: ['kubernetesVersions'], hangs: true }] });
    expect({ code, made: made(calls), files: readdirSync(home) }).toEqual({ code: 130, made: [], files: [] });
  });

  test.each([
    ['a folder with files of somebody', (home: string) => { mkdirSync(join(home, 'mine')); writeFileSync(join(home, 'mine', 'terraform.tfstate'), '{}'); }, /^cdktf-azure-gitlab: mine: there are files in it; give a folder that is new or empty\n$/],
    ['the folder of an earlier one', (home: string) => { mkdirSync(join(home, 'mine')); writeFileSync(join(home, 'mine', 'verify.json'), '{}'); }, /an earlier verification is in it; give another folder \(what that one has left in Azure goes with: verify --destroy mine\)\n$/],
  ])('in %s', async (_, prepare, message) => {
    const home = emptyFolder();
    prepare(home);
    const { code, complained, calls } = await verify(['mine', '--yes'], {}, { home });
    expect({ code, made: made(calls) }).toEqual({ code: 2, made: [] });
    expect(complained).toMatch(message);
  });

  test.each([
    ['Terraform is too old', { version: 'echo \'{"terraform_version":"1.4.7"}\'' }, [], /^cdktf-azure-gitlab: terraform: version 1\.4\.7 is too old; install 1\.5 or later\n$/],
    ['az is too old', {}, [{ call: ['version --only'], answer: { 'azure-cli': '2.30.0' } }], /^cdktf-azure-gitlab: az: version 2\.30\.0 is too old; install 2\.50 or later\n$/],
    ['the sign-in has expired', {}, [{ call: ['get-access-token'], error: 'ERROR: AADSTS700082: The refresh token has expired. Trace ID: 1' }],
      /^cdktf-azure-gitlab: AADSTS700082: the sign-in has expired; run az login again\n$/],
    ['there is no network', {}, [{ call: ['get-access-token'], error: 'ERROR: Max retries exceeded with url: /x' }],
      /^cdktf-azure-gitlab: az does not reach Azure; check the network, and HTTPS_PROXY if the way out is a proxy\n$/],
    ['nobody is signed in', {}, [{ call: ['account show'], error: 'ERROR: Please run \'az login\' to setup account.' }], /^cdktf-azure-gitlab: az: nobody is signed in; run az login\n$/],
  ])('if %s', async (_, commands, answers, message) => {
    const { code, complained, calls } = await verify(['mine', '--yes'], commands, { answers });
    expect({ code, made: made(calls) }).toEqual({ code: 2, made: [] });
    expect(complained).toMatch(message);
  });

  test.each([
    [['--region', 'Korea Central'], '--region: the short name of a region, such as koreacentral, got "Korea Central"'],
    [['--destroy'], '--destroy: give the folder of the verification'],
    [['--destroy', '.', '--json', '--region', 'westeurope'], '--destroy: takes no other option, got --json, --region'],
    [['--destroy', '.'], '.: no verification is in it; give a folder with a verify.json'],
    [['one', 'two', '--yes'], 'two: one folder at a time'],
  ])('called with %p', async (args, message) => {
    const { code, complained } = await verify(args, {});
    expect({ code, complained }).toEqual({ code: 2, complained: `cdktf-azure-gitlab: ${message}\n` });
  });
});

describe('before it makes anything it says', () => {
  test('what, where, as whom, for how long, and how to clean up; the names are its own each time', async () => {
    const names = await Promise.all(['one', 'two'].map(async (folder) => {
      const { told } = await verify([folder, '--yes', '--region', 'westeurope'], { apply: REFUSED });
      expect(told).toMatch(/standardDSv5Family in westeurope +8 +10 +14 {2}vCPU/);
      expect(told).toMatch(/in the subscription Pay-As-You-Go \(11111111-1111-1111-1111-111111111111\), in westeurope, as ada@example\.com, with terraform 1\.9\.0\./);
      expect(told).toMatch(/It takes about two hours,\nand Azure bills for that time\./);
      expect(told).toContain(`If it is cut off: npx cdktf-azure-gitlab verify --destroy ${folder}`);
      const [, name] = /resource groups, (verify[0-9a-z]{6})-cluster-rg and \1-gitlab-rg and one for alerts,/.exec(told)!;
      return name;
    }));
    expect(names[0]).not.toBe(names[1]);
  });
});

describe('an apply that fails', () => {
  test('refutes its claim, is cleaned up after, and is told of without names', async () => {
    const { code, told, calls, home } = await verify(['mine', '--yes'], { apply: `${MADE}; ${REFUSED}` });
    expect(code).toBe(1);
    expect(calls.filter((call) => call.startsWith('terraform')).map((call) => call.split(' ')[1])).toEqual(['version', 'init', 'apply', 'version', 'destroy']);
    expect(verdicts(home)).toMatchObject({ 'apply': 'refuted', 'preflight': 'not tried', 'job-runner-test': 'not tried', 'destroy': 'confirmed' });
    const page = readFileSync(join(home, 'mine/report.md'), 'utf8');
    expect(page).toContain('azurerm_linux_virtual_machine.GitLab: creating the machine\nSkuNotAvailable, subscription <id>, by <user>');
    expect(page).toContain('| azurerm | 5.2.0 |');
    expect(told).toContain('1 refuted, 1 confirmed, 19 not tried.');
    expect(told).toMatch(/Nothing is left in Azure that costs; the names of deleted Key Vaults stay taken for 90 days\.\n$/);
  });

  test('is told of in words, also where Terraform has none', async () => {
    for (const [apply, words] of [['exit 9', 'it said nothing, and ended with status 9'], ['kill -9 $$', 'it said nothing, and ended with a signal'], ['echo "panic: nil" >&2; exit 2', 'panic: nil']]) {
      expect((await verify(['mine', '--yes'], { apply })).told).toContain(`terraform apply failed: ${words}\n`);
    }
  });

  test('leaves what there is, if it shall, and says how to destroy it', async () => {
    const { code, told, calls } = await verify(['mine', '--yes', '--keep'], { apply: `${MADE}; ${REFUSED}` });
    expect({ code, destroyed: calls.some((call) => call.startsWith('terraform destroy')) }).toEqual({ code: 1, destroyed: false });
    expect(told).toMatch(/STILL IN AZURE, and billed: 1 resources, in verify\w+-cluster-rg and verify\w+-gitlab-rg\. To destroy them: npx cdktf-azure-gitlab verify --destroy mine\n$/);
  });

  test('--json prints the report alone, and what happens on standard error', async () => {
    const { told, complained, home } = await verify(['mine', '--yes', '--json'], { apply: REFUSED });
    expect(JSON.parse(told)).toEqual(reportIn(home));
    expect(complained).toContain('1/20 init and apply');
  });
});

describe('what is left', () => {
  test('a destroy that fails is refuted, and the rest is told of', async () => {
    const { code, told, home } = await verify(['mine', '--yes'], { apply: `${MADE}; ${REFUSED}`, destroy: failing('deleting', 'InUse') });
    expect({ code, destroy: verdicts(home).destroy }).toEqual({ code: 1, destroy: 'refuted' });
    expect(told).toContain('STILL IN AZURE, and billed: 1 resources');
  });

  test('a group that Terraform does not know of is told of too', async () => {
    const { code, told } = await verify(['mine', '--yes'], { apply: REFUSED }, { answers: [{ call: ['/resourceGroups/verify', '-cluster-rg'], answer: { name: 'x' } }] });
    expect(code).toBe(1);
    expect(told).toMatch(/STILL IN AZURE, and billed: (verify\w+-cluster-rg), which Terraform does not know of\. To destroy each: az group delete --name \1\n$/);
  });

  test('that Azure does not tell is no good end', async () => {
    const { code, told } = await verify(['mine', '--yes'], { apply: REFUSED }, { answers: [{ call: ['/resourceGroups/'], error: 'ERROR: no network' }] });
    expect(code).toBe(1);
    expect(told).toMatch(/Azure does not tell whether .* are there still \(no network\); look for them in its portal\.\n$/);
  });

  test('after Ctrl-C Terraform has ended, a report is there, and --destroy cleans up once', async () => {
    const { code, told, home } = await verify(['mine', '--yes'], { apply: ENDLESS }, { interrupt: true });
    expect(code).toBe(130);
    expect(told).toContain('terraform ends what it has begun and writes it down');
    expect(told).toMatch(/Interrupted\. 21 not tried\. The report, without names and secrets: mine\/report\.md/);
    expect(told).toContain('To destroy them: npx cdktf-azure-gitlab verify --destroy mine');
    const first = await verify(['--destroy', 'mine'], { destroy: GONE }, { home });
    expect({ code: first.code, calls: first.calls.filter((call) => call.startsWith('terraform')) }).toEqual({
      code: 0, calls: ['terraform version -json', 'terraform init -input=false -no-color', 'terraform destroy -auto-approve -json -input=false'],
    });
    const second = await verify(['--destroy', 'mine'], {}, { home });
    expect({ code: second.code, told: second.told, terraform: second.calls.filter((call) => call.startsWith('terraform')) }).toEqual({
      code: 0, told: 'Nothing is left in Azure that costs; the names of deleted Key Vaults stay taken for 90 days.\n', terraform: [],
    });
  });
});

test('the program in the folder is its own, guards nothing, and names who may read the password', async () => {
  const { home } = await verify(['mine', '--yes'], { apply: REFUSED });
  const { name } = JSON.parse(readFileSync(join(home, 'mine/verify.json'), 'utf8'));
  const stack = JSON.parse(readFileSync(join(home, 'mine/cdktf.out/stacks', name, 'cdk.tf.json'), 'utf8'));
  expect(JSON.stringify(stack)).not.toContain('"prevent_destroy":true');
  expect(stack.terraform.backend.local.path).toBe(join(home, 'mine', `terraform.${name}.tfstate`));
  expect(Object.values<any>(stack.resource.azurerm_role_assignment).map(({ principal_id: id }) => id)).toContain('33333333-3333-3333-3333-333333333333');
  expect(Object.keys(stack.output)).toEqual(expect.arrayContaining(['url', 'server_group', 'machine', 'server_vault', 'account', 'cluster_group', 'cluster']));
  expect(Object.values(stack.output).filter((output: any) => output.value === undefined)).toEqual([]);
  expect(existsSync(join(home, 'mine/main.cjs'))).toBe(true);
});
