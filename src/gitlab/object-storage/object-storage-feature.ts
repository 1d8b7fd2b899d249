import { checkObjectStorageFits, OBJECT_STORAGE, objectStoragePlan, warnOfBackupWithoutObjects } from './object-storage';
import { ObjectStorageAccount } from './object-storage-account';
import { objectStorageSetUp } from './object-storage-set-up';
import { judgeObjectStorage } from './raw-object-storage';
import { partName, platformName } from '../../azure/names/part-names';
import { struct } from '../../private/rules/rule';
import { Feature } from '../private/feature';

export const OBJECT_STORAGE_FEATURE = {
  rules: { objectStorage: struct(OBJECT_STORAGE) },
  plan(props) {
    const { preventDestroy, privateEndpoints, version, virtualMachineName } = props;
    if (!props.objectStorage) {
      return { findings: judgeObjectStorage(props.omnibusSettings ?? {}), create: () => ({ setUp: objectStorageSetUp(undefined, version) }) };
    }
    const objectStorage = objectStoragePlan(props.objectStorage);
    return {
      check: (scope) => checkObjectStorageFits(scope, objectStorage, props),
      warn: (scope) => props.backup && warnOfBackupWithoutObjects(scope),
      create({ azure, hosts, keyUser, placement, server }) {
        const account = new ObjectStorageAccount(server, 'Objects', {
          objectStorage, placement, preventDestroy, privateEndpoints, keyUser,
          role: 'object',
          accountName: objectStorage.storageAccountName ?? platformName(server, 'storageAccount', 'object') ?? azure.uniqueName(server, 'gitlabobjects'),
          identityName: partName(server, 'identity', `${virtualMachineName}-objects-identity`, 'object'),
        });
        const target = { accountName: account.accountName, identityClientId: account.identityClientId, domain: hosts.blobStorage };
        return { usable: account.usable, identityIds: [account.identityId], setUp: objectStorageSetUp(target, version) };
      },
    };
  },
} satisfies Feature;
