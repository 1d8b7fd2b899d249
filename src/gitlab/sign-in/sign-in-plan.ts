import { callback } from './entra-id';
import { SignInChoice } from './sign-in-choice';
import { Section } from '../set-up/omnibus-settings';

/** All ways to sign in, as gitlab.rb and the scripts have to know them. Texts may be tokens. */
export interface SignInPlan {
  /** Keys of the section `gitlab_rails`. */
  readonly settings: Section;
  /** Where SAML's certificates come from, by the provider's name. */
  readonly metadata: readonly { readonly name: string; readonly url: string; readonly entityId: string }[];
  readonly administrators: readonly { readonly provider: string; readonly uid: string }[];
  readonly passwordSignInEnabled?: boolean;
}

/** The keys of `gitlab_rails` that are decided by signIn, where it is given. */
export const SIGN_IN_KEYS = [
  'omniauth_enabled', 'omniauth_providers', 'omniauth_allow_single_sign_on', 'omniauth_block_auto_created_users', 'omniauth_auto_link_saml_user',
  'omniauth_auto_link_user', 'omniauth_sync_profile_from_provider', 'omniauth_sync_profile_attributes', 'omniauth_auto_sign_in_with_provider',
  'omniauth_external_providers', 'omniauth_allow_bypass_two_factor',
];

export function signInPlan(choices: readonly SignInChoice[], gitlabUrl: string): SignInPlan {
  const namesOf = (holds: (choice: SignInChoice) => boolean) => choices.filter(holds).map(({ name }) => name);
  const automatic = choices.find(({ automaticSignInEnabled }) => automaticSignInEnabled);
  return {
    settings: {
      omniauth_enabled: true,
      omniauth_providers: choices.map(({ provider }) => provider(gitlabUrl)),
      omniauth_allow_single_sign_on: namesOf(() => true),
      omniauth_block_auto_created_users: choices.some(({ approvalRequired }) => approvalRequired),
      // of SAML GitLab asks it by a key of its own.
      omniauth_auto_link_saml_user: choices.some(({ kind, linkingByEmailAllowed }) => kind === 'saml' && linkingByEmailAllowed),
      omniauth_auto_link_user: namesOf(({ kind, linkingByEmailAllowed }) => kind !== 'saml' && linkingByEmailAllowed),
      omniauth_sync_profile_from_provider: namesOf(({ kind }) => kind !== 'custom'),
      omniauth_sync_profile_attributes: ['name', 'email'],
      omniauth_external_providers: namesOf(({ newUsersExternal }) => newUsersExternal),
      omniauth_allow_bypass_two_factor: namesOf(({ twoFactorBypassAllowed }) => twoFactorBypassAllowed),
      ...automatic ? { omniauth_auto_sign_in_with_provider: automatic.name } : {},
    },
    metadata: choices.flatMap(({ name, metadata }) => metadata ? [{ name, ...metadata }] : []),
    administrators: choices.flatMap(({ name, administrators }) => administrators.map((uid) => ({ provider: name, uid }))),
    passwordSignInEnabled: choices.find(({ passwordSignInEnabled }) => passwordSignInEnabled !== undefined)?.passwordSignInEnabled,
  };
}

/** What somebody has to know or do on the provider's side. */
export interface SignInOutput {
  readonly id: string;
  readonly description: string;
  readonly value: string;
}

export function signInOutputs(choices: readonly SignInChoice[], gitlabUrl: string): SignInOutput[] {
  return choices.flatMap((choice) => {
    const { name, application } = choice;
    const replyUrl = callback(gitlabUrl, name);
    const prefix = name.split('_').filter(Boolean).map((word) => word[0].toUpperCase() + word.slice(1)).join('');
    return [
      ...application?.identifier === undefined ? [] : [
        { id: `${prefix}Identifier`, description: `The identifier (entity ID) of the application by which people sign in as "${name}".`, value: application.identifier },
      ],
      { id: `${prefix}ReplyUrl`, description: `The reply URL of the application by which people sign in as "${name}".`, value: replyUrl },
      ...application ? [{
        id: `${prefix}SetUpCommands`, description: `Make an application of Entra ID what GitLab expects of "${name}"; run them once.`,
        value: choice.kind === 'saml' ? samlCommands(application, replyUrl) : `az ad app update --id ${application.id} --web-redirect-uris ${replyUrl}`,
      }] : [],
    ];
  });
}

/** Without the tags the portal does not know what kind of application it is. */
const SAML_MODE = JSON.stringify({
  preferredSingleSignOnMode: 'saml', appRoleAssignmentRequired: true,
  tags: ['WindowsAzureActiveDirectoryCustomSingleSignOnApplication', 'WindowsAzureActiveDirectoryIntegratedApp'],
});

function samlCommands({ id, identifier, groups, graphHost }: NonNullable<SignInChoice['application']>, replyUrl: string): string {
  const graph = (kind: string) => `"https://${graphHost}/v1.0/${kind}(appId='${id}')`;
  return [
    `az ad app update --id ${id} --identifier-uris ${identifier} --web-redirect-uris ${replyUrl}`,
    `az rest --method PATCH --uri ${graph('servicePrincipals')}" --body '${SAML_MODE}'`,
    `thumbprint=$(az rest --method POST --uri ${graph('servicePrincipals')}/addTokenSigningCertificate" --body '{"displayName": "CN=GitLab"}' `
    + '--query thumbprint --output tsv)',
    `az rest --method PATCH --uri ${graph('servicePrincipals')}" --body "{\\"preferredTokenSigningKeyThumbprint\\": \\"$thumbprint\\"}"`,
    ...groups ? [`az rest --method PATCH --uri ${graph('applications')}" --body '{"groupMembershipClaims": "ApplicationGroup"}'`] : [],
  ].join('\n');
}
