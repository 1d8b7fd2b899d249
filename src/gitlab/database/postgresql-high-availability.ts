/** Where the standby of a database server is, which takes over when the server fails. */
export enum PostgresqlHighAvailability {
  /** In the same zone. */
  SAME_ZONE = 'SameZone',
  /** In another zone of the region. */
  ZONE_REDUNDANT = 'ZoneRedundant',
}
