import { EntraIdCloud } from './entra-id-cloud';
import { KeyVaultSecret } from '../../azure/key-vault-secret';

/** Options for every way to sign in. */
export interface GitLabSignInOptions {
  /**
   * The first administrators, each once: the ids by which the provider knows them. With Entra ID these are object ids
   * (`az ad user show --id <name> --query id`). Each is made an administrator once, within minutes of signing in for the first time; what
   * GitLab's administrators change later stays. An account that waits for approval is approved by this.
   * @default - nobody
   */
  readonly administrators?: string[];

  /**
   * Whether an account that is created at the first sign-in has to be approved by an administrator. GitLab has one answer for all providers.
   * @see https://docs.gitlab.com/integration/omniauth/
   * @default false
   */
  readonly approvalRequired?: boolean;

  /**
   * Whether whoever signs in is taken for the existing GitLab user of the same email address. Whoever can set an address at the provider
   * then becomes that user, `root` included.
   * @see https://docs.gitlab.com/integration/omniauth/
   * @default false
   */
  readonly linkingByEmailAllowed?: boolean;

  /**
   * Whether GitLab's sign-in page leads on to this provider at once. `/users/sign_in?auto_sign_in=false` still shows it. One provider at most.
   * @see https://docs.gitlab.com/integration/omniauth/
   * @default false
   */
  readonly automaticSignInEnabled?: boolean;

  /**
   * Whether accounts that are created at the first sign-in are external users, who see the projects that they are members of and no others.
   * @see https://docs.gitlab.com/administration/external_users/
   * @default false
   */
  readonly newUsersExternal?: boolean;

  /**
   * Whether those who sign in this way are not asked for GitLab's own second factor, because the provider asks for one.
   * @see https://docs.gitlab.com/integration/omniauth/
   * @default - true with Entra ID, where Conditional Access asks; else false
   */
  readonly twoFactorBypassAllowed?: boolean;

  /**
   * Whether people can sign in with a password as well, `root` included, and use git with it over HTTPS. False takes effect once one of the
   * `administrators` has signed in without one, so that nobody is locked out; it needs `administrators`.
   * @see https://docs.gitlab.com/administration/settings/sign_in_restrictions/
   * @default - as it is set in GitLab, where passwords work at first. What false has switched off is switched on again once it is left out
   */
  readonly passwordSignInEnabled?: boolean;
}

/** Options for `GitLabSignIn.entraIdSaml`. */
export interface EntraIdSamlOptions extends GitLabSignInOptions {
  /** The id of the Entra tenant: `az account show --query tenantId`. */
  readonly tenantId: string;

  /** The application (client) id of the enterprise application: `az ad app list --display-name GitLab --query [].appId`. */
  readonly applicationId: string;

  /**
   * The provider's name in GitLab and in the reply URL: 1 to 50 lower-case letters, digits and `_`, a letter first. Changing it makes
   * everybody a new person.
   * @default 'saml'
   */
  readonly name?: string;

  /**
   * What the button on the sign-in page says: 1 to 100 characters on one line.
   * @default 'Microsoft Entra ID'
   */
  readonly label?: string;

  /**
   * The identifier (entity ID) of the application in Entra: a URI. `https://` needs a domain that the tenant has verified.
   * @default - `api://<applicationId>`
   */
  readonly identifier?: string;

  /**
   * The certificates by which Entra signs, each as PEM. The server then asks nobody, and you renew them.
   * @see https://learn.microsoft.com/entra/identity/enterprise-apps/tutorial-manage-certificates-for-federated-single-sign-on
   * @default - those that the tenant's federation metadata lists, fetched at set-up and each day
   */
  readonly certificates?: string[];

  /**
   * The claim that tells people apart, or `NameID`. The default never changes and is never given to somebody else, which cannot be said of a
   * user principal name, Entra's NameID.
   * @default 'http://schemas.microsoft.com/identity/claims/objectidentifier'
   */
  readonly userIdClaim?: string;

  /**
   * Whether the user principal name stands in for the email address of those who have none in Entra. True only helps where these names are
   * mailboxes; without it such people get an address that nobody receives mail at.
   * @default false
   */
  readonly userPrincipalNameAsEmailAllowed?: boolean;

  /**
   * Object ids of the Entra groups whose members are external users in GitLab, judged at each sign-in. Assign these groups to the application
   * and let it send those alone, for beyond 150 groups Entra sends none and nobody counts as external.
   * @see https://docs.gitlab.com/integration/saml/#external-groups
   * @default - none
   */
  readonly externalGroups?: string[];

  /**
   * Object ids of the Entra groups of whose members GitLab demands one. Needs GitLabEdition.EE, without a licence.
   * @see https://docs.gitlab.com/integration/saml/#required-groups
   * @default - whoever Entra lets in
   */
  readonly requiredGroups?: string[];

  /**
   * Object ids of the Entra groups whose members are administrators, judged at each sign-in. Needs GitLabEdition.EE, without a licence.
   * @see https://docs.gitlab.com/integration/saml/#administrator-groups
   * @default - none
   */
  readonly administratorGroups?: string[];

  /**
   * The cloud that the tenant is in.
   * @default EntraIdCloud.PUBLIC
   */
  readonly cloud?: EntraIdCloud;
}

/** Options for `GitLabSignIn.entraIdOpenIdConnect`. */
export interface EntraIdOpenIdConnectOptions extends GitLabSignInOptions {
  /** The id of the Entra tenant: `az account show --query tenantId`. Tenants for everybody, such as `common`, are not supported. */
  readonly tenantId: string;

  /** The application (client) id: `az ad app list --display-name GitLab --query [].appId`. */
  readonly clientId: string;

  /** The application's client secret, in a Key Vault. Entra lets it live for 24 months at most. */
  readonly clientSecret: KeyVaultSecret;

  /**
   * The provider's name in GitLab and in the redirect URL: 1 to 50 lower-case letters, digits and `_`, a letter first. Changing it makes
   * everybody a new person.
   * @default 'openid_connect'
   */
  readonly name?: string;

  /**
   * What the button on the sign-in page says: 1 to 100 characters on one line.
   * @default 'Microsoft Entra ID'
   */
  readonly label?: string;

  /**
   * The cloud that the tenant is in.
   * @default EntraIdCloud.PUBLIC
   */
  readonly cloud?: EntraIdCloud;
}
