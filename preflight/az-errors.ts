import { aboutSignIn } from './sign-in-errors';

/** The code of what is wrong with the sign-in itself. */
export const SIGN_IN = 'SignIn';

/** Azure did not answer a question, or refused it. */
export class AzureError extends Error {
  constructor(readonly code: string, message: string, readonly remedy?: string, readonly retryAfterSeconds?: number) {
    super(message);
  }
}

/** What is between `az` and Azure. */
const ON_THE_WAY: readonly { readonly told: RegExp; readonly what: string; readonly remedy: string }[] = [
  {
    told: /certificate verif|CERTIFICATE_VERIFY_FAILED|SSLError/i, what: 'az does not trust the certificate that it is shown in Azure\'s name',
    remedy: 'if a proxy reads along, set REQUESTS_CA_BUNDLE to a file with the certificate of its authority',
  },
  {
    told: /network connection|Max retries exceeded|ProxyError|Connection (refused|aborted|reset)|NameResolutionError|getaddrinfo/i, what: 'az does not reach Azure',
    remedy: 'check the network, and HTTPS_PROXY if the way out is a proxy',
  },
  {
    told: /misspelled or not recognized|unrecognized arguments|not in the 'az'|invalid choice/i, what: 'this az does not know the command', remedy: 'run az upgrade: 2.60 or later does',
  },
];

/** What helps, by Azure's codes. */
const REMEDIES: { readonly [code: string]: (message: string) => string } = {
  SubscriptionNotFound: () => 'az account list --output table shows the subscriptions that this account sees; sign in with one that has a role on it, or correct the id',
  InvalidSubscriptionId: () => 'give the subscription\'s id, a UUID: az account list --output table shows it',
  InvalidAuthenticationTokenTenant: () => 'the subscription is in another tenant: az login --tenant TENANT',
  MissingSubscriptionRegistration: (message) => `az provider register --wait --namespace ${/namespace '([\w.]+)'/.exec(message)?.[1] ?? 'NAMESPACE'}, then run this again`,
};

const THROTTLED = /Too ?Many ?Requests|RequestsThrottled/i;
const USUAL_PAUSE_SECONDS = 20;
const LONGEST_PAUSE_SECONDS = 60;

/** What `az` says on standard error, as an error that tells what helps. */
export function explained(stderr: string): AzureError {
  const signIn = aboutSignIn(stderr);
  if (signIn) {
    return new AzureError(SIGN_IN, signIn);
  }
  // az rest shows Azure's answer, other commands put it into lines of their own.
  const code = /"code":\s*"(\w+)"/.exec(stderr)?.[1] ?? /^Code: (\w+)$/m.exec(stderr)?.[1] ?? 'Unknown';
  const quoted = /"message":\s*"((?:[^"\\]|\\.)*)"/.exec(stderr)?.[1] ?? /^Message: (.*)$/m.exec(stderr)?.[1];
  const message = (quoted ?? lastLine(stderr)).replace(/\\"/g, '"').replace(/(\\r)?\\n/g, ' ');
  if (THROTTLED.test(stderr)) {
    return throttled(code, message);
  }
  const between = code === 'Unknown' ? ON_THE_WAY.find(({ told }) => told.test(stderr)) : undefined;
  return between ? new AzureError('OnTheWay', between.what, between.remedy)
    : new AzureError(code, code === 'Unknown' ? message : `${code}: ${message}`, REMEDIES[code]?.(message));
}

/** An answer that is no answer of Azure's: what a proxy says in its place, or what an extension of the CLI prints. */
export function noJson(text: string): AzureError {
  return new AzureError('NoJson', `az printed no JSON but "${text.trim().split('\n')[0].slice(0, 60)}"`, 'see what az account show prints; an extension of az, or a proxy, may have its say in it');
}

/** The CLI does not try again by itself. */
function throttled(code: string, message: string): AzureError {
  const told = Number(/after '?(\d+)'? seconds/.exec(message)?.[1] ?? USUAL_PAUSE_SECONDS);
  return new AzureError('Throttled', `${code === 'Unknown' ? '' : `${code}: `}${message}`, 'Azure wants fewer questions at a time: run it again in some minutes', Math.min(told, LONGEST_PAUSE_SECONDS));
}

function lastLine(stderr: string): string {
  return stderr.trim().split('\n').at(-1)!.replace(/^ERROR: /, '');
}
