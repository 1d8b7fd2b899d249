import { AzureBlobCacheOptions, ExistingAzureBlobCacheOptions, GcsCacheOptions, S3CacheOptions } from './runner-cache-options';
import { customerManagedKey } from '../../azure/access/key-user';
import { privateEndpoints } from '../../azure/network/private-endpoints-rule';
import { armId, storageAccountName, storageContainerName } from '../../azure/private/rules';
import { required, Rules, Together } from '../../private/rules/rule';
import { decided, integer, text, trueOrFalse, trueOrFalseSetting } from '../../private/rules/scalars';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { runnerSecret } from '../secret/runner-secret-rules';

export const AZURE_BLOB_CACHE: Rules<AzureBlobCacheOptions> = {
  storageAccountName: storageAccountName(),
  containerName: storageContainerName(),
  retentionDays: integer(1, 3650),
  privateEndpoints: privateEndpoints(),
  customerManagedKey: customerManagedKey(),
  shared: trueOrFalseSetting(),
};

export const EXISTING_AZURE_BLOB_CACHE: Rules<ExistingAzureBlobCacheOptions> = {
  storageAccountName: required(storageAccountName()),
  containerName: required(storageContainerName()),
  storageAccountId: armId('Microsoft.Storage/storageAccounts'),
  storageDomain: text('a host such as "blob.core.windows.net"', /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/),
  shared: trueOrFalseSetting(),
};

/** Encryptions with a key of a key management service. */
const WITH_KEY = ['KMS', 'aws:kms', 'DSSE-KMS', 'aws:kms:dsse'];
/** What Amazon takes; other servers have names with capitals and underscores too. */
const AMAZON = {
  bucketName: { pattern: /^(?!.*\.\.)[a-z0-9][-a-z0-9.]{1,61}[a-z0-9]$/, remedy: 'give a bucket such as "ci-cache"' },
  region: { pattern: /^[-a-z0-9]+$/, remedy: 'give a region such as "eu-central-1"' },
};

export const S3_CACHE: Rules<S3CacheOptions> = {
  bucketName: required(text('a bucket such as "ci-cache"', /^[A-Za-z0-9][-\w.]{2,254}$/)),
  accessKeyId: runnerSecret(),
  secretAccessKey: runnerSecret(),
  serverAddress: text('a host without a scheme such as "minio.example.com:9000"', /^([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(:[1-9]\d{0,4})?$/),
  region: text('a region such as "eu-central-1"', /^[A-Za-z0-9]([-\w]*[A-Za-z0-9])?$/),
  pathStyleEnabled: trueOrFalseSetting(),
  tlsEnabled: trueOrFalse(),
  serverSideEncryption: decided(text('"S3", "KMS" or "DSSE-KMS"', /^(S3|AES256|KMS|aws:kms|DSSE-KMS|aws:kms:dsse)$/)),
  kmsKeyId: text('a key\'s id, alias or ARN', /^[\w:/.-]{1,2048}$/),
  shared: trueOrFalseSetting(),
};

/** Refuses what every upload would fail for: half of what belongs together, and a name that Amazon does not take. */
export const refuseWrongBucket: Together<S3CacheOptions> = (at, options) => {
  const { accessKeyId, secretAccessKey, serverAddress, serverSideEncryption: encryption, kmsKeyId } = options;
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    const { where, prop } = at(accessKeyId === undefined ? 'accessKeyId' : 'secretAccessKey');
    throw new ValidationError(where, { prop, problem: 'missing beside the other half of the access key', remedy: 'give both, or none for the manager\'s own credentials' });
  }
  for (const name of ['bucketName', 'region'] as const) {
    const { [name]: value } = options;
    if (serverAddress === undefined && known(value) && !AMAZON[name].pattern.test(value)) {
      const { where, prop } = at(name);
      throw new ValidationError(where, { prop, problem: 'not a name of Amazon\'s', got: value, remedy: `${AMAZON[name].remedy}, or serverAddress if it is another's` });
    }
  }
  const needsKey = encryption !== undefined && WITH_KEY.includes(encryption);
  if (needsKey !== (kmsKeyId !== undefined)) {
    const { where, prop } = at('kmsKeyId');
    throw new ValidationError(where, needsKey ? { prop, problem: `missing for ${encryption}`, remedy: 'give the key\'s id, alias or ARN' } : {
      prop, problem: 'has no effect', got: kmsKeyId, remedy: 'leave it out, or set serverSideEncryption to "KMS" or "DSSE-KMS"',
    });
  }
};

export const GCS_CACHE: Rules<GcsCacheOptions> = {
  bucketName: required(text('a bucket such as "ci-cache"', /^[a-z0-9][-a-z0-9._]{1,220}[a-z0-9]$/)),
  credentials: required(runnerSecret()),
  universeDomain: text('a domain such as "googleapis.com"', /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/),
  shared: trueOrFalseSetting(),
};
