import { entraIdOpenIdConnect, entraIdSaml } from './entra-id';
import { SignInChoice } from './sign-in-choice';
import { EntraIdOpenIdConnectOptions, EntraIdSamlOptions, GitLabSignInOptions } from './sign-in-options';
import { checkPasswords, CUSTOM, ENTRA_ID_OPENID_CONNECT, ENTRA_ID_SAML, providerName } from './sign-in-rules';
import { strategyProblem } from './strategies';
import { takeProps, takeValue } from '../../private/rules/rule';
import { refusal } from '../../private/rules/subject';
import { isSection } from '../gitlab-rb/omnibus-settings';
import { omniauthProvider } from '../gitlab-rb/omnibus-settings-rules';

/** What the Community Edition would not look at. */
const ENTERPRISE_KEYS = ['required_groups', 'admin_groups', 'auditor_groups'];

/**
 * An identity provider for signing in to GitLab, beside its own passwords. GitLab creates an account at the first sign-in.
 *
 * @see https://docs.gitlab.com/integration/omniauth/
 * @example
 * new SelfHostedGitLab(stack, 'GitLab', {
 *   location: 'koreacentral',
 *   signIn: [GitLabSignIn.entraIdSaml({
 *     tenantId: '00000000-0000-0000-0000-00000000000a',
 *     applicationId: '00000000-0000-0000-0000-00000000000b',
 *     administrators: ['00000000-0000-0000-0000-000000000001'],
 *   })],
 * });
 */
export class GitLabSignIn {
  /**
   * Entra ID over SAML. It needs no secret: the server reads Entra ID's public certificates from the tenant's federation metadata, and keeps
   * them up to date.
   * @see https://docs.gitlab.com/integration/saml/
   */
  static entraIdSaml(options: EntraIdSamlOptions): GitLabSignIn {
    const given = takeProps('GitLabSignIn.entraIdSaml', 'options', options, ENTRA_ID_SAML, checkPasswords);
    return new GitLabSignIn({ ...common(given, true), ...entraIdSaml(given) });
  }

  /**
   * Entra ID over OpenID Connect. It needs a client secret, which you must renew; SAML needs none.
   * @see https://docs.gitlab.com/administration/auth/oidc/
   */
  static entraIdOpenIdConnect(options: EntraIdOpenIdConnectOptions): GitLabSignIn {
    const given = takeProps('GitLabSignIn.entraIdOpenIdConnect', 'options', options, ENTRA_ID_OPENID_CONNECT, checkPasswords);
    return new GitLabSignIn({ ...common(given, true), ...entraIdOpenIdConnect(given) });
  }

  /**
   * Any other provider that GitLab supports.
   * @see https://docs.gitlab.com/integration/omniauth/
   * @param provider one entry of `gitlab_rails['omniauth_providers']`, with its `name`. Values may be references and, for secrets, `KeyVaultSecret`s.
   */
  static custom(provider: { [key: string]: any }, options: GitLabSignInOptions = {}): GitLabSignIn {
    const where = 'GitLabSignIn.custom';
    const taken = takeValue(where, 'provider', provider, omniauthProvider());
    const name = takeValue(where, 'provider.name', taken.name, providerName());
    const wrong = strategyProblem(taken);
    if (wrong) {
      throw refusal({ where, prop: 'provider.name' }, wrong.problem, name, wrong.remedy);
    }
    const given = takeProps(where, 'options', options, CUSTOM, checkPasswords);
    return new GitLabSignIn({
      ...common(given, false), kind: 'custom', name, provider: () => taken,
      speaksSaml: name === 'saml' || isSection(taken.args) && taken.args.strategy_class === 'OmniAuth::Strategies::SAML',
      enterpriseProps: ENTERPRISE_KEYS.filter((key) => key in taken),
    });
  }

  private constructor(
    /** @internal */
    public readonly _choice: SignInChoice,
  ) {}
}

function common(options: GitLabSignInOptions, asksForSecondFactor: boolean) {
  return {
    administrators: options.administrators ?? [],
    approvalRequired: options.approvalRequired ?? false,
    linkingByEmailAllowed: options.linkingByEmailAllowed ?? false,
    automaticSignInEnabled: options.automaticSignInEnabled ?? false,
    newUsersExternal: options.newUsersExternal ?? false,
    twoFactorBypassAllowed: options.twoFactorBypassAllowed ?? asksForSecondFactor,
    passwordSignInEnabled: options.passwordSignInEnabled,
  };
}
