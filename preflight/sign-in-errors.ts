export const NOT_INSTALLED = 'az: not found; install the Azure CLI, https://learn.microsoft.com/cli/azure/install-azure-cli (on Windows inside WSL), and run az login';

/**
 * What Entra's error codes mean for whoever signs in, and what helps.
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const CODES: readonly { readonly codes: readonly number[]; readonly what: string; readonly remedy: string }[] = [
  { codes: [50076, 50079, 50078, 50074], what: 'a second factor is demanded', remedy: 'run az login --tenant TENANT again and give it' },
  { codes: [53000, 53001], what: 'Conditional Access demands a managed device', remedy: 'sign in on one, or apply from a pipeline with an identity of its own' },
  { codes: [53003, 530035], what: 'Conditional Access forbids this sign-in', remedy: 'ask your administrators which network, device or client it allows' },
  { codes: [700082, 700084, 70043, 70044, 50173, 50089], what: 'the sign-in has expired', remedy: 'run az login again' },
  { codes: [50020, 90072], what: 'this account is no member of that tenant', remedy: 'run az login --tenant TENANT with one that is' },
  { codes: [65001, 650057, 500011], what: 'the tenant has not consented to this service', remedy: 'ask an administrator of the tenant for consent' },
  { codes: [7000215, 7000222], what: 'the secret of the service principal is wrong or has expired', remedy: 'sign in with a new one, or with a federated identity' },
];

/** One line for what the CLI says about the sign-in; undefined if it is about something else. */
export function aboutSignIn(stderr: string): string | undefined {
  const code = /AADSTS(\d+)/.exec(stderr)?.[1];
  if (code) {
    const known = CODES.find(({ codes }) => codes.includes(Number(code)));
    return known ? `AADSTS${code}: ${known.what}; ${known.remedy}`
      : `AADSTS${code}: Entra refuses the sign-in; https://login.microsoftonline.com/error?code=${code} tells why`;
  }
  if (/az login|No subscription found|no subscriptions found/i.test(stderr)) {
    return 'az: nobody is signed in; run az login';
  }
  return undefined;
}
