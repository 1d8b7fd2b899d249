import { Token } from 'cdktf';
import { ManagedDiskType, UbuntuImage } from '../../../src';
import { resource, resources, warnings } from '../../synth';
import { LOCATION, parameters, plain, server } from '../server';

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
    expect(resource(plain.json, 'azurerm_linux_virtual_machine').lifecycle).toEqual({ prevent_destroy: true, ignore_changes: ['admin_ssh_key', 'os_disk[0].disk_encryption_set_id'] });
  });

  test('has the identities of its own first, and those that it is given besides', () => {
    const agent = '/subscriptions/s/resourceGroups/management/providers/Microsoft.ManagedIdentity/userAssignedIdentities/agent';
    const { json } = server({ objectStorage: {}, additionalIdentityIds: [agent] });
    const { type, identity_ids: ids } = resource(json, 'azurerm_linux_virtual_machine').identity;
    expect([type, ids.length, ids[2]]).toEqual(['UserAssigned', 3, agent]);
    expect(() => server({ additionalIdentityIds: [agent, agent.toUpperCase()] })).toThrow(/^additionalIdentityIds\[1\]: /);
    expect(() => server({ additionalIdentityIds: ['agent'] })).toThrow('additionalIdentityIds[0]: not a valid value, got "agent"; give the ARM id of a Microsoft.ManagedIdentity/userAssignedIdentities');
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

  test('of Premium SSD v2 has the speed that was asked for, else the one that costs nothing', () => {
    const v2 = { zone: '1', dataDiskType: ManagedDiskType.PREMIUM_V2_LRS };
    const { json, stack } = server({ ...v2, dataDiskIops: 8000, dataDiskMegabytesPerSecond: 400 });
    expect(resource(json, 'azurerm_managed_disk')).toMatchObject({
      storage_account_type: 'PremiumV2_LRS', zone: '1', disk_size_gb: 128, disk_iops_read_write: 8000, disk_mbps_read_write: 400,
    });
    expect(warnings(stack)).toEqual([]);
    const unasked = resource(server(v2).json, 'azurerm_managed_disk');
    expect(unasked).not.toHaveProperty('disk_iops_read_write');
    expect(unasked).not.toHaveProperty('disk_mbps_read_write');
  });

  test.each<[string, object]>([
    ['as many as its size allows', { dataDiskSizeGb: 16, dataDiskIops: 8000 }],
    ['as many MB as the reads and writes allow', { dataDiskIops: 8000, dataDiskMegabytesPerSecond: 2000 }],
    ['as many MB as those that cost nothing allow', { dataDiskMegabytesPerSecond: 750 }],
    ['numbers that only the apply knows', { dataDiskIops: Token.asNumber('${var.iops}'), dataDiskMegabytesPerSecond: 2000 }],
  ])('of Premium SSD v2 may have %s', (_, props) => {
    expect(() => server({ zone: '1', dataDiskType: ManagedDiskType.PREMIUM_V2_LRS, ...props })).not.toThrow();
  });

  test('runs the set-up again when it grew', () => {
    expect(parameters(server({ dataDiskSizeGb: 512 }).json, 'DataDisk').DISK_SIZE_GB).toBe('512');
  });
});
