import { IConstruct } from 'constructs';
import { CacheSource, S3Cache } from './cache-source';
import { GitLabVersion } from '../../gitlab/gitlab-version';
import { ValidationError } from '../../private/validation-error';
import { Settings } from '../config/settings';

const DEFAULT_STORAGE_DOMAIN = 'blob.core.windows.net';

/**
 * `[runners.cache]`; the sidecar puts the secrets in.
 * @param more what is in it without a prop.
 * @param files the paths of the cache's secrets by what they are for.
 */
export function cacheTable(cache: CacheSource, more: Settings | undefined, files: { readonly [secret: string]: string }): Settings | undefined {
  switch (cache.kind) {
    case 'existing':
      return {
        Type: 'azure',
        Shared: cache.options.shared ?? true,
        ...more,
        azure: {
          AccountName: cache.options.storageAccountName,
          ContainerName: cache.options.containerName,
          StorageDomain: cache.options.storageDomain ?? DEFAULT_STORAGE_DOMAIN,
        },
      };
    case 's3':
      return { Type: 's3', Shared: cache.options.shared ?? true, ...more, s3: { ...bucket(cache.options, files), ...more?.s3 } };
    case 'gcs':
      return {
        Type: 'gcs',
        Shared: cache.options.shared ?? true,
        ...more,
        gcs: { BucketName: cache.options.bucketName, UniverseDomain: cache.options.universeDomain, CredentialsFile: `@copy:${files.credentials}@` },
      };
    default:
      return undefined;
  }
}

function bucket(options: S3Cache['options'], files: { readonly [secret: string]: string }): Settings {
  // without a server's address or keys the runner would choose by itself.
  const authentication = files.accessKeyId === undefined ? { AuthenticationType: 'iam' } : {
    AuthenticationType: 'access-key', AccessKey: `@value:${files.accessKeyId}@`, SecretKey: `@value:${files.secretAccessKey}@`,
  };
  return {
    ServerAddress: options.serverAddress,
    BucketName: options.bucketName,
    BucketLocation: options.region,
    ...authentication,
    Insecure: options.tlsEnabled ?? true ? undefined : true,
    PathStyle: options.pathStyleEnabled,
    ServerSideEncryption: options.serverSideEncryption,
    ServerSideEncryptionKeyID: options.kmsKeyId,
  };
}

/** Variables that the manager needs for a cache: before runner 18.11.2, servers that are not Amazon's refuse what its S3 client signs by default. */
export function cacheVariables(cache: CacheSource, version: GitLabVersion): { [name: string]: string } {
  const foreign = cache.kind === 's3' && cache.options.serverAddress !== undefined;
  return foreign && !version._reaches('19.0') ? { AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required', AWS_RESPONSE_CHECKSUM_VALIDATION: 'when_required' } : {};
}

/** Refuses what a runner of the version does not know: it would ask another cloud. */
export function refuseNewerCache(where: IConstruct | string, cache: CacheSource, version: GitLabVersion): void {
  if (cache.kind === 'gcs' && cache.options.universeDomain !== undefined && !version._reaches('18.9')) {
    throw new ValidationError(where, {
      prop: 'cache', problem: `universeDomain is not known to runner ${version._minorVersion}`, got: cache.options.universeDomain, remedy: 'take runner 18.9 or later',
    });
  }
}
