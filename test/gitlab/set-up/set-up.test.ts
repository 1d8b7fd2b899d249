import { GitLabEdition, GitLabVersion, SelfHostedGitLabProps, UbuntuImage } from '../../../src';
import { resources } from '../../synth';
import { parameters, plain, runCommand, server } from '../server';

describe('the set-up', () => {
  test('is a chain that begins once disk, network and roles are there', () => {
    const { json } = plain;
    const [metadata, disk, gitlab, runners] = ['Metadata', 'DataDisk', 'Gitlab', 'Runners'].map((step) => runCommand(json, step));
    const roles = Object.keys(resources(json, 'azurerm_role_assignment')).map((name) => `azurerm_role_assignment.${name}`);
    const rules = Object.keys(resources(json, 'azurerm_network_security_rule')).map((name) => `azurerm_network_security_rule.${name}`);
    expect(metadata.depends_on.sort()).toEqual([
      ...roles, ...rules,
      'azurerm_virtual_machine_data_disk_attachment.GitLab_VirtualMachine_DataDiskAttachment_3C5278B3',
    ].sort());
    expect(disk.depends_on).toContain(metadata.address);
    expect(gitlab.depends_on).toContain(disk.address);
    expect(runners.depends_on).toContain(gitlab.address);
  });

  test('runs scripts that lie as files in the output', () => {
    const { json } = plain;
    expect(runCommand(json, 'DataDisk').source.script).toMatch(
      /^\$\{join\("\\n", \[file\("\$\{path\.module\}\/assets\/GitLab_SetUp_Scripts_A15B93A1\/[0-9A-F]+\/lib\.sh"\), .*, file\("\$\{path\.module\}\/assets\/GitLab_SetUp_Scripts_A15B93A1\/[0-9A-F]+\/data-disk\.sh"\)\]\)\}$/,
    );
  });

  test('never updates a command: another one is made for other scripts or parameters, or after another step', () => {
    const { json } = plain;
    const only = (names: string[], start: string) => {
      const found = names.filter((name) => name.startsWith(start));
      expect(found).toHaveLength(1);
      return found[0];
    };
    for (const [step, before] of [['Metadata', undefined], ['DataDisk', 'Metadata'], ['Gitlab', 'DataDisk'], ['Runners', 'Gitlab']] as const) {
      const local = only(Object.keys(json.locals), `GitLab_SetUp_${step}Parameters_`);
      const attempts = resources(json, 'terraform_data');
      const attempt = only(Object.keys(attempts), `GitLab_SetUp_${step}Attempt_`);
      expect(attempts[attempt].triggers_replace).toEqual({
        scripts: expect.stringMatching(/^[0-9a-f]{64}$/),
        parameters: `\${sha256(jsonencode(local.${local}))}`,
        ...before ? { after: `\${terraform_data.${only(Object.keys(attempts), `GitLab_SetUp_${before}Attempt_`)}.id}` } : {},
      });
      const command = runCommand(json, step);
      expect(command.name).toMatch(new RegExp(`^[a-z-]+-\\$\\{substr\\(terraform_data\\.${attempt}\\.id, 0, 8\\)\\}$`));
      expect(command.parameter).toEqual(Object.keys(json.locals[local]).map((name) => ({ name, value: `\${local.${local}.${name}}` })));
      // a changed tag would be an update in place.
      expect(command).not.toHaveProperty('tags');
    }
  });

  test('shows a failed step with its output and the way on', () => {
    const command = runCommand(plain.json, 'Gitlab');
    expect(command.lifecycle.postcondition).toEqual([{
      condition: '${try(endswith(trimspace(self.instance_view[0].output), "exit:0"), false) || '
        + 'try(trimspace(self.instance_view[0].output), "") == "" && try(self.instance_view[0].execution_state, "") != "Succeeded"}',
      error_message: 'The step "gitlab" of GitLab\'s set-up failed. The end of its output:\n\n'
        + '${coalesce(try(self.instance_view[0].output, ""), "(none)")}\n\n'
        + 'Once its cause is gone, run this step again: terraform apply -replace=terraform_data.GitLab_SetUp_GitlabAttempt_58DF84A9',
    }]);
    expect(command.timeouts).toEqual({ create: '75m' });
    expect(parameters(plain.json, 'Gitlab').DEADLINE_SECONDS).toBe('4200');
  });

  test('runs again for another text of rerun, however odd', () => {
    expect(parameters(server({ rerun: 'after ${x} and %{y}' }).json, 'DataDisk').RERUN).toBe('after $${x} and %%{y}');
  });

  test('gets what the user chose', () => {
    const { json } = server({
      edition: GitLabEdition.EE, version: GitLabVersion.of('19.2.4'), image: UbuntuImage.V22_04,
      omnibusSettings: { gitlab_rails: { time_zone: 'Asia/Seoul' } }, hardening: { signupEnabled: true },
    });
    expect(parameters(json, 'Gitlab')).toMatchObject({ EDITION: 'ee', VERSION: '19.2.4', UBUNTU_CODENAME: 'jammy' });
    expect(parameters(json, 'Gitlab').GITLAB_RB).toContain('gitlab_rails["time_zone"] = "Asia/Seoul"');
    expect(JSON.parse(parameters(json, 'Runners').WANTED_JSON).settings.always).toEqual({ signup_enabled: true });
  });

  test('trims GitLab at 8 GiB and less, and where the user says so', () => {
    const small = (props: Partial<SelfHostedGitLabProps>) => parameters(server(props).json, 'DataDisk').SMALL_MACHINE;
    expect(small({ vmSize: 'Standard_D2s_v5' })).toBe('yes');
    expect(small({ vmSize: 'Standard_B2ms' })).toBe('yes');
    expect(small({ vmSize: 'Standard_D4s_v5' })).toBeUndefined();
    expect(small({ vmSize: 'Standard_D4s_v5', lowMemoryTuningEnabled: true })).toBe('yes');
    expect(small({ vmSize: 'Standard_D2s_v5', lowMemoryTuningEnabled: false })).toBeUndefined();
  });

  test('needs no Terraform where it is synthesised', () => {
    const spawn = jest.spyOn(jest.requireActual('child_process'), 'execSync');
    server({});
    expect(spawn).not.toHaveBeenCalled();
    spawn.mockRestore();
  });

  test('depends on nothing but the server', () => {
    const { json } = plain;
    expect(JSON.stringify(runCommand(json, 'Runners'))).not.toMatch(/kubernetes|helm/);
  });
});
