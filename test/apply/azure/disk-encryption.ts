// Disk encryption sets of Microsoft.Compute, and what encrypts with them.
// Not checked: keys, the set's own identity and its rights on the key, and what happens once a key is gone.
import { hasRole } from './authorization';
import { AzureError } from './azure-error';
import { Arm } from './core';
import { Resource } from './resource';

export const DISK_ENCRYPTION_SET = 'Microsoft.Compute/diskEncryptionSets';

export function addDiskEncryption(arm: Arm): void {
  arm.references.push({ key: /(^|\.)diskEncryptionSet(\.id|I[dD])$/, type: DISK_ENCRYPTION_SET, near: true });
  arm.add({
    type: DISK_ENCRYPTION_SET,
    guarded: true,
    fill(resource, _, before) {
      resource.properties = { encryptionType: 'EncryptionAtRestWithCustomerKey', ...before?.properties, ...resource.properties };
    },
  });
}

/** A disk's set changes while nothing uses the disk, and there is no way back to Azure's keys. */
export function checkDiskEncryption(arm: Arm, body: any, before: Resource | undefined, inUse: boolean): void {
  const [own, wanted] = [before?.properties.encryption?.diskEncryptionSetId, body.properties.encryption?.diskEncryptionSetId];
  checkRegion(arm, wanted, body.location ?? before?.location);
  if (before && own !== wanted && wanted === undefined) {
    throw new AzureError(400, 'InvalidParameter', 'a disk that is encrypted with a customer-managed key cannot go back to a platform-managed one');
  }
  if (own !== wanted && inUse) {
    throw new AzureError(409, 'OperationNotAllowed', 'the encryption of a disk cannot change while its machine runs');
  }
}

/** A cluster has its set from the first day, and its control plane has to see it. */
export function checkNodeEncryption(arm: Arm, body: any, before: Resource | undefined, principal: string | undefined, spreadMs: number): void {
  const wanted = body.properties.diskEncryptionSetID;
  if (before && before.properties.diskEncryptionSetID !== wanted) {
    throw new AzureError(400, 'PropertyChangeNotAllowed', 'the disk encryption set of a cluster cannot change');
  }
  checkRegion(arm, wanted, body.location ?? before?.location);
  if (wanted && !hasRole(arm, principal, ['Reader', 'Contributor', 'Owner'], wanted, spreadMs)) {
    throw new AzureError(403, 'LinkedAuthorizationFailed', `the control plane does not have permission to perform Microsoft.Compute/diskEncryptionSets/read on ${wanted}`);
  }
}

function checkRegion(arm: Arm, id: string | undefined, location: string | undefined): void {
  const set = arm.find(id);
  if (set && set.location !== location) {
    throw new AzureError(400, 'InvalidParameter', `${set.id} is in ${set.location}, and what it encrypts in ${location}`);
  }
}
