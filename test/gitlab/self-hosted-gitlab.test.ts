import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { App, TerraformOutput, TerraformStack, TerraformVariable, Token } from 'cdktf';
import {
  AzureResourceGroup, AzureSubnet, GitLabEdition, GitLabEndpoint, SelfHostedGitLab, SelfHostedGitLabProps, SshPublicKey, UbuntuImage,
} from '../../src';
import { waitFor } from '../../src/private/dependencies';
import { newStack, resource, resources, synth, testApp, warnings } from '../synth';
import { LOCATION, parameters, plain, resolve, rule, server } from './server';

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
      VersionCommand: 'az vm run-command invoke --resource-group ${azurerm_resource_group.GitLab_ResourceGroup_38EEE2BC.name} --name gitlab-vm '
        + '--command-id RunShellScript --scripts "cat /srv/gitlab/state/version; systemctl list-timers --all gitlab-update.timer" '
        + '--query value[0].message --output tsv',
    });
  });

  test('leave out what is not needed, and tell how to sign in where somebody may', () => {
    const found = outputs({ secretReaderObjectIds: ['11111111-2222-3333-4444-555555555555'], sshAllowedCidrs: ['192.0.2.0/24'] });
    expect(Object.keys(found).sort()).toEqual(['IpAddress', 'RootPasswordCommand', 'SshCommand', 'Url', 'VersionCommand']);
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
