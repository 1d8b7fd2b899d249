import { KeyVaultKey } from '../../azure/key-vault-key';
import { PrivateEndpoints } from '../../azure/private-endpoints';
import { RunnerSecret } from '../secret/runner-secret';


/** Options for a new storage account for the jobs' caches, created by `KubernetesGitLabRunner`. */
export interface AzureBlobCacheOptions {
  /**
   * The storage account's name, unique in all of Azure: 3 to 24 lower-case letters and digits. Changing it empties the cache.
   * @default - `cache` and eight digits derived from the subscription and the construct's path
   */
  readonly storageAccountName?: string;

  /**
   * The name of the blob container: 3 to 63 lower-case letters, digits and hyphens. Changing it empties the cache.
   * @default 'runner-cache'
   */
  readonly containerName?: string;

  /**
   * How many days after its last change a cache is deleted, 1 to 3650.
   * @default 14
   */
  readonly retentionDays?: number;

  /**
   * A private endpoint for the storage account, which is then closed to the Internet. Jobs need the zone linked to the cluster's network,
   * and a `jobNetwork` that lets them reach the endpoint's subnet.
   * @default - none: whoever has a role or a signature reaches it from anywhere
   */
  readonly privateEndpoints?: PrivateEndpoints;

  /**
   * Your key that encrypts the storage account. An identity of its own gets the role to use it. It can be added, changed and removed later.
   * @see https://learn.microsoft.com/azure/storage/common/customer-managed-keys-overview
   * @default - keys of Azure's
   */
  readonly customerManagedKey?: KeyVaultKey;

  /**
   * Whether all runners of the manager share caches. If false, each has its own, which a new token empties.
   * @default true
   */
  readonly shared?: boolean;
}

/** Options for a cache in an existing storage account. */
export interface ExistingAzureBlobCacheOptions {
  /** The storage account's name. */
  readonly storageAccountName: string;

  /** The name of the blob container. */
  readonly containerName: string;

  /**
   * The storage account's ARM id. If given, `KubernetesGitLabRunner` grants the manager's identity the role `Storage Blob Data Contributor`
   * on the account.
   * @default - none: the manager's identity has that role already
   */
  readonly storageAccountId?: string;

  /**
   * The domain of the blob endpoint, without the account's name.
   * @default - that of the cluster's cloud; for a chart without `KubernetesGitLabRunner` `blob.core.windows.net`
   */
  readonly storageDomain?: string;

  /**
   * Whether all runners that use the container share caches. If false, each has its own, which a new token empties.
   * @default true
   */
  readonly shared?: boolean;
}

/** Options for a cache in a bucket of Amazon S3, or of a server with the same API such as MinIO or Ceph. */
export interface S3CacheOptions {
  /** The bucket's name: for Amazon's 3 to 63 lower-case letters, digits, dots and hyphens, for other servers up to 255, capitals and underscores too. */
  readonly bucketName: string;

  /**
   * The id of the access key. Goes together with `secretAccessKey`.
   * @default - the manager's own credentials, as Amazon's SDK finds them
   */
  readonly accessKeyId?: RunnerSecret;

  /**
   * The secret access key.
   * @default - as for `accessKeyId`
   */
  readonly secretAccessKey?: RunnerSecret;

  /**
   * The server's host name or address without a scheme, and its port unless it is 443 (80 without TLS). Both the manager and the helper
   * containers of jobs connect to it.
   * @default - Amazon's
   */
  readonly serverAddress?: string;

  /**
   * The bucket's region. Servers that are not Amazon's usually take any, such as `us-east-1`.
   * @default - the server is asked, and `us-east-1` is used if it does not answer
   */
  readonly region?: string;

  /**
   * Whether the bucket is a part of the URL's path, not of the host name.
   * @default - true for servers that are not Amazon's, Google's or Alibaba's, else false
   */
  readonly pathStyleEnabled?: boolean;

  /**
   * Whether the server is asked over HTTPS. Helper containers trust the authorities of their image. False gives a warning.
   * @default true
   */
  readonly tlsEnabled?: boolean;

  /**
   * How the server encrypts caches: `S3` (or `AES256`) with its own keys, `KMS` (or `aws:kms`) with a key of a key management service, `DSSE-KMS` (or
   * `aws:kms:dsse`) with such a key in two layers.
   * @see https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runnerscaches3-section
   * @default - as the bucket is set up
   */
  readonly serverSideEncryption?: string;

  /**
   * The id, alias or ARN of the key for the encryptions `KMS` and `DSSE-KMS`, which need one.
   * @default - none
   */
  readonly kmsKeyId?: string;

  /**
   * Whether all runners that use the bucket share caches. If false, each has its own, which a new token empties.
   * @default true
   */
  readonly shared?: boolean;
}

/** Options for a cache in a bucket of Google Cloud Storage. */
export interface GcsCacheOptions {
  /** The bucket's name: 3 to 222 lower-case letters, digits, dots, hyphens and underscores. */
  readonly bucketName: string;

  /** The JSON key file of a service account that may read and write the bucket's objects. */
  readonly credentials: RunnerSecret;

  /**
   * The domain of a cloud of Google's that others run. Needs runner 18.9 or later.
   * @default - Google's own
   */
  readonly universeDomain?: string;

  /**
   * Whether all runners that use the bucket share caches. If false, each has its own, which a new token empties.
   * @default true
   */
  readonly shared?: boolean;
}
