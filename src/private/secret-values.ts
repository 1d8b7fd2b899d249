const VALUES = [
  // GitLab's, GitHub's, Slack's, AWS' and Google's own beginnings.
  /\bgl(pat|ptt|dt|rt|rtr|cbt|ft|imt|agent|soat|oas|ffct|wt)-[\w-]{8,}/, /\bgh[pousr]_\w{16,}/, /\bgithub_pat_\w{16,}/, /\bxox[abpr]-[\w-]{8,}/, /\b(AKIA|ASIA)[A-Z0-9]{16}\b/, /\bAIza[\w-]{35}/,
  // keys, keys of Azure's storage and buses, tokens that are signed, a user with a password in an address.
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/, /\b(AccountKey|SharedAccessKey|SharedAccessSignature)=./i, /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\./, /:\/\/[^/\s:@]*:[^/\s:@$]+@/,
  // addresses that let in whoever knows them: Slack's and Teams' webhooks, blobs with a signature.
  /hooks\.slack\.com\/services\/\w+\/\w+\/\w+/, /\.webhook\.office\.com\/webhookb2\/\S+/, /[?&]sig=[\w%+/-]{20,}/,
];

/** What lets somebody in without being a password: webhooks of Discord, addresses of Sentry, registration tokens of GitLab. */
const PRIVATE = [/\bdiscord(app)?\.com\/api\/webhooks\/\w/, /:\/\/[0-9a-f]{32}@/, /\bGR1348941[\w-]{8,}/];

const NAMES = /passw(or)?d|passphrase|secret|token|dsn|credential|connection_?string|webhook|(access|account|api|encryption|license|private|shared|signing|storage)_?key|^sas(?![a-z])|_sas(?![a-z])|Sas(?![a-z])/;

/** True for a text that looks like a secret or has one in it, whatever it is called. */
export function holdsSecret(value: string): boolean {
  return typeof value === 'string' && VALUES.some((pattern) => pattern.test(value));
}

/** True for a text that no error is to show. */
export function isPrivateText(text: string): boolean {
  return holdsSecret(text) || PRIVATE.some((pattern) => pattern.test(text));
}

/** True for a name of what is most likely a secret. */
export function namesSecret(name: string): boolean {
  return NAMES.test(name) || NAMES.test(name.toLowerCase());
}

/** True for a name of what may be a secret, where there is no such prop or setting: no error shows its value. */
export function mayNameSecret(name: string): boolean {
  return /key/i.test(name) || namesSecret(name);
}
