import { known } from './rules/subject';

const VALUES = [
  // GitLab's, GitHub's, Slack's and AWS' own beginnings.
  /\bgl(pat|ptt|dt|rt|rtr|cbt|ft|imt|agent|soat|oas|ffct|wt)-[\w-]{8,}/, /\bgh[pousr]_\w{16,}/, /\bgithub_pat_\w{16,}/, /\bxox[abpr]-[\w-]{8,}/, /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
  // keys, keys of Azure's storage and buses, tokens that are signed, a user with a password in an address.
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/, /\b(AccountKey|SharedAccessKey|SharedAccessSignature)=./i, /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\./, /:\/\/[^/\s:@]*:[^/\s:@$]+@/,
];

/** True for a text that looks like a secret or has one in it, whatever it is called. */
export function holdsSecret(value: string): boolean {
  return known(value) && typeof value === 'string' && VALUES.some((pattern) => pattern.test(value));
}
