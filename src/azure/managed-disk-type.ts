/**
 * The type of a managed disk.
 * @see https://learn.microsoft.com/azure/virtual-machines/disks-types
 */
export enum ManagedDiskType {
  /** Premium SSD, locally redundant. */
  PREMIUM_LRS = 'Premium_LRS',
  /** Premium SSD, zone-redundant. */
  PREMIUM_ZRS = 'Premium_ZRS',
  /** Premium SSD v2, locally redundant: for the data disk of a machine in a zone, chosen when the disk is made. */
  PREMIUM_V2_LRS = 'PremiumV2_LRS',
  /** Standard SSD, locally redundant. */
  STANDARD_SSD_LRS = 'StandardSSD_LRS',
  /** Standard SSD, zone-redundant. */
  STANDARD_SSD_ZRS = 'StandardSSD_ZRS',
  /** Standard HDD, locally redundant. GitLab is slow on it. */
  STANDARD_LRS = 'Standard_LRS',
}
