// Microsoft.Compute: machines, disks, managed run commands.
// Scripts of run commands are not executed: `runScript` says what their output is. Not checked: sizes and images that a region has, quotas,
// boot, guest agent, and what is inside a disk.
import { parentId } from './arm-id';
import { AzureError } from './azure-error';
import { Arm } from './core';
import { addDiskEncryption, checkDiskEncryption } from './disk-encryption';
import { uuidOf } from './login';
import { Answer } from './request';
import { Resource } from './resource';

const VM = 'Microsoft.Compute/virtualMachines';
const DISK = 'Microsoft.Compute/disks';
const PREMIUM_V2 = 'PremiumV2_LRS';
const RUN_COMMAND = `${VM}/runCommands`;

const REGIONS = ['koreacentral', 'westus'];
/** A few of the sizes that every region has. */
const SIZES = ['Standard_B2ms', 'Standard_D2s_v5', 'Standard_D4s_v5', 'Standard_D8s_v5', 'Standard_D8ls_v5'];

export interface ScriptResult {
  readonly exitCode: number;
  readonly output: string;
}

export interface Machines {
  /** What a run command's script does; without it, it succeeds and prints nothing. */
  runScript: (resource: Resource) => ScriptResult;
}

export function addCompute(arm: Arm): Machines {
  const machines: Machines = { runScript: () => ({ exitCode: 0, output: '' }) };
  arm.references.push({ key: /(^|\.)managedDisk\.id$/, type: DISK });
  addDiskEncryption(arm);
  arm.add(
    {
      type: DISK,
      slow: true,
      created: 202,
      updated: 202,
      guarded: true,
      check({ body, before }) {
        const size = body.properties.diskSizeGB;
        if (before && size < before.properties.diskSizeGB) {
          throw new AzureError(409, 'OperationNotAllowed', `disk of ${before.properties.diskSizeGB} GB cannot shrink to ${size} GB`);
        }
        checkPremiumV2(body);
        const machine = before && arm.find(before.managedBy);
        const inUse = Boolean(machine && powerState(machine) === 'running');
        if (inUse && body.sku?.name !== before!.sku?.name) {
          throw new AzureError(409, 'OperationNotAllowed', 'the kind of a disk cannot change while its machine runs');
        }
        checkDiskEncryption(arm, body, before, inUse);
      },
      fill(resource, _, before) {
        resource.managedBy = before?.managedBy;
        resource.properties = {
          diskState: before?.properties.diskState ?? 'Unattached', timeCreated: '2026-01-01T00:00:00Z', uniqueId: uuidOf(resource.id),
          encryption: { type: 'EncryptionAtRestWithPlatformKey' }, networkAccessPolicy: 'AllowAll', publicNetworkAccess: 'Enabled',
          ...resource.sku?.name === PREMIUM_V2 ? { diskIOPSReadWrite: 3000, diskMBpsReadWrite: 125, logicalSectorSize: 4096 } : {},
          ...before?.properties, ...resource.properties,
        };
      },
    },
    {
      type: VM,
      slow: true,
      check({ id, body, before }) {
        const { networkProfile, osProfile, storageProfile } = body.properties;
        if (!before && (!osProfile || !storageProfile?.imageReference)) {
          throw new AzureError(400, 'InvalidParameter', 'a new machine needs an osProfile and an image');
        }
        if (!before && osProfile.linuxConfiguration?.disablePasswordAuthentication && osProfile.adminPassword) {
          throw new AzureError(400, 'InvalidParameter', 'adminPassword and disablePasswordAuthentication exclude each other');
        }
        if (!before && ['admin', 'administrator', 'root', 'guest', 'test', 'user'].includes(osProfile.adminUsername)) {
          throw new AzureError(400, 'InvalidParameter', `the administrator's name ${osProfile.adminUsername} is not allowed`);
        }
        const luns = (storageProfile?.dataDisks ?? []).map((disk: any) => disk.lun);
        if (new Set(luns).size !== luns.length) {
          throw new AzureError(400, 'InvalidParameter', 'two data disks have the same lun');
        }
        const taken = (storageProfile?.dataDisks ?? []).map((disk: any) => arm.find(disk.managedDisk?.id))
          .find((disk: any) => disk?.managedBy && disk.managedBy.toLowerCase() !== id.toLowerCase());
        if (taken) {
          throw new AzureError(409, 'ConflictingUserInput', `${taken.id} is attached to ${taken.managedBy}`);
        }
        const zonal = (storageProfile?.dataDisks ?? []).map((disk: any) => arm.find(disk.managedDisk?.id))
          .find((disk: any) => disk?.sku.name === PREMIUM_V2);
        if (zonal && (zonal.zones ?? ['none'])[0] !== before?.zones?.[0]) {
          throw new AzureError(409, 'OperationNotAllowed', `${zonal.id} of ${PREMIUM_V2} can only be attached to a machine in its zone`);
        }
        if (!before && !networkProfile?.networkInterfaces?.length) {
          throw new AzureError(400, 'NetworkProfileMissing', 'a machine needs a network interface');
        }
      },
      fill(resource, _, before) {
        resource.identity ??= before?.identity;
        resource.properties = { ...before?.properties, ...resource.properties };
        const { osProfile, storageProfile } = resource.properties;
        delete osProfile?.adminPassword;
        delete osProfile?.customData;
        if (resource.properties.additionalCapabilities && Object.keys(resource.properties.additionalCapabilities).length === 0) {
          delete resource.properties.additionalCapabilities;
        }
        resource.properties.vmId ??= uuidOf(resource.id);
        resource.powerState ??= before?.powerState ?? 'running';
        makeOsDisk(arm, resource);
        storageProfile.dataDisks = (storageProfile.dataDisks ?? []).filter((disk: any) => !disk.toBeDetached)
          .map((disk: any) => ({ name: disk.managedDisk.id.split('/').pop(), ...disk }));
        holdDisks(arm, resource);
        identities(arm, resource);
      },
      view(resource, _, query) {
        if (query.get('$expand') === 'instanceView') {
          resource.properties.instanceView = { statuses: [{ code: 'ProvisioningState/succeeded' }, { code: `PowerState/${resource.powerState}` }] };
        }
        delete resource.powerState;
        return resource;
      },
      gone(resource) {
        for (const disk of arm.list(DISK).filter(({ managedBy }) => managedBy?.toLowerCase() === resource.id.toLowerCase())) {
          disk.managedBy = undefined;
          disk.properties.diskState = 'Unattached';
        }
      },
      actions: {
        start: (vm) => power(vm, 'running'),
        restart: (vm) => power(vm, 'running'),
        powerOff: (vm) => power(vm, 'stopped'),
        deallocate: (vm) => power(vm, 'deallocated'),
        redeploy: (vm) => power(vm, 'running'),
        vmSizes: () => ({ value: SIZES.map((name) => ({ name })) }),
        instanceView: (vm) => ({ statuses: [{ code: `PowerState/${powerState(vm)}` }] }),
      },
    },
    {
      type: RUN_COMMAND,
      slow: true,
      deleted: 204,
      check({ id, body }) {
        const vm = arm.find(parentId(id))!;
        if (powerState(vm) !== 'running') {
          throw new AzureError(409, 'OperationNotAllowed', 'cannot modify extensions in the VM when the VM is not running');
        }
        if (Buffer.byteLength(body.properties.source?.script ?? '') > 256 * 1024) {
          throw new AzureError(400, 'InvalidParameter', 'the script is too long');
        }
        const bad = (body.properties.parameters ?? []).find((parameter: any) => !parameter.name || !parameter.value);
        if (bad) {
          throw new AzureError(400, 'InvalidParameter', `the parameter ${bad.name} has no value`);
        }
      },
      fill(resource) {
        const { exitCode, output } = machines.runScript(resource);
        const now = new Date().toISOString();
        const failed = exitCode !== 0;
        resource.instanceView = {
          executionState: failed ? 'Failed' : 'Succeeded', executionMessage: '', exitCode, output: output.slice(-4096), error: '', startTime: now, endTime: now, statuses: [],
        };
        delete resource.properties.protectedParameters;
        if (failed && resource.properties.treatFailureAsDeploymentFailure) {
          throw new AzureError(409, 'VMExtensionProvisioningError', `the script ended with ${exitCode}: ${output}`);
        }
      },
      view(resource, _, query) {
        const { instanceView, ...rest } = resource;
        return query.get('$expand') === 'instanceView' ? { ...rest, properties: { ...rest.properties, instanceView } } : rest as Resource;
      },
    },
  );
  return machines;
}

/** The sizes and disks that a region offers; undefined for other calls. */
export function handleSkus(path: string): Answer | undefined {
  if (!/^\/subscriptions\/[^/]+\/providers\/Microsoft\.Compute\/skus$/i.test(path)) {
    return undefined;
  }
  const capabilities = [{ name: 'PremiumIO', value: 'True' }, { name: 'EphemeralOSDiskSupported', value: 'True' }, { name: 'HyperVGenerations', value: 'V1,V2' }];
  const value = SIZES
    .map((name) => ({ resourceType: 'virtualMachines', name, locations: REGIONS, capabilities }));
  return { status: 200, body: { value } };
}

function powerState(vm: Resource): string {
  return vm.powerState ?? 'running';
}

function power(vm: Resource, state: string): void {
  vm.powerState = state;
}

/** @see https://learn.microsoft.com/azure/virtual-machines/disks-types#premium-ssd-v2-performance */
function checkPremiumV2({ properties, sku }: any): void {
  const { diskIOPSReadWrite = 3000, diskMBpsReadWrite = 125, diskSizeGB } = properties;
  if (sku?.name === PREMIUM_V2 && (diskIOPSReadWrite < 3000 || diskIOPSReadWrite > diskSizeGB * 500 || diskMBpsReadWrite > diskIOPSReadWrite / 4)) {
    throw new AzureError(400, 'InvalidParameter', `${diskIOPSReadWrite} IOPS and ${diskMBpsReadWrite} MBps are not allowed for a disk of ${diskSizeGB} GB`);
  }
}

function makeOsDisk(arm: Arm, vm: Resource): void {
  const { storageProfile } = vm.properties;
  const { osDisk } = storageProfile;
  osDisk.name ??= `${vm.name}_OsDisk_1_${uuidOf(vm.id).replace(/-/g, '')}`;
  osDisk.osType ??= 'Linux';
  osDisk.managedDisk ??= {};
  osDisk.managedDisk.id ??= `${vm.id.split('/providers/')[0]}/providers/${DISK}/${osDisk.name}`;
  osDisk.diskSizeGB ??= 30;
  osDisk.deleteOption ??= 'Detach';
  const disk = arm.find(osDisk.managedDisk.id);
  const set = osDisk.managedDisk.diskEncryptionSet?.id;
  if (disk) {
    disk.properties.diskSizeGB = osDisk.diskSizeGB;
  } else {
    arm.put(osDisk.managedDisk.id, {
      location: vm.location, managedBy: vm.id, sku: { name: osDisk.managedDisk.storageAccountType }, zones: vm.zones,
      properties: {
        diskSizeGB: osDisk.diskSizeGB, diskState: 'Attached', creationData: { createOption: 'FromImage' }, osType: 'Linux', uniqueId: uuidOf(osDisk.name),
        ...set ? { encryption: { type: 'EncryptionAtRestWithCustomerKey', diskEncryptionSetId: set } } : {},
      },
    });
  }
}

function holdDisks(arm: Arm, vm: Resource): void {
  const { osDisk, dataDisks } = vm.properties.storageProfile;
  const held = [osDisk, ...dataDisks].map((disk: any) => disk.managedDisk.id.toLowerCase());
  for (const disk of arm.list(DISK)) {
    if (held.includes(disk.id.toLowerCase())) {
      disk.managedBy = vm.id;
      disk.properties.diskState = 'Attached';
    } else if (disk.managedBy?.toLowerCase() === vm.id.toLowerCase()) {
      disk.managedBy = undefined;
      disk.properties.diskState = 'Unattached';
    }
  }
}

function identities(arm: Arm, resource: Resource): void {
  for (const id of Object.keys(resource.identity?.userAssignedIdentities ?? {})) {
    const { principalId, clientId } = arm.find(id)?.properties ?? {};
    resource.identity.userAssignedIdentities[id] = { principalId, clientId };
  }
}
