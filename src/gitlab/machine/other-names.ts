import { OtherNames } from '../../private/rules/rule';

/** Others' names for what a private address takes. */
export const OTHER_NAMES_OF_PRIVATE_ADDRESS: OtherNames = Object.fromEntries(
  ['ip', 'ipAddress', 'private_ip_address', 'privateIp', 'privateIpAddress', 'staticIp'].map((name) => [name, 'write address']),
);
