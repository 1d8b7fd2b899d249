/**
 * How many copies Azure keeps of a storage account's data, and how far apart. Not every region has each.
 *
 * @see https://learn.microsoft.com/azure/storage/common/storage-redundancy
 */
export enum StorageReplication {
  /** Three copies in one data center. */
  LRS = 'LRS',
  /** Three copies in three availability zones of the region. */
  ZRS = 'ZRS',
  /** Three copies in one data center, and three in the region that Azure pairs with it, maybe in another country. */
  GRS = 'GRS',
  /** Three copies in three availability zones, and three in the region that Azure pairs with it, maybe in another country. */
  GZRS = 'GZRS',
}
