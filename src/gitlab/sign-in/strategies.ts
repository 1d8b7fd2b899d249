import { known } from '../../private/rules/subject';
import { isSection } from '../gitlab-rb/omnibus-settings';
import { isGiven, valueAt } from '../gitlab-rb/settings-reading';

/** Strategies that GitLab no longer has, and does not start with. */
const REMOVED = ['authentiq', 'azure_oauth2', 'cas3', 'facebook', 'twitter'];

/** What GitLab's packages have, without underscores. */
const STRATEGIES = new Set([
  'alicloud', 'atlassianoauth2', 'auth0', 'azureactivedirectoryv2', 'bitbucket', 'crowd', 'github', 'gitlab', 'googleoauth2', 'groupsaml', 'jwt', 'kerberos',
  'kerberosspnego', 'oauth2generic', 'openidconnect', 'saml', 'salesforce', 'shibboleth',
]);

/** What is wrong with the strategy that GitLab would look for by a provider's name, and what to do. */
export function strategyProblem(provider: unknown): { readonly problem: string; readonly remedy: string } | undefined {
  const name = valueAt(provider, 'name');
  if (typeof name !== 'string' || isGiven(provider, 'args', 'strategy_class')) {
    return undefined;
  }
  if (REMOVED.includes(name)) {
    return { problem: 'removed from GitLab, which would not start', remedy: 'use "openid_connect" or "saml"; for Entra ID set signIn instead' };
  }
  const sought = soughtName(name, isSection(provider) ? provider.args : undefined);
  return sought === undefined || STRATEGIES.has(sought.replaceAll('_', '').toLowerCase()) ? undefined : {
    problem: 'not a strategy of GitLab\'s, which would not start',
    remedy: 'use one such as "openid_connect", or add args.strategy_class, such as "OmniAuth::Strategies::OpenIDConnect"',
  };
}

/** The arguments may have another name than the provider; what only the apply knows may be anything. */
function soughtName(name: string, args: unknown): string | undefined {
  if (args === undefined || args === null || Array.isArray(args)) {
    return name;
  }
  const named: unknown = isSection(args) ? args.name ?? name : undefined;
  return typeof named === 'string' && known(named) ? named : undefined;
}
