import { AzureBlobCacheOptions, ExistingAzureBlobCacheOptions, GcsCacheOptions, S3CacheOptions } from './runner-cache-options';
import { privateEndpoints } from '../../azure/private/private-endpoints-rule';
import { armId, storageAccountName, storageContainerName } from '../../azure/private/rules';
import { required, Rules, Together } from '../../private/rules/rule';
import { decided, integer, text, trueOrFalse, trueOrFalseSetting } from '../../private/rules/scalars';
import { ValidationError } from '../../private/validation-error';
import { runnerSecret } from '../secret/runner-secret-rules';

export const AZURE_BLOB_CACHE: Rules<AzureBlobCacheOptions> = {
  storageAccountName: storageAccountName(),
  containerName: storageContainerName(),
  retentionDays: integer(1, 3650),
  privateEndpoints: privateEndpoints(),
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
const WITH_KEY = ['KMS', 'DSSE-KMS'];

export const S3_CACHE: Rules<S3CacheOptions> = {
  bucketName: required(text('a bucket such as "ci-cache"', /^[a-z0-9]([-a-z0-9]|\.(?!\.)){1,61}[a-z0-9]$/)),
  accessKeyId: required(runnerSecret()),
  secretAccessKey: required(runnerSecret()),
  serverAddress: text('a host without a scheme such as "minio.example.com:9000"', /^([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(:[1-9]\d{0,4})?$/),
  region: text('a region such as "eu-central-1"', /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/),
  pathStyleEnabled: trueOrFalseSetting(),
  tlsEnabled: trueOrFalse(),
  serverSideEncryption: decided(text('"S3", "KMS" or "DSSE-KMS"', /^(S3|KMS|DSSE-KMS)$/)),
  kmsKeyId: text('a key\'s id, alias or ARN', /^[\w:/.-]{1,2048}$/),
  shared: trueOrFalseSetting(),
};

/** Refuses a key without what it is for, and the reverse, for which every upload would fail. */
export const refuseWrongEncryption: Together<S3CacheOptions> = (at, { serverSideEncryption: encryption, kmsKeyId }) => {
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
