import { execFileSync, spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App, TerraformStack } from 'cdktf';
import { SelfHostedGitLab, SelfHostedGitLabProps, SshPublicKey } from '../../src';
import { assetPath } from '../../src/assets';

const TERRAFORM = ['terraform', 'tofu'].find((program) => spawnSync(program, ['version']).status === 0);
if (!TERRAFORM) {
  console.warn('SKIPPED: neither terraform nor tofu is installed, so nobody judged the expressions of the server\'s set-up');
}
const judged = TERRAFORM ? describe : describe.skip;

/** What the apply alone knows, as this test decides it. */
const KNOWN_AFTER_APPLY: { readonly [attribute: string]: string } = {
  client_id: 'c11e47-id', principal_id: 'p41c1a1', id: '/subscriptions/s/x', ip_address: '20.1.2.3', fqdn: 'x.y.z', subscription_id: 'sub', tenant_id: 'ten',
};

judged('Terraform itself', () => {
  const folders: string[] = [];
  afterAll(() => folders.forEach((folder) => fs.rmSync(folder, { recursive: true })));

  /**
   * Synthesises into a real folder, puts values in the place of references to resources, and has Terraform
   * compute the run commands' arguments.
   */
  function evaluated(props: Partial<SelfHostedGitLabProps> = {}, instanceView = '[{output = "exit:0"}]') {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gitlab-'));
    folders.push(folder);
    const app = new App({ outdir: folder });
    const stack = new TerraformStack(app, 'Test');
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', {
      location: 'koreacentral', dnsLabel: 'label', serverKeyVaultName: 'server-vault', runnerKeyVaultName: 'runner-vault', ...props,
    });
    gitlab.requestRunnerToken('aks', { tags: ['aks'], description: 'quote " backslash \\ template ${x} %{y} ${"$"}{z}' });
    app.synth();

    const stackFolder = path.join(folder, 'stacks', 'Test');
    const text = fs.readFileSync(path.join(stackFolder, 'cdk.tf.json'), 'utf8');
    fs.rmSync(path.join(stackFolder, 'cdk.tf.json'));
    const commands = JSON.parse(text).resource.azurerm_virtual_machine_run_command;
    const name = (step: string) => Object.keys(commands).find((key) => key.startsWith(`GitLab_SetUp_${step}_`))!;
    const replaced = text
      .replace(/azurerm_virtual_machine_run_command\.(\w+)\.name\b/g, (_, key) => `local.name_of_${key}`)
      .replace(/azurerm_key_vault\.\w+_(Server|Runner)Vault_\w+\.name\b/g, (_, which) => `format(\\"%s-vault\\", \\"${which.toLowerCase()}\\")`)
      .replace(/(?:data\.)?azurerm_\w+\.\w+\.(\w+)/g, (reference, attribute) => `format(\\"%s\\", \\"${KNOWN_AFTER_APPLY[attribute] ?? reference}\\")`);
    const json = JSON.parse(replaced);
    const made = json.resource.azurerm_virtual_machine_run_command;
    const self = (value: string) => value.replace(/\bself\.instance_view\b/g, 'local.instance_view');
    const output = Object.fromEntries(['DataDisk', 'Gitlab', 'Runners'].map((step) => {
      const command = made[name(step)];
      const [{ condition, error_message: message }] = command.lifecycle.postcondition;
      return [step, {
        value: {
          name: command.name,
          script: command.source.script,
          parameters: command.parameter,
          condition: self(condition),
          message: self(message.replace(/terraform apply -replace=\S+$/, 'terraform apply -replace=ADDRESS')),
        },
      }];
    }));
    const names = Object.fromEntries(Object.keys(made).map((key) => [`name_of_${key}`, made[key].name]));
    fs.writeFileSync(path.join(stackFolder, 'main.tf.json'), JSON.stringify({
      locals: { ...json.locals, ...names, instance_view: `\${${instanceView}}` }, output,
    }));
    const run = (...args: string[]) => execFileSync(TERRAFORM!, args, { cwd: stackFolder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    run('init', '-no-color');
    run('apply', '-auto-approve', '-no-color');
    const outputs = JSON.parse(run('output', '-json'));
    return Object.fromEntries(Object.entries<any>(outputs).map(([step, one]) => [step, {
      ...one.value, parameters: Object.fromEntries(one.value.parameters.map((parameter: any) => [parameter.name, parameter.value])),
    }])) as { [step: string]: { name: string; script: string; parameters: { [name: string]: string }; condition: boolean; message: string } };
  }

  let steps: ReturnType<typeof evaluated>;
  beforeAll(() => {
    steps = evaluated({ omnibusSettings: { gitlab_rails: { odd: 'a${b}%{c}#{d}"\\' } }, rerun: 'say "${hi}"' });
  });

  test('reads the scripts from the output, in order', () => {
    for (const [step, script] of [['DataDisk', 'data-disk.sh'], ['Gitlab', 'gitlab.sh'], ['Runners', 'runners.sh']]) {
      expect(steps[step].script).toBe(['lib.sh', script].map((file) => fs.readFileSync(assetPath('gitlab', file), 'utf8')).join('\n'));
    }
  });

  test('gives every step a name that Azure takes', () => {
    expect(steps.DataDisk.name).toMatch(/^data-disk-[0-9a-f]{12}$/);
    expect(steps.Gitlab.name).toMatch(/^gitlab-[0-9a-f]{12}$/);
    expect(steps.Runners.name).toMatch(/^runners-[0-9a-f]{12}$/);
  });

  test('hands texts over as they were written', () => {
    expect(steps.DataDisk.parameters).toMatchObject({ RERUN: 'say "${hi}"', IDENTITY_CLIENT_ID: 'c11e47-id', DISK_LUN: '0', DISK_SIZE_GB: '128' });
    expect(steps.Gitlab.parameters).toMatchObject({
      SERVER_HOST: 'label.koreacentral.cloudapp.azure.com', SERVER_VAULT: 'server-vault', RUNNER_VAULT: 'runner-vault',
    });
    expect(steps.Gitlab.parameters.GITLAB_RB).toContain('external_url "https://label.koreacentral.cloudapp.azure.com"\n');
    expect(steps.Gitlab.parameters.GITLAB_RB).toContain('gitlab_rails["odd"] = "a${b}%{c}\\#{d}\\"\\\\"\n');
    expect(JSON.parse(steps.Runners.parameters.WANTED_JSON).runners[0].description).toBe('quote " backslash \\ template ${x} %{y} ${"$"}{z}');
    Object.values(steps).forEach((step) => Object.values(step.parameters).forEach((value) => expect(value).not.toBe('')));
  });

  test('renames a step when something of it changes, and all steps behind it', () => {
    const same = evaluated({ omnibusSettings: { gitlab_rails: { odd: 'a${b}%{c}#{d}"\\' } }, rerun: 'say "${hi}"' });
    expect(Object.values(same).map((step) => step.name)).toEqual(Object.values(steps).map((step) => step.name));
    const changed = evaluated({ omnibusSettings: { gitlab_rails: { odd: 'other' } }, rerun: 'say "${hi}"' });
    expect(changed.DataDisk.name).toBe(steps.DataDisk.name);
    expect(changed.Gitlab.name).not.toBe(steps.Gitlab.name);
    expect(changed.Runners.name).not.toBe(steps.Runners.name);
  });

  test('judges a step by the last line of its output', () => {
    expect(steps.Gitlab.condition).toBe(true);
    const failed = evaluated({}, '[{output = "the disk is foreign\\nexit:1\\n"}]');
    expect(failed.DataDisk.condition).toBe(false);
    expect(failed.DataDisk.message).toBe('The step "data-disk" of GitLab\'s set-up failed. The end of its output:\n\n'
      + 'the disk is foreign\nexit:1\n\n\nOnce its cause is gone: terraform apply -replace=ADDRESS');
    for (const view of ['[{output = "exit:10", execution_state = "Succeeded"}]', '[{output = "", execution_state = "Succeeded"}]', '[{output = "exit:01"}]']) {
      expect(evaluated({}, view).Gitlab.condition).toBe(false);
    }
    expect(evaluated({}, '[{output = "", execution_state = "Succeeded"}]').Gitlab.message).toContain('The end of its output:\n\n(none)\n\n');
  });

  test('does not judge a machine that is stopped', () => {
    for (const view of ['[]', '[{output = null, execution_state = null}]', '[{output = "", execution_state = "Unknown"}]']) {
      expect(evaluated({}, view).Gitlab.condition).toBe(true);
    }
  });

  test('reads a key from the home of whoever applies', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gitlab-'));
    folders.push(folder);
    fs.writeFileSync(path.join(folder, 'id.pub'), 'ssh-ed25519 AAAA me\n');
    const output = { key: { value: SshPublicKey.fromFile('~/id.pub')._expression } };
    fs.writeFileSync(path.join(folder, 'main.tf.json'), JSON.stringify({ output }));
    const env = { ...process.env, HOME: folder };
    const run = (...args: string[]) => execFileSync(TERRAFORM!, args, { cwd: folder, encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] });
    run('init');
    run('apply', '-auto-approve');
    expect(run('output', '-raw', 'key')).toBe('ssh-ed25519 AAAA me');
  });
});
