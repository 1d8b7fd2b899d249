import { AzureCloud } from '../../azure/azure-cloud';
import { KeyVaultSecret } from '../../azure/key-vault-secret';

/** Options for every way to sign in. */
export interface GitLabSignInOptions {
  /**
   * The first administrators, by their ids at the provider. For Entra ID these are object ids (`az ad user show --id <name> --query id`).
   * Each person is promoted once, and approved if need be, within minutes of their first sign-in.
   * @default - nobody
   */
  readonly administrators?: string[];

  /**
   * Whether an administrator must approve an account that the first sign-in creates. GitLab has one setting for all providers.
   * @see https://docs.gitlab.com/integration/omniauth/
   * @default false
   */
  readonly approvalRequired?: boolean;

  /**
   * Whether a person who signs in takes over the existing GitLab user with the same email address. Anybody who can set an email address at
   * the provider can then take over that user, `root` included.
   * @see https://docs.gitlab.com/integration/omniauth/
   * @default false
   */
  readonly linkingByEmailAllowed?: boolean;

  /**
   * Whether GitLab's sign-in page redirects to this provider. `/users/sign_in?auto_sign_in=false` still shows the page.
   * @see https://docs.gitlab.com/integration/omniauth/
   * @default false
   */
  readonly automaticSignInEnabled?: boolean;

  /**
   * Whether accounts that the first sign-in creates are external users, who see only projects that they are members of.
   * @see https://docs.gitlab.com/administration/external_users/
   * @default false
   */
  readonly newUsersExternal?: boolean;

  /**
   * Whether people who sign in with this provider skip GitLab's own second factor, because the provider asks for one.
   * @see https://docs.gitlab.com/integration/omniauth/
   * @default - true for Entra ID, where Conditional Access asks for it; false for others
   */
  readonly twoFactorBypassAllowed?: boolean;

  /**
   * Whether passwords work as well, for the sign-in page (also for `root`) and for git over HTTPS. False needs `administrators`, and takes
   * effect once one of them has signed in without a password.
   * @see https://docs.gitlab.com/administration/settings/sign_in_restrictions/
   * @default - as set in GitLab, where passwords are enabled at first; after false, they are enabled again
   */
  readonly passwordSignInEnabled?: boolean;
}

/** Options for `GitLabSignIn.entraIdSaml`. */
export interface EntraIdSamlOptions extends GitLabSignInOptions {
  /** The id of the Entra ID tenant: `az account show --query tenantId`. */
  readonly tenantId: string;

  /** The application (client) id of the enterprise application: `az ad app list --display-name GitLab --query [].appId`. */
  readonly applicationId: string;

  /**
   * The provider's name in GitLab and in the reply URL: 1 to 50 lower-case letters, digits and `_`, a letter first. If it changes, GitLab no
   * longer recognises anybody.
   * @default 'saml'
   */
  readonly name?: string;

  /**
   * The label of the button on the sign-in page: 1 to 100 characters on one line.
   * @default 'Microsoft Entra ID'
   */
  readonly label?: string;

  /**
   * The identifier (entity ID) of the application in Entra ID: a URI. An `https://` URI needs a domain that the tenant has verified.
   * @default - `api://<applicationId>`
   */
  readonly identifier?: string;

  /**
   * The certificates that Entra ID signs with, as PEM. The server then fetches none, and you renew them yourself.
   * @see https://learn.microsoft.com/entra/identity/enterprise-apps/tutorial-manage-certificates-for-federated-single-sign-on
   * @default - those that the tenant's federation metadata lists, fetched at set-up and each day
   */
  readonly certificates?: string[];

  /**
   * The claim that identifies a person, or `NameID`. The default is the object id, which never changes and is never reused, unlike Entra
   * ID's default NameID. If this changes, GitLab no longer recognises anybody.
   * @default 'http://schemas.microsoft.com/identity/claims/objectidentifier'
   */
  readonly userIdClaim?: string;

  /**
   * Whether people without an email address in Entra ID get their user principal name as one, and not a placeholder. Set it to true only if
   * these names are mailboxes.
   * @default false
   */
  readonly userPrincipalNameAsEmailAllowed?: boolean;

  /**
   * Object ids of the Entra ID groups whose members are external users in GitLab, evaluated at each sign-in. Let the application send only
   * groups that are assigned to it: Entra ID sends none for somebody in more than 150, who then is not external.
   * @see https://docs.gitlab.com/integration/saml/
   * @default - none
   */
  readonly externalGroups?: string[];

  /**
   * Object ids of Entra ID groups; only their members can sign in. Needs GitLabEdition.EE, but no licence.
   * @see https://docs.gitlab.com/integration/saml/
   * @default - everybody whom Entra ID lets in
   */
  readonly requiredGroups?: string[];

  /**
   * Object ids of the Entra ID groups whose members are administrators, evaluated at each sign-in. Needs GitLabEdition.EE, but no licence.
   * @see https://docs.gitlab.com/integration/saml/
   * @default - none
   */
  readonly administratorGroups?: string[];

  /**
   * The cloud that the tenant is in.
   * @default AzureCloud.PUBLIC
   */
  readonly cloud?: AzureCloud;
}

/** Options for `GitLabSignIn.entraIdOpenIdConnect`. */
export interface EntraIdOpenIdConnectOptions extends GitLabSignInOptions {
  /** The id of the Entra ID tenant: `az account show --query tenantId`. */
  readonly tenantId: string;

  /** The application (client) id: `az ad app list --display-name GitLab --query [].appId`. */
  readonly clientId: string;

  /** The application's client secret, in a Key Vault. It expires after 24 months at most. */
  readonly clientSecret: KeyVaultSecret;

  /**
   * The provider's name in GitLab and in the redirect URL: 1 to 50 lower-case letters, digits and `_`, a letter first. If it changes, GitLab
   * no longer recognises anybody.
   * @default 'openid_connect'
   */
  readonly name?: string;

  /**
   * The label of the button on the sign-in page: 1 to 100 characters on one line.
   * @default 'Microsoft Entra ID'
   */
  readonly label?: string;

  /**
   * The cloud that the tenant is in.
   * @default AzureCloud.PUBLIC
   */
  readonly cloud?: AzureCloud;
}
