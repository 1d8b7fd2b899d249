export * from './azure-provider';
export * from './key-vault-secret';
export * from './managed-disk-type';
export * from './ssh-public-key';
export * from './storage-replication';
export * from './ubuntu-image';
export * from './week-day';
