/**
 * The redundancy of a storage account: how many copies Azure keeps, and how far apart. Not every region supports each kind.
 *
 * @see https://learn.microsoft.com/azure/storage/common/storage-redundancy
 */
export enum StorageReplication {
  /** Locally redundant: three copies in one data center. */
  LRS = 'LRS',
  /** Zone-redundant: three copies in three availability zones of the region. */
  ZRS = 'ZRS',
  /** Geo-redundant: three copies in one data center, and three in the region's paired region, which may be in another country. */
  GRS = 'GRS',
  /** Geo-zone-redundant: three copies in three availability zones, and three in the region's paired region, which may be in another country. */
  GZRS = 'GZRS',
}
