/**
 * The kind of a managed disk.
 * @see https://learn.microsoft.com/azure/virtual-machines/disks-types
 */
export enum ManagedDiskType {
  /** Premium SSD, in one data centre. */
  PREMIUM_LRS = 'Premium_LRS',
  /** Premium SSD, copied over the zones of the region. */
  PREMIUM_ZRS = 'Premium_ZRS',
  /** Standard SSD, in one data centre. */
  STANDARD_SSD_LRS = 'StandardSSD_LRS',
  /** Standard SSD, copied over the zones of the region. */
  STANDARD_SSD_ZRS = 'StandardSSD_ZRS',
  /** Magnetic disk, in one data centre; GitLab is slow on it. */
  STANDARD_LRS = 'Standard_LRS',
}
