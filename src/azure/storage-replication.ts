/**
 * The redundancy of a storage account: how many copies Azure keeps, and how far apart. Not every region supports each kind.
 *
 * An account changes in place within LRS, GRS and RA-GRS, and within ZRS, GZRS and RA-GZRS. From one of these groups to the other, the azurerm
 * provider would replace the account with all that is in it, which `preventDestroy` stops.
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
  /** Geo-redundant, and the copies in the paired region can be read while the region is down, at `<account>-secondary.blob.core.windows.net`. */
  RA_GRS = 'RAGRS',
  /** Geo-zone-redundant, and the copies in the paired region can be read while the region is down, at `<account>-secondary.blob.core.windows.net`. */
  RA_GZRS = 'RAGZRS',
}
