import { OtherNames } from '../../private/rules/rule';

/** What to do in place of names that others have for what an endpoint takes, where none of the options is near to them. */
export const OTHER_NAMES_OF_LETS_ENCRYPT: OtherNames = {
  ...Object.fromEntries(['domain', 'domainName', 'fqdn', 'host', 'hostname', 'url'].map((name) => [name, 'call GitLabEndpoint.customDomain(…), which takes the name first'])),
  ...Object.fromEntries(['certificate', 'sslCertificate'].map((name) => [name, 'call GitLabEndpoint.certificateFromKeyVault(…)'])),
  email: 'write letsEncryptEmail',
  contactEmails: 'write letsEncryptEmail',
};
