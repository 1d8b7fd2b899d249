import { known } from './rules/subject';

const VALUES = [
  // GitLab's, GitHub's, Slack's, AWS' and Google's own beginnings.
  /\bgl(pat|ptt|dt|rt|rtr|cbt|ft|imt|agent|soat|oas|ffct|wt)-[\w-]{8,}/, /\bgh[pousr]_\w{16,}/, /\bgithub_pat_\w{16,}/, /\bxox[abpr]-[\w-]{8,}/, /\b(AKIA|ASIA)[A-Z0-9]{16}\b/, /\bAIza[\w-]{35}/,
  // keys, keys of Azure's storage and buses, tokens that are signed, a user with a password in an address.
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/, /\b(AccountKey|SharedAccessKey|SharedAccessSignature)=./i, /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\./, /:\/\/[^/\s:@]*:[^/\s:@$]+@/,
  // addresses that let in whoever knows them: Slack's and Teams' webhooks, blobs with a signature.
  /hooks\.slack\.com\/services\/\w+\/\w+\/\w+/, /\.webhook\.office\.com\/webhookb2\/\S+/, /[?&]sig=[\w%+/-]{20,}/,
];

/** True for a text that looks like a secret or has one in it, whatever it is called. */
export function holdsSecret(value: string): boolean {
  return known(value) && typeof value === 'string' && VALUES.some((pattern) => pattern.test(value));
}
