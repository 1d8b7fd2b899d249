import { createHash } from 'crypto';
import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { App, DefaultTokenResolver, StringConcat, TerraformOutput, TerraformStack, TerraformVariable, Token, Tokenization } from 'cdktf';
import {
  KeyVaultSecret,
  AzureResourceGroup, AzureSubnet, GitLab, GitLabEdition, GitLabEndpoint, GitLabRunnerAccessLevel, GitLabVersion, ManagedDiskType, SelfHostedGitLab,
  SelfHostedGitLabProps, SshPublicKey, UbuntuImage,
} from '../../src';
import { waitFor } from '../../src/private/dependencies';
import { newStack, resource, resources, synth, TerraformJson, testApp, warnings } from '../synth';

const LOCATION = 'koreacentral';

/** A server that nobody has asked for JSON. */
function unsynthesised(props: Partial<SelfHostedGitLabProps> = {}) {
  const stack = newStack();
  return { stack, gitlab: new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION, ...props }) };
}

function server(props: Partial<SelfHostedGitLabProps>, use: (gitlab: SelfHostedGitLab, stack: TerraformStack) => void = () => {}) {
  const { stack, gitlab } = unsynthesised(props);
  use(gitlab, stack);
  return { gitlab, stack, json: synth(stack) };
}

/** The server of the smallest program. */
const plain = server({});

/** A value with its tokens as they will stand in the JSON. */
function resolve(stack: TerraformStack, value: any): any {
  return Tokenization.resolve(value, { scope: stack, resolver: new DefaultTokenResolver(new StringConcat()) });
}

/** The parameters of a step as they stand in the locals. */
function parameters(json: TerraformJson, step: string): { [name: string]: string } {
  const [name] = Object.keys(json.locals).filter((key) => key.startsWith(`GitLab_SetUp_${step}Parameters_`));
  return json.locals[name];
}

function runCommand(json: TerraformJson, step: string): any {
  const found = Object.entries(resources(json, 'azurerm_virtual_machine_run_command')).filter(([name]) => name.startsWith(`GitLab_SetUp_${step}_`));
  expect(found).toHaveLength(1);
  return { address: `azurerm_virtual_machine_run_command.${found[0][0]}`, ...found[0][1] };
}

function rule(json: TerraformJson, name: string): any {
  return Object.values(resources(json, 'azurerm_network_security_rule')).find((candidate) => candidate.name === name);
}

/** The one subnet of the one virtual network. */
function subnet(json: TerraformJson): any {
  const { subnet: subnets } = resource(json, 'azurerm_virtual_network');
  expect(subnets).toHaveLength(1);
  return subnets[0];
}

describe('the resources', () => {
  const { json } = plain;

  test('are these and no others', () => {
    const kinds = Object.fromEntries(Object.entries(json.resource).map(([type, all]) => [type, Object.keys(all).length]));
    expect(kinds).toEqual({
      azurerm_key_vault: 2,
      azurerm_linux_virtual_machine: 1,
      azurerm_log_analytics_workspace: 1,
      azurerm_maintenance_assignment_virtual_machine: 1,
      azurerm_maintenance_configuration: 1,
      azurerm_managed_disk: 1,
      azurerm_monitor_diagnostic_setting: 2,
      azurerm_network_interface: 1,
      azurerm_network_security_group: 1,
      azurerm_network_security_rule: 3,
      azurerm_public_ip: 1,
      azurerm_resource_group: 1,
      azurerm_role_assignment: 2,
      azurerm_user_assigned_identity: 1,
      azurerm_virtual_machine_data_disk_attachment: 1,
      azurerm_virtual_machine_run_command: 4,
      azurerm_virtual_network: 1,
      terraform_data: 4,
    });
  });

  test('that hold data keep their addresses for ever', () => {
    expect([
      'azurerm_linux_virtual_machine', 'azurerm_managed_disk', 'azurerm_key_vault', 'azurerm_public_ip', 'azurerm_resource_group',
    ].flatMap((type) => Object.keys(resources(json, type)))).toEqual([
      'GitLab_VirtualMachine_D18F70F0', 'GitLab_VirtualMachine_DataDisk_06CA1804', 'GitLab_RunnerVault_A95F4633',
      'GitLab_ServerVault_93E3949B', 'GitLab_Network_PublicIp_B7EB4614', 'GitLab_ResourceGroup_38EEE2BC',
    ]);
  });

  test('that hold data are guarded', () => {
    for (const type of ['azurerm_linux_virtual_machine', 'azurerm_managed_disk', 'azurerm_key_vault', 'azurerm_public_ip']) {
      Object.values(resources(json, type)).forEach((one) => expect(one.lifecycle.prevent_destroy).toBe(true));
    }
  });

  test('need no provider newer or older than 4.81 and 5', () => {
    expect(json.terraform.required_providers.azurerm).toEqual({ source: 'hashicorp/azurerm', version: '>= 4.81, < 6' });
  });

  test('make no warning with their defaults', () => {
    expect(warnings(plain.stack)).toEqual([]);
  });
});

describe('the machine', () => {
  test('starts as an expert would have it', () => {
    const machine = resource(plain.json, 'azurerm_linux_virtual_machine');
    expect(machine).toMatchObject({
      name: 'gitlab-vm',
      location: LOCATION,
      size: 'Standard_D4s_v5',
      admin_username: 'azureuser',
      disable_password_authentication: true,
      os_disk: { caching: 'ReadWrite', disk_size_gb: 64, storage_account_type: 'Premium_LRS' },
      source_image_reference: { publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: 'server', version: 'latest' },
      secure_boot_enabled: true,
      vtpm_enabled: true,
      patch_mode: 'AutomaticByPlatform',
      patch_assessment_mode: 'AutomaticByPlatform',
      boot_diagnostics: {},
      identity: { type: 'UserAssigned', identity_ids: ['${azurerm_user_assigned_identity.GitLab_Identity_25B71D5B.id}'] },
    });
    expect(machine).not.toHaveProperty('custom_data');
    expect(machine).not.toHaveProperty('admin_password');
    expect(machine).not.toHaveProperty('encryption_at_host_enabled');
    expect(machine.os_disk).not.toHaveProperty('name');
  });

  test('waits for the roles of its identity, and for nothing else', () => {
    const { json } = plain;
    const roles = Object.keys(resources(json, 'azurerm_role_assignment')).map((name) => `azurerm_role_assignment.${name}`);
    expect(resource(json, 'azurerm_linux_virtual_machine').depends_on.sort()).toEqual(roles.sort());
    Object.values(resources(json, 'azurerm_role_assignment')).forEach((role) => expect(role).toMatchObject({
      role_definition_name: 'Key Vault Secrets Officer',
      principal_id: '${azurerm_user_assigned_identity.GitLab_Identity_25B71D5B.principal_id}',
      principal_type: 'ServicePrincipal',
    }));
  });

  test('is not replaced for another key, which Azure would refuse on a machine that exists', () => {
    expect(resource(plain.json, 'azurerm_linux_virtual_machine').lifecycle).toEqual({ prevent_destroy: true, ignore_changes: ['admin_ssh_key'] });
  });

  test('may be replaced alone if the user says so', () => {
    const { json, stack } = server({ virtualMachineReplacementAllowed: true });
    expect(resource(json, 'azurerm_linux_virtual_machine').lifecycle.prevent_destroy).toBe(false);
    expect(resource(json, 'azurerm_managed_disk').lifecycle.prevent_destroy).toBe(true);
    expect(warnings(stack)).toEqual([
      'Test/GitLab: virtualMachineReplacementAllowed: a plan may replace the machine; set it to false once that is done',
    ]);
  });

  test('loses its guards only with a warning', () => {
    const { json, stack } = server({ preventDestroy: false });
    for (const type of ['azurerm_linux_virtual_machine', 'azurerm_managed_disk', 'azurerm_key_vault', 'azurerm_public_ip']) {
      Object.values(resources(json, type)).forEach((one) => expect(one.lifecycle.prevent_destroy).toBe(false));
    }
    expect(warnings(stack)).toEqual([
      'Test/GitLab: preventDestroy: a plan may destroy the server, its data and its secrets; set it to true for anything you want to keep',
    ]);
  });

  test('and its disk share a zone, unless the disk is in all of them', () => {
    const zonal = server({ zone: '2' }).json;
    expect(resource(zonal, 'azurerm_linux_virtual_machine').zone).toBe('2');
    expect(resource(zonal, 'azurerm_managed_disk').zone).toBe('2');
    expect(resource(server({ zone: '2', dataDiskType: ManagedDiskType.PREMIUM_ZRS }).json, 'azurerm_managed_disk')).not.toHaveProperty('zone');
  });

  test('takes an Arm64 size with an Arm64 image', () => {
    const { json, stack } = server({ vmSize: 'Standard_D4ps_v6', image: UbuntuImage.V24_04_ARM64 });
    expect(resource(json, 'azurerm_linux_virtual_machine').source_image_reference.sku).toBe('server-arm64');
    expect(warnings(stack)).toEqual([
      'Test/GitLab: vmSize: Microsoft\'s documentation does not list Arm64 for the run commands that set the server up; choose one for '
        + 'x64 such as "Standard_D4s_v5" if they fail',
    ]);
  });
});

describe('the data disk', () => {
  test('is empty, apart from the machine, and attached without a cache', () => {
    const { json } = server({ dataDiskSizeGb: 512, dataDiskType: ManagedDiskType.STANDARD_SSD_LRS });
    expect(resource(json, 'azurerm_managed_disk')).toMatchObject({
      name: 'gitlab-vm-data',
      create_option: 'Empty',
      disk_size_gb: 512,
      storage_account_type: 'StandardSSD_LRS',
      network_access_policy: 'DenyAll',
      public_network_access_enabled: false,
    });
    expect(resource(json, 'azurerm_virtual_machine_data_disk_attachment')).toMatchObject({
      virtual_machine_id: '${azurerm_linux_virtual_machine.GitLab_VirtualMachine_D18F70F0.id}',
      managed_disk_id: '${azurerm_managed_disk.GitLab_VirtualMachine_DataDisk_06CA1804.id}',
      lun: 0,
      caching: 'None',
    });
  });

  test('runs the set-up again when it grew', () => {
    expect(parameters(server({ dataDiskSizeGb: 512 }).json, 'DataDisk').DISK_SIZE_GB).toBe('512');
  });
});

describe('the network', () => {
  test('has a standard address with a name of its own', () => {
    const { json, gitlab, stack } = plain;
    const label = json.resource.azurerm_public_ip.GitLab_Network_PublicIp_B7EB4614.domain_name_label;
    expect(label).toBe('gitlab-${local.GitLab_UniqueSuffix_2626B6FE}');
    expect(resource(json, 'azurerm_public_ip')).toMatchObject({ sku: 'Standard', allocation_method: 'Static' });
    expect(resolve(stack, gitlab.fqdn)).toBe(`${label}.koreacentral.cloudapp.azure.com`);
    expect(resolve(stack, gitlab.gitlabUrl)).toBe(`https://${label}.koreacentral.cloudapp.azure.com`);
  });

  test('opens 80 and 443 to all and 22 to nobody', () => {
    const { json } = plain;
    expect(rule(json, 'AllowHttp')).toMatchObject({ destination_port_range: '80', source_address_prefix: '*', priority: 100 });
    expect(rule(json, 'AllowHttps')).toMatchObject({ destination_port_range: '443', source_address_prefix: '*', priority: 110 });
    expect(rule(json, 'AllowSsh')).toBeUndefined();
  });

  test('opens what the user names, from the priority the user names on', () => {
    const { json } = server({
      webAllowedCidrs: ['203.0.113.0/24', '198.51.100.7/32'], httpAllowedCidrs: [], sshAllowedCidrs: ['192.0.2.0/24'],
      firstRulePriority: 300,
    });
    expect(rule(json, 'AllowHttp')).toBeUndefined();
    expect(rule(json, 'AllowHttps')).toMatchObject({ source_address_prefixes: ['203.0.113.0/24', '198.51.100.7/32'], priority: 310 });
    expect(rule(json, 'AllowSsh')).toMatchObject({ destination_port_range: '22', source_address_prefixes: ['192.0.2.0/24'], priority: 320 });
  });

  test('joins a subnet that exists without touching its own rules', () => {
    const subnetId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/s';
    const { json } = server({ subnet: AzureSubnet.existing(subnetId) });
    expect(json.resource).not.toHaveProperty('azurerm_virtual_network');
    expect(resource(json, 'azurerm_network_interface').ip_configuration[0].subnet_id).toBe(subnetId);
    expect(resource(json, 'azurerm_network_interface_security_group_association')).toMatchObject({
      network_interface_id: '${azurerm_network_interface.GitLab_Network_Interface_FA4A5DF3.id}',
      network_security_group_id: '${azurerm_network_security_group.GitLab_Network_SecurityGroup_EAB934B4.id}',
    });
    expect(runCommand(json, 'DataDisk').depends_on.join()).toContain('azurerm_network_interface_security_group_association.');
  });

  test('takes other address blocks', () => {
    const { json } = server({ subnet: AzureSubnet.create({ virtualNetworkCidr: '172.16.0.0/16', subnetCidr: '172.16.4.0/24' }) });
    expect(resource(json, 'azurerm_virtual_network').address_space).toEqual(['172.16.0.0/16']);
    expect(subnet(json).address_prefixes).toEqual(['172.16.4.0/24']);
  });

  test('lets in nobody else, not even the virtual network', () => {
    const { json } = plain;
    const { priority, ...deny } = rule(json, 'DenyOtherInbound');
    expect(deny).toEqual({
      name: 'DenyOtherInbound', access: 'Deny', direction: 'Inbound', protocol: '*',
      source_address_prefix: '*', source_port_range: '*', destination_address_prefix: '*', destination_port_range: '*',
      network_security_group_name: '${azurerm_network_security_group.GitLab_Network_SecurityGroup_EAB934B4.name}',
      resource_group_name: '${azurerm_network_security_group.GitLab_Network_SecurityGroup_EAB934B4.resource_group_name}',
    });
    expect(priority).toBe(4096);
  });

  test('the subnet has its network security group from its first request on, and no outbound address of Azure\'s', () => {
    expect(subnet(plain.json)).toMatchObject({
      name: 'gitlab',
      address_prefixes: ['10.40.0.0/24'],
      security_group: '${azurerm_network_security_group.GitLab_Network_SecurityGroup_EAB934B4.id}',
      default_outbound_access_enabled: false,
    });
    expect(resource(plain.json, 'azurerm_network_interface').ip_configuration[0].subnet_id)
      .toBe('${azurerm_virtual_network.GitLab_Network_VirtualNetwork_508E07D2.id}/subnets/gitlab');
  });
});

describe('allowWebFrom', () => {
  test('does nothing where the ports are open to all', () => {
    const { json } = server({}, (gitlab, stack) => gitlab.allowWebFrom(stack, 'Web', ['20.1.2.3']));
    expect(Object.keys(resources(json, 'azurerm_network_security_rule'))).toHaveLength(3);
  });

  test('opens the ports that are closed, in the scope of whoever asks', () => {
    const { json } = server({ webAllowedCidrs: [] }, (gitlab, stack) => gitlab.allowWebFrom(stack, 'Web', ['20.1.2.3']));
    const { Web: made, ...others } = resources(json, 'azurerm_network_security_rule');
    expect(Object.keys(others)).toEqual(['GitLab_Network_DenyOtherInbound_6713EE2C']);
    expect(made).toMatchObject({
      source_address_prefixes: ['20.1.2.3'],
      destination_port_ranges: ['80', '443'],
      network_security_group_name: '${azurerm_network_security_group.GitLab_Network_SecurityGroup_EAB934B4.name}',
      resource_group_name: '${azurerm_resource_group.GitLab_ResourceGroup_38EEE2BC.name}',
      name: `AllowWeb${made.priority}`,
    });
    expect(made.priority).toBeGreaterThanOrEqual(1000);
    expect(made.priority).toBeLessThan(4000);
  });

  test('gives each asker a priority of its own, which does not depend on the others', () => {
    const priorities = (ids: string[]) => {
      const { json } = server({ webAllowedCidrs: [] }, (gitlab, stack) => ids.forEach((id) => gitlab.allowWebFrom(stack, id, ['20.1.2.3'])));
      const { GitLab_Network_DenyOtherInbound_6713EE2C: _, ...rules } = resources(json, 'azurerm_network_security_rule');
      return Object.fromEntries(Object.entries(rules).map(([name, made]) => [name, made.priority]));
    };
    const ids = [...Array(400).keys()].map((index) => `Web${index}`);
    const all = priorities(ids);
    expect(Object.keys(all)).toHaveLength(400);
    expect(new Set(Object.values(all)).size).toBe(400);
    expect(priorities(['Web7']).Web7).toBe(priorities(['Web3', 'Web7']).Web7);
  });

  test('passes an address that only the apply knows', () => {
    const { json } = server({ webAllowedCidrs: [] }, (gitlab, stack) => {
      gitlab.allowWebFrom(stack, 'Web', [new TerraformVariable(stack, 'egress', {}).stringValue]);
    });
    expect(resources(json, 'azurerm_network_security_rule').Web.source_address_prefixes).toEqual(['${var.egress}']);
  });

  test('fails when a block has host bits', () => {
    const { gitlab, stack } = unsynthesised();
    expect(() => gitlab.allowWebFrom(stack, 'Web', ['20.1.2.3', '10.0.0.1/8'])).toThrow(new Error(
      'addressPrefixes[1]: not an IPv4 block, got "10.0.0.1/8"; the address has host bits set, did you mean "10.0.0.0/8" (at Test)',
    ));
  });

  test('fails when nobody is let in, and when somebody is twice', () => {
    const { gitlab, stack } = unsynthesised();
    expect(() => gitlab.allowWebFrom(stack, 'Web', [])).toThrow(new Error(
      'addressPrefixes: empty, got []; give at least 1, each an IPv4 address or block such as "20.1.2.3" or "10.0.0.0/16" (at Test)',
    ));
    expect(() => gitlab.allowWebFrom(stack, 'Web', ['20.1.2.3', '20.1.2.3/32'])).toThrow(new Error(
      'addressPrefixes[1]: given twice, got "20.1.2.3/32"; name it once (at Test)',
    ));
  });

  test('fails when an address is none', () => {
    const { gitlab, stack } = unsynthesised();
    expect(() => gitlab.allowWebFrom(stack, 'Web', ['everybody'])).toThrow(new Error(
      'addressPrefixes[0]: not a valid value, got "everybody"; give an IPv4 address or block such as "20.1.2.3" or "10.0.0.0/16" (at Test)',
    ));
  });
});

describe('the vaults', () => {
  test('let nobody in but by role, and outlive their deletion', () => {
    Object.values(resources(plain.json, 'azurerm_key_vault')).forEach((vault) => {
      expect(vault).toMatchObject({
        sku_name: 'standard',
        rbac_authorization_enabled: true,
        purge_protection_enabled: true,
        soft_delete_retention_days: 90,
      });
      expect(vault).not.toHaveProperty('access_policy');
    });
  });

  test('let the named administrators read the server\'s secrets, and only those', () => {
    const ids = ['11111111-2222-3333-4444-555555555555', 'AAAAAAAA-2222-3333-4444-555555555555'];
    const { json } = server({ secretReaderObjectIds: ids });
    const readers = Object.values(resources(json, 'azurerm_role_assignment')).filter((role) => role.role_definition_name === 'Key Vault Secrets User');
    expect(readers.map((role) => role.principal_id)).toEqual([ids[0], ids[1].toLowerCase()]);
    readers.forEach((role) => {
      expect(role.scope).toBe('${azurerm_key_vault.GitLab_ServerVault_93E3949B.id}');
      expect(role).not.toHaveProperty('principal_type');
    });
  });

  test('keep an administrator\'s role when another one leaves', () => {
    const names = (ids: string[]) => Object.keys(resources(server({ secretReaderObjectIds: ids }).json, 'azurerm_role_assignment'));
    const [one, two] = ['11111111-2222-3333-4444-555555555555', '22222222-2222-3333-4444-555555555555'];
    expect(names([one, two])).toEqual(expect.arrayContaining(names([two])));
  });
});

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

describe('the endpoint', () => {
  const endpoint = (choice: GitLabEndpoint, props: Partial<SelfHostedGitLabProps> = {}) => {
    const { json, gitlab, stack } = server({ endpoint: choice, ...props });
    return { json, url: resolve(stack, gitlab.gitlabUrl), gitlab: parameters(json, 'Gitlab'), warnings: warnings(stack) };
  };

  test('is HTTPS on Azure\'s name, and Let\'s Encrypt is tried', () => {
    const found = endpoint(GitLabEndpoint.https({ letsEncryptEmail: 'ops@example.com' }));
    expect(found.gitlab).toMatchObject({ SCHEME: 'https', CERTIFICATE: 'generated', LETS_ENCRYPT: 'yes' });
    expect(found.gitlab.GITLAB_RB).toContain('ops@example.com');
  });

  test('does not try Let\'s Encrypt where it cannot reach the server, or shall not', () => {
    expect(endpoint(GitLabEndpoint.https(), { webAllowedCidrs: ['203.0.113.0/24'] }).gitlab).not.toHaveProperty('LETS_ENCRYPT');
    expect(endpoint(GitLabEndpoint.https({ letsEncrypt: false })).gitlab).not.toHaveProperty('LETS_ENCRYPT');
  });

  test('is a name of the user\'s own', () => {
    const found = endpoint(GitLabEndpoint.customDomain('gitlab.example.com'));
    expect(found.url).toBe('https://gitlab.example.com');
    expect(found.gitlab).toMatchObject({ SERVER_HOST: 'gitlab.example.com', CERTIFICATE: 'generated', LETS_ENCRYPT: 'yes' });
  });

  test('keeps the web closed and lets the checks of Let\'s Encrypt in', () => {
    const found = endpoint(GitLabEndpoint.customDomain('gitlab.example.com'), { webAllowedCidrs: [], httpAllowedCidrs: ['0.0.0.0/0'] });
    expect(found.gitlab.LETS_ENCRYPT).toBe('yes');
    expect(rule(found.json, 'AllowHttp').source_address_prefix).toBe('*');
    expect(rule(found.json, 'AllowHttps')).toBeUndefined();
  });

  test('takes a certificate from a vault that the server may read', () => {
    const keyVaultId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/company-certs';
    const found = endpoint(GitLabEndpoint.certificateFromKeyVault('gitlab.example.com', KeyVaultSecret.of(keyVaultId, 'gitlab')));
    expect(found.gitlab).toMatchObject({ CERTIFICATE: 'key-vault', CERTIFICATE_VAULT: 'company-certs', CERTIFICATE_SECRET: 'gitlab' });
    const [role, made] = Object.entries(resources(found.json, 'azurerm_role_assignment')).find(([, one]) => one.scope === keyVaultId)!;
    expect(made.role_definition_name).toBe('Key Vault Secrets User');
    expect(resource(found.json, 'azurerm_linux_virtual_machine').depends_on).toContain(`azurerm_role_assignment.${role}`);
  });

  test('takes a vault that only the apply knows', () => {
    const stack = newStack();
    const keyVaultId = new TerraformVariable(stack, 'vault', {}).stringValue;
    new SelfHostedGitLab(stack, 'GitLab', {
      location: LOCATION, endpoint: GitLabEndpoint.certificateFromKeyVault('g.example.com', KeyVaultSecret.of(keyVaultId, 'gitlab')),
    });
    expect(parameters(synth(stack), 'Gitlab').CERTIFICATE_VAULT).toBe('${element(split("/", var.vault), 8)}');
  });

  test('is plain HTTP on the address, with a warning', () => {
    const found = endpoint(GitLabEndpoint.http());
    expect(found.url).toBe('http://${azurerm_public_ip.GitLab_Network_PublicIp_B7EB4614.ip_address}');
    expect(found.gitlab).toMatchObject({ SCHEME: 'http', CERTIFICATE: 'none' });
    expect(found.warnings).toEqual([
      'Test/GitLab: endpoint: anybody on the network path can read passwords and tokens over plain HTTP; choose GitLabEndpoint.https()',
    ]);
  });
});

describe('requestRunnerToken', () => {
  test('has the server make the runner and says where its token will be', () => {
    const tokens: any[] = [];
    const { json, stack } = server({}, (gitlab) => {
      tokens.push(gitlab.requestRunnerToken('Aks', { tags: ['aks', 'team/a'], maximumTimeoutSeconds: 3600, locked: true, paused: true, accessLevel: GitLabRunnerAccessLevel.REF_PROTECTED }));
      tokens.push(gitlab.requestRunnerToken('Other pool!', {}));
    });
    const [token] = tokens;
    const digest = createHash('sha256').update('Test/GitLab/Aks').digest('hex');
    expect(resolve(stack, { ...token, ready: undefined })).toEqual({
      keyVaultId: '${azurerm_key_vault.GitLab_RunnerVault_A95F4633.id}',
      keyVaultName: '${azurerm_key_vault.GitLab_RunnerVault_A95F4633.name}',
      tenantId: '${data.azurerm_client_config.CdktfAzureGitLab_Azure_ClientConfig_2E17B686.tenant_id}',
      tokenSecretName: `runner-token-aks-${digest.slice(0, 8)}`,
      caSecretName: 'gitlab-ca-certificate',
    });
    expect(token.ready.map((one: any) => resolve(stack, one.fqn))).toEqual([`\${${runCommand(json, 'Runners').address}}`]);
    expect(JSON.parse(parameters(json, 'Runners').WANTED_JSON).runners).toEqual([
      {
        marker: `cdktf-azure-gitlab:${digest.slice(0, 32)}`,
        tokenSecretName: token.tokenSecretName,
        description: 'Test/GitLab/Aks',
        tags: ['aks', 'team/a'],
        runUntagged: false,
        locked: true,
        paused: true,
        accessLevel: 'ref_protected',
        maximumTimeoutSeconds: 3600,
      },
      expect.objectContaining({ tags: [], runUntagged: true, locked: false, paused: false, accessLevel: 'not_protected', maximumTimeoutSeconds: null }),
    ]);
    expect(tokens[1].tokenSecretName).toMatch(/^runner-token-other-pool-[0-9a-f]{8}$/);
  });

  test('carries a description that only the apply knows, and one full of quotes', () => {
    const { json } = server({}, (gitlab, stack) => {
      gitlab.requestRunnerToken('A', { description: new TerraformVariable(stack, 'team', {}).stringValue });
      gitlab.requestRunnerToken('B', { description: 'say "hi" ${now} #{x}' });
    });
    const text = parameters(json, 'Runners').WANTED_JSON;
    expect(text).toContain('var.team');
    expect(text).toContain('say \\"hi\\" ${"\\u0024"}{now} #{x}');
  });

  test('carries settings that only the apply decides, as what they are', () => {
    const { json } = server({}, (gitlab, stack) => {
      const decided: any = new TerraformVariable(stack, 'decided', {}).stringValue;
      gitlab.requestRunnerToken('A', { runUntagged: decided, locked: decided, paused: decided, maximumTimeoutSeconds: decided });
    });
    expect(parameters(json, 'Runners').WANTED_JSON).toContain('"runUntagged":${jsonencode(var.decided)},"locked":${jsonencode(var.decided)},'
      + '"paused":${jsonencode(var.decided)},"accessLevel":"not_protected","maximumTimeoutSeconds":${jsonencode(var.decided)}');
  });

  test('hands no authority over where there is none', () => {
    const { gitlab } = unsynthesised({ endpoint: GitLabEndpoint.http() });
    expect(gitlab.requestRunnerToken('A', {}).caSecretName).toBeUndefined();
  });

  test('fails when there are more runners than the server can be told of', () => {
    const { gitlab } = unsynthesised();
    const description = 'x'.repeat(1000);
    expect(() => [...Array(120).keys()].forEach((index) => gitlab.requestRunnerToken(`R${index}`, { description }))).toThrow(new Error(
      'id: too many runners: their list would be longer than 120000 bytes, got "R98"; '
      + 'shorten descriptions and tags, or have fewer runners take more jobs each (at Test/GitLab)',
    ));
  });

  const fails: [string, (gitlab: SelfHostedGitLab) => void, string][] = [
    ['the id is taken', (gitlab) => [1, 2].forEach(() => gitlab.requestRunnerToken('A', {})),
      'id: another runner has this id already, got "A"; give each runner an id of its own (at Test/GitLab)'],
    ['the id is empty', (gitlab) => gitlab.requestRunnerToken('', {}),
      'id: not a valid value, got ""; give 1 to 200 printable ASCII characters (at Test/GitLab)'],
    ['a tag has a blank', (gitlab) => gitlab.requestRunnerToken('A', { tags: ['a', 'b c'] }),
      'tags[1]: not a valid value, got "b c"; give 1 to 255 letters, digits, "-", "_", "." and "/" (at Test/GitLab)'],
    ['the timeout is short', (gitlab) => gitlab.requestRunnerToken('A', { maximumTimeoutSeconds: 599 }),
      'maximumTimeoutSeconds: out of range, got 599; give a whole number from 600 to 2147483647 (at Test/GitLab)'],
    ['no job could ever come', (gitlab) => gitlab.requestRunnerToken('A', { runUntagged: false }),
      'runUntagged: a runner without tags that takes no untagged jobs would never get a job, got false; give tags, or true (at Test/GitLab)'],
    ['the description is long', (gitlab) => gitlab.requestRunnerToken('A', { description: 'x'.repeat(1025) }),
      `description: not a valid value, got "${'x'.repeat(499)}… (1027 characters); give 1 to 1024 characters on one line (at Test/GitLab)`],
    ['the access level is unknown', (gitlab) => gitlab.requestRunnerToken('A', { accessLevel: 'all' as any }),
      'accessLevel: not supported, got "all"; give one of "not_protected", "ref_protected" (at Test/GitLab)'],
    ['paused is no boolean', (gitlab) => gitlab.requestRunnerToken('A', { paused: 'no' as any }),
      'paused: not true or false, got "no"; give true or false (at Test/GitLab)'],
    ['the tags are known to the apply only', (gitlab) => gitlab.requestRunnerToken('A', { tags: new TerraformVariable(gitlab, 'tags', {}).listValue }),
      'tags: known only at apply time, got a reference; write the list here; its items may be references (at Test/GitLab)'],
    ['a tag is there twice', (gitlab) => gitlab.requestRunnerToken('A', { tags: ['a', 'b', 'a'] }),
      'tags[2]: given twice, got "a"; name it once (at Test/GitLab)'],
    ['a prop is misspelled', (gitlab) => gitlab.requestRunnerToken('A', { runUntaged: true } as any),
      'runUntaged: no such prop, got true; write runUntagged, or leave it out (at Test/GitLab)'],
    ['the scope is a text', (gitlab) => gitlab.requestRunnerToken('A', { runnerScope: 'team' as any }),
      'runnerScope: not a GitLabRunnerScope, got "team"; give GitLabRunnerScope.group() or one of its siblings (at Test/GitLab)'],
  ];
  test.each(fails)('fails when %s', (_, act, message) => {
    expect(() => act(unsynthesised().gitlab)).toThrow(new Error(message));
  });
});

describe('a GitLab that exists', () => {
  const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

  test('is its address, version and authority', () => {
    const stack = newStack();
    const gitlab = GitLab.fromAttributes(stack, 'GitLab', {
      gitlabUrl: 'https://gitlab.example.com/git/', gitlabVersion: GitLabVersion.V19_2, caCertificate: PEM,
    });
    expect([gitlab.gitlabUrl, gitlab.gitlabVersion, gitlab.caCertificate]).toEqual(['https://gitlab.example.com/git', GitLabVersion.V19_2, PEM]);
    gitlab.allowWebFrom(stack, 'Web', ['20.1.2.3']);
    expect(synth(stack).resource).toEqual({});
  });

  test('may be one that only the apply knows', () => {
    const stack = newStack();
    const gitlabUrl = new TerraformVariable(stack, 'url', {}).stringValue;
    expect(GitLab.fromAttributes(stack, 'GitLab', { gitlabUrl }).gitlabUrl).toBe(gitlabUrl);
  });

  test('is warned of where it has no HTTPS', () => {
    const stack = newStack();
    GitLab.fromAttributes(stack, 'GitLab', { gitlabUrl: 'http://20.1.2.3' });
    expect(warnings(stack)).toEqual([
      'Test/GitLab: gitlabUrl: anybody on the network path can read tokens and source code over plain HTTP; use HTTPS if GitLab has it',
    ]);
  });

  test('fails when it is asked for a token', () => {
    const gitlab = GitLab.fromAttributes(newStack(), 'GitLab', { gitlabUrl: 'https://gitlab.com' });
    expect(() => gitlab.requestRunnerToken('A', {})).toThrow(new Error(
      'token: a GitLab that this library did not create cannot issue tokens, got "A"; '
      + 'create the runner there and pass its token as a RunnerToken (at Test/GitLab)',
    ));
  });

  test('fails when the address is none', () => {
    expect(() => GitLab.fromAttributes(newStack(), 'GitLab', { gitlabUrl: 'gitlab.com' })).toThrow(new Error(
      'gitlabUrl: not a valid value, got "gitlab.com"; give an address such as "https://gitlab.example.com" (at Test/GitLab)',
    ));
  });

  test('fails when the certificate is its key, and does not show that', () => {
    expect(() => GitLab.fromAttributes(newStack(), 'GitLab', { gitlabUrl: 'https://gitlab.com', caCertificate: '-----BEGIN PRIVATE KEY-----\nx' }))
      .toThrow(new Error('caCertificate: a private key, which must never leave your machine, got "-----BEGIN …"; '
        + 'give one or more certificates as PEM, "-----BEGIN CERTIFICATE-----" and on (at Test/GitLab)'));
  });

  test('fails when the certificate is none', () => {
    expect(() => GitLab.fromAttributes(newStack(), 'GitLab', { gitlabUrl: 'https://gitlab.com', caCertificate: 'ca.pem' }))
      .toThrow(new Error('caCertificate: not a valid value, got "ca.pem"; give one or more certificates as PEM, '
        + '"-----BEGIN CERTIFICATE-----" and on (at Test/GitLab)'));
  });
});

describe('the outputs', () => {
  const outputs = (props: Partial<SelfHostedGitLabProps>) =>
    Object.fromEntries(Object.entries(server(props).json.output).map(([name, output]) => [name.split('_')[1], output.value]));

  test('tell the address and how to read the password, never the password', () => {
    expect(outputs({ endpoint: GitLabEndpoint.customDomain('gitlab.example.com'), dnsLabel: 'label' })).toEqual({
      Url: 'https://gitlab.example.com',
      DnsRecord: 'gitlab.example.com CNAME label.koreacentral.cloudapp.azure.com',
      IpAddress: '${azurerm_public_ip.GitLab_Network_PublicIp_B7EB4614.ip_address}',
      RootPasswordCommand: 'az keyvault secret show --vault-name ${azurerm_key_vault.GitLab_ServerVault_93E3949B.name} '
        + '--name gitlab-root-password --query value --output tsv',
      RootPasswordGrantCommand: 'az role assignment create --role "Key Vault Secrets User" --scope ${azurerm_key_vault.GitLab_ServerVault_93E3949B.id} '
        + '--assignee "$(az ad signed-in-user show --query id --output tsv)"',
    });
  });

  test('leave out what is not needed, and tell how to sign in where somebody may', () => {
    const found = outputs({ secretReaderObjectIds: ['11111111-2222-3333-4444-555555555555'], sshAllowedCidrs: ['192.0.2.0/24'] });
    expect(Object.keys(found).sort()).toEqual(['IpAddress', 'RootPasswordCommand', 'SshCommand', 'Url']);
    expect(found.SshCommand).toBe('ssh azureuser@${azurerm_public_ip.GitLab_Network_PublicIp_B7EB4614.ip_address}');
  });
});

describe('the article', () => {
  test('is expressible, choice by choice', () => {
    const { json, stack } = server({
      resourceGroup: AzureResourceGroup.create('gitlab-rg'),
      virtualMachineName: 'gitlab-vm',
      image: UbuntuImage.V22_04,
      vmSize: 'Standard_B2ms',
      adminUsername: 'azureuser',
      sshPublicKey: SshPublicKey.fromFile('~/.ssh/id_rsa.pub'),
      osDiskSizeGb: 64,
      webAllowedCidrs: ['0.0.0.0/0'],
      sshAllowedCidrs: ['0.0.0.0/0'],
      firstRulePriority: 900,
      endpoint: GitLabEndpoint.http(),
      edition: GitLabEdition.CE,
    });
    expect(resource(json, 'azurerm_resource_group')).toMatchObject({ name: 'gitlab-rg', location: 'koreacentral' });
    expect(resource(json, 'azurerm_linux_virtual_machine')).toMatchObject({
      name: 'gitlab-vm',
      size: 'Standard_B2ms',
      admin_username: 'azureuser',
      admin_ssh_key: [{ username: 'azureuser', public_key: '${trimspace(file(pathexpand("~/.ssh/id_rsa.pub")))}' }],
      os_disk: { disk_size_gb: 64 },
      source_image_reference: { offer: '0001-com-ubuntu-server-jammy', sku: '22_04-lts-gen2' },
    });
    expect(['AllowHttp', 'AllowHttps', 'AllowSsh'].map((name) => [rule(json, name).source_address_prefix, rule(json, name).priority]))
      .toEqual([['*', 900], ['*', 910], ['*', 920]]);
    expect(warnings(stack)).toEqual([
      'Test/GitLab: vmSize: a burstable size slows to a fraction of its speed once its CPU credits are used up, and GitLab\'s own services use them up; '
        + 'for more than a trial choose one such as "Standard_D4s_v5"',
      'Test/GitLab: vmSize: Microsoft retires Standard_B2ms on 2028-11-15; choose one such as "Standard_B4as_v2"',
      'Test/GitLab: sshAllowedCidrs: port 22 is open to the whole Internet; name the networks that need it',
      'Test/GitLab: endpoint: anybody on the network path can read passwords and tokens over plain HTTP; choose GitLabEndpoint.https()',
    ]);
  });
});

describe('more than one', () => {
  test('servers of one stack get along', () => {
    const stack = newStack();
    const [one, two] = ['One', 'Two'].map((id) => new SelfHostedGitLab(stack, id, { location: LOCATION }));
    const json = synth(stack);
    const names = (type: string) => Object.values(resources(json, type)).map((made) => made.name ?? made.domain_name_label);
    expect(new Set([...names('azurerm_key_vault')]).size).toBe(4);
    expect(new Set([...names('azurerm_resource_group')]).size).toBe(2);
    expect(resolve(stack, one.fqdn)).not.toBe(resolve(stack, two.fqdn));
  });

  test('stacks may share a server', () => {
    const app = testApp();
    const mine = new TerraformStack(app, 'Mine');
    const theirs = new TerraformStack(app, 'Theirs');
    const gitlab = new SelfHostedGitLab(mine, 'GitLab', { location: LOCATION, webAllowedCidrs: [] });
    gitlab.allowWebFrom(theirs, 'Web', ['20.1.2.3']);
    const { ready, ...token } = gitlab.requestRunnerToken('aks', {});
    new TerraformOutput(theirs, 'token', { value: token });
    waitFor(new ResourceGroup(theirs, 'Waiting', { name: 'w', location: LOCATION }), ready);
    synth(mine);
    const json = synth(theirs);
    expect(theirs.dependencies).toEqual([mine]);
    expect(Object.values(json.output.token.value).filter((value) => String(value).includes('terraform_remote_state.cross-stack-reference-input-Mine')))
      .toHaveLength(3);
    expect(resource(json, 'azurerm_network_security_rule').network_security_group_name)
      .toBe('${data.terraform_remote_state.cross-stack-reference-input-Mine.outputs.cross-stack-output-azurerm_network_security_groupGitLab_Network_SecurityGroup_EAB934B4name}');
    expect(App.of(theirs)).toBe(app);
  });
});

describe('tokens', () => {
  test('pass wherever they can', () => {
    const stack = newStack();
    const variable = (name: string) => new TerraformVariable(stack, name, {});
    new SelfHostedGitLab(stack, 'GitLab', {
      location: variable('location').stringValue,
      resourceGroup: AzureResourceGroup.create(variable('group').stringValue),
      virtualMachineName: variable('machine').stringValue,
      dnsLabel: variable('label').stringValue,
      serverKeyVaultName: variable('server_vault').stringValue,
      runnerKeyVaultName: variable('runner_vault').stringValue,
      vmSize: variable('size').stringValue,
      zone: variable('zone').stringValue,
      adminUsername: variable('admin').stringValue,
      sshPublicKey: SshPublicKey.of(variable('key').stringValue),
      osDiskSizeGb: variable('os_disk').numberValue,
      dataDiskSizeGb: variable('data_disk').numberValue,
      subnet: AzureSubnet.create({ virtualNetworkCidr: variable('network').stringValue }),
      webAllowedCidrs: [variable('office').stringValue],
      sshAllowedCidrs: Token.asList(variable('offices').value),
      secretReaderObjectIds: [variable('administrator').stringValue],
      tags: { team: variable('team').stringValue },
    });
    const json = synth(stack);
    expect(resource(json, 'azurerm_linux_virtual_machine')).toMatchObject({
      name: '${var.machine}',
      size: '${var.size}',
      zone: '${var.zone}',
      admin_username: '${var.admin}',
      admin_ssh_key: [{ username: '${var.admin}', public_key: '${var.key}' }],
      os_disk: { disk_size_gb: '${var.os_disk}' },
      tags: { team: '${var.team}' },
    });
    expect(parameters(json, 'DataDisk').DISK_SIZE_GB).toBe('${var.data_disk}');
    expect(rule(json, 'AllowHttps').source_address_prefixes).toEqual(['${var.office}']);
    expect(rule(json, 'AllowSsh')).toMatchObject({ source_address_prefixes: '${var.offices}' });
  });

  test('pass as the whole of what is only handed on', () => {
    const stack = newStack();
    const { value } = new TerraformVariable(stack, 'given', {});
    new SelfHostedGitLab(stack, 'GitLab', {
      location: LOCATION, tags: value, webAllowedCidrs: value, registry: { port: value },
      hardening: { signupEnabled: value, importSources: value }, omnibusSettings: { puma: value, roles: value },
    });
    const json = synth(stack);
    expect(resource(json, 'azurerm_managed_disk').tags).toBe('${var.given}');
    expect(rule(json, 'AllowRegistry')).toMatchObject({ source_address_prefixes: '${var.given}', destination_port_range: '${var.given}' });
    expect(parameters(json, 'Runners').WANTED_JSON).toContain('"signup_enabled":${jsonencode(var.given)},"import_sources":${jsonencode(var.given)}');
    const rb = parameters(json, 'Gitlab').GITLAB_RB;
    expect(rb).toMatch(/^roles JSON\.parse\(.*var\.given/m);
    expect(rb).toMatch(/^registry_external_url ".*:\$\{var\.given\}"$/m);
    expect(rb).toMatch(/\(JSON\.parse\("\$\{replace\(.*var\.given.*\}"\) \|\| \{\}\)\.each do \|key, value\|\n {2}puma\[key\] = value\nend$/);
  });

  test('tags and other text cannot become expressions', () => {
    const { json } = server({ tags: { 'cost{center}': 'a${b}%{c}' } });
    expect(resource(json, 'azurerm_managed_disk').tags).toEqual({ 'cost{center}': 'a$${b}%%{c}' });
  });
});
