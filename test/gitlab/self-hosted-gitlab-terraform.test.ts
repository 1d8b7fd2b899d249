import { execFileSync, spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App, TerraformStack } from 'cdktf';
import { SelfHostedGitLab, SelfHostedGitLabProps, SshPublicKey } from '../../src';
import { scriptPath } from '../../src/assets';

const TERRAFORM = ['terraform', 'tofu'].find((program) => spawnSync(program, ['version']).status === 0);
if (!TERRAFORM) {
  console.warn('SKIPPED: neither terraform nor tofu is installed, so nobody judged the expressions of the server\'s set-up');
}
const judgedByTerraform = TERRAFORM ? describe : describe.skip;

/** What the apply alone knows, as this test decides it. */
const KNOWN_AFTER_APPLY: { readonly [attribute: string]: string } = {
  client_id: 'c11e47-id', principal_id: 'p41c1a1', id: '/subscriptions/s/x', ip_address: '20.1.2.3', fqdn: 'x.y.z', subscription_id: 'sub', tenant_id: 'ten',
};

/** A text as an expression within a JSON text. */
function literal(text: string): string {
  return `format(\\"%s\\", \\"${text}\\")`;
}

interface Step {
  readonly name: string;
  readonly script: string;
  readonly parameters: { [name: string]: string };
  /** For each of Azure's views of what ran. */
  readonly conditions: boolean[];
  readonly messages: string[];
}

judgedByTerraform('Terraform itself', () => {
  const folders: string[] = [];
  afterAll(() => folders.forEach((folder) => fs.rmSync(folder, { recursive: true })));

  const newFolder = () => {
    folders.push(fs.mkdtempSync(path.join(os.tmpdir(), 'gitlab-')));
    return folders[folders.length - 1];
  };

  /**
   * Synthesises into a real folder, puts values in the place of references to Azure's resources, and has Terraform
   * apply what is left: the run commands' arguments as outputs. Twice in one folder is a change. `views` is what
   * Azure may tell of a command that has run.
   */
  function applied(folder: string, props: Partial<SelfHostedGitLabProps>, ...views: string[]): { [step: string]: Step } {
    const app = new App({ outdir: folder });
    const stack = new TerraformStack(app, 'Test');
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', {
      location: 'koreacentral', dnsLabel: 'label', serverKeyVaultName: 'server-vault', runnerKeyVaultName: 'runner-vault', ...props,
    });
    gitlab.requestRunnerToken('aks', { description: 'quote " backslash \\ template ${x} %{y} ${"$"}{z}' });
    app.synth();

    const stackFolder = path.join(folder, 'stacks', 'Test');
    const file = path.join(stackFolder, 'cdk.tf.json');
    const json = JSON.parse(fs.readFileSync(file, 'utf8')
      .replace(/azurerm_key_vault\.\w+_(Server|Runner)Vault_\w+\.name\b/g, (_, which) => literal(`${which.toLowerCase()}-vault`))
      .replace(/(?:data\.)?azurerm_\w+\.\w+\.(\w+)/g, (reference, attribute) => literal(KNOWN_AFTER_APPLY[attribute] ?? reference)));
    const commands = json.resource.azurerm_virtual_machine_run_command;
    const judged = (value: string) => views.map((_, index) => value.replace(/\bself\.instance_view\b/g, `local.view_${index}`));
    const output = Object.fromEntries(['DataDisk', 'Gitlab', 'Runners'].map((step) => {
      const command = commands[Object.keys(commands).find((key) => key.startsWith(`GitLab_SetUp_${step}_`))!];
      const [{ condition, error_message: message }] = command.lifecycle.postcondition;
      return [step, {
        value: {
          name: command.name,
          script: command.source.script,
          parameters: command.parameter,
          conditions: judged(condition),
          messages: judged(message),
        },
      }];
    }));
    fs.writeFileSync(file, JSON.stringify({
      terraform: { backend: json.terraform.backend },
      locals: { ...json.locals, ...Object.fromEntries(views.map((view, index) => [`view_${index}`, `\${${view}}`])) },
      resource: { terraform_data: json.resource.terraform_data },
      output,
    }));
    const run = (...args: string[]) => execFileSync(TERRAFORM!, args, { cwd: stackFolder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    run('init', '-no-color', `-backend-config=path=${path.join(folder, 'state')}`);
    run('apply', '-auto-approve', '-no-color');
    return Object.fromEntries(Object.entries<any>(JSON.parse(run('output', '-json'))).map(([step, { value }]) => [step, {
      ...value, parameters: Object.fromEntries(value.parameters.map((parameter: any) => [parameter.name, parameter.value])),
    }]));
  }

  const ODD: Partial<SelfHostedGitLabProps> = { omnibusSettings: { gitlab_rails: { gitlab_email_subject_suffix: 'a${b}%{c}#{d}"\\' } }, rerun: 'say "${hi}"' };
  const folder = TERRAFORM ? newFolder() : '';
  let steps: { [step: string]: Step };
  beforeAll(() => {
    steps = applied(folder, ODD);
  });

  test('reads the scripts from the output, in order', () => {
    const gitlab = [
      'apt.sh', 'packages.sh', 'readiness.sh', 'upgrade.sh', 'vault-files.sh', 'gitlab-secrets.sh', 'certificate.sh', 'upgrade-backup.sh', 'object-storage.sh',
      'secret-files.sh', 'shown-certificates.sh', 'updates.sh', 'custom-ca-trust.sh', 'gitlab.sh',
    ];
    for (const [step, scripts] of [['DataDisk', ['ssh.sh', 'data-disk.sh']], ['Gitlab', gitlab], ['Runners', ['administrators.sh', 'runners.sh']]] as const) {
      expect(steps[step].script).toBe(['lib.sh', 'key-vault.sh', ...scripts].map((file) => fs.readFileSync(scriptPath('gitlab', file), 'utf8')).join('\n'));
    }
  });

  test('gives every step a name that Azure takes', () => {
    expect(steps.DataDisk.name).toMatch(/^data-disk-[0-9a-f]{8}$/);
    expect(steps.Gitlab.name).toMatch(/^gitlab-[0-9a-f]{8}$/);
    expect(steps.Runners.name).toMatch(/^runners-[0-9a-f]{8}$/);
  });

  test('hands texts over as they were written', () => {
    expect(steps.DataDisk.parameters).toMatchObject({ RERUN: 'say "${hi}"', IDENTITY_CLIENT_ID: 'c11e47-id', DISK_LUN: '0', DISK_SIZE_GB: '128' });
    expect(steps.Gitlab.parameters).toMatchObject({
      SERVER_HOST: 'label.koreacentral.cloudapp.azure.com', SERVER_VAULT: 'server-vault', RUNNER_VAULT: 'runner-vault',
    });
    expect(steps.Gitlab.parameters.GITLAB_RB).toContain('external_url "https://label.koreacentral.cloudapp.azure.com"\n');
    expect(steps.Gitlab.parameters.GITLAB_RB).toContain('gitlab_rails["gitlab_email_subject_suffix"] = "a${b}%{c}\\#{d}\\"\\\\"\n');
    expect(JSON.parse(steps.Runners.parameters.WANTED_JSON).runners[0].description).toBe('quote " backslash \\ template ${x} %{y} ${"$"}{z}');
    Object.values(steps).forEach((step) => Object.values(step.parameters).forEach((value) => expect(value).not.toBe('')));
  });

  test('gives a changed step and all behind it names that were never there before', () => {
    const names = (props: Partial<SelfHostedGitLabProps>) => Object.values(applied(folder, props)).map((step) => step.name);
    const first = names(ODD);
    expect(first).toEqual(Object.values(steps).map((step) => step.name));
    const changed = names({ ...ODD, omnibusSettings: { gitlab_rails: { gitlab_email_subject_suffix: 'other' } } });
    const back = names(ODD);
    expect([changed[0], back[0]]).toEqual([first[0], first[0]]);
    expect(new Set([first[1], changed[1], back[1], first[2], changed[2], back[2]]).size).toBe(6);
    expect(new Set([...back, ...names({ ...ODD, rerun: 'again' })]).size).toBe(6);
  });

  test('judges a step by the last line of its output, but not while the machine is stopped', () => {
    const { DataDisk: { conditions, messages } } = applied(
      folder, ODD,
      '[{output = "done\\nexit:0\\n", execution_state = "Succeeded"}]',
      '[{output = "the disk is foreign\\nexit:1\\n", execution_state = "Succeeded"}]',
      '[{output = "exit:10"}]',
      '[{output = "", execution_state = "Succeeded"}]',
      '[]',
      '[{output = null, execution_state = null}]',
      '[{output = "", execution_state = "Unknown"}]',
    );
    expect(conditions).toEqual([true, false, false, false, true, true, true]);
    const message = (output: string) => `The step "data-disk" of GitLab's set-up failed. The end of its output:\n\n${output}\n\n`
      + 'Once its cause is gone, run this step again: terraform apply -replace=terraform_data.GitLab_SetUp_DataDiskAttempt_BCF41797';
    expect(messages[1]).toBe(message('the disk is foreign\nexit:1\n'));
    expect(messages[3]).toBe(message('(none)'));
  });

  test('reads a key from the home of whoever applies', () => {
    const home = newFolder();
    fs.writeFileSync(path.join(home, 'id.pub'), 'ssh-ed25519 AAAA me\n');
    const output = { key: { value: SshPublicKey.fromFile('~/id.pub')._expression } };
    fs.writeFileSync(path.join(home, 'main.tf.json'), JSON.stringify({ output }));
    const env = { ...process.env, HOME: home };
    const run = (...args: string[]) => execFileSync(TERRAFORM!, args, { cwd: home, encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] });
    run('init');
    run('apply', '-auto-approve');
    expect(run('output', '-raw', 'key')).toBe('ssh-ed25519 AAAA me');
  });
});
