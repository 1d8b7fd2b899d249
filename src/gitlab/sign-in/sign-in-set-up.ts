import { SignInChoice } from './sign-in-choice';
import { scriptTexts } from '../../assets';
import { vaultName } from '../../azure/access/vault-name';
import { known } from '../../private/rules/subject';
import { jsonText } from '../gitlab-rb/literals';
import { Section } from '../gitlab-rb/omnibus-settings';
import { secretReferences } from '../gitlab-rb/secret-references';
import { VaultReader } from '../private/feature';
import { SetUpPart } from '../set-up/set-up-part';

/** The keys of `gitlab_rails` that are decided by signIn, where it is given. */
export const SIGN_IN_KEYS = [
  'omniauth_enabled', 'omniauth_providers', 'omniauth_allow_single_sign_on', 'omniauth_block_auto_created_users', 'omniauth_auto_link_saml_user',
  'omniauth_auto_link_user', 'omniauth_sync_profile_from_provider', 'omniauth_sync_profile_attributes', 'omniauth_auto_sign_in_with_provider',
  'omniauth_external_providers', 'omniauth_allow_bypass_two_factor',
];

/** Without ways to sign in, the scripts still undo what there was before. */
export function signInSetUp(choices: readonly SignInChoice[], gitlabUrl: string): SetUpPart {
  const sources = choices.flatMap(({ name, metadata }) => metadata ? [{ name, ...metadata }] : []);
  const certificates = { SAML_NAMES: sources.map(({ name }) => name).join(' ') };
  return {
    gitlabRb: choices.length > 0 ? { fixed: { gitlab_rails: omniauth(choices, gitlabUrl) } } : {},
    inSteps: {
      gitlab: { scripts: ['shown-certificates.sh'], parameters: certificates },
      runners: {
        scripts: ['administrators.sh'],
        parameters: {
          ...certificates,
          SIGN_IN_JSON: jsonText({
            administrators: choices.flatMap(({ name, administrators }) => administrators.map((uid) => ({ provider: name, uid }))),
            passwordSignInEnabled: choices.find(({ passwordSignInEnabled }) => passwordSignInEnabled !== undefined)?.passwordSignInEnabled ?? null,
          }),
          ADMINISTRATORS_RB: scriptTexts('gitlab')['administrators.rb'],
        },
      },
    },
    // GitLab reads the certificates when it is configured.
    stepsBeforeGitlab: () => sources.length === 0 ? [] : [{
      name: 'sign-in', scripts: [],
      parameters: { SAML_SOURCES: sources.map(({ name, url, entityId }) => `${name} ${url} ${entityId}`).join('\n') },
    }],
  };
}

/** The vaults that the providers' secrets are in, each named by itself, so that one provider more or less leaves the other vaults' roles alone. */
export function signInVaultReaders(choices: readonly SignInChoice[], gitlabUrl: string): VaultReader[] {
  const secrets = secretReferences({ providers: choices.map(({ provider }) => provider(gitlabUrl)) });
  return secrets.map(({ secret: { _keyVaultId: vaultId } }, index) => (
    { id: `SignInSecretReader-${known(vaultId) ? vaultName(vaultId).toLowerCase() : index}`, vaultId }
  ));
}

function omniauth(choices: readonly SignInChoice[], gitlabUrl: string): Section {
  const namesOf = (holds: (choice: SignInChoice) => boolean) => choices.filter(holds).map(({ name }) => name);
  const automatic = choices.find(({ automaticSignInEnabled }) => automaticSignInEnabled);
  return {
    omniauth_enabled: true,
    omniauth_providers: choices.map(({ provider }) => provider(gitlabUrl)),
    omniauth_allow_single_sign_on: namesOf(() => true),
    omniauth_block_auto_created_users: choices.some(({ approvalRequired }) => approvalRequired),
    // of SAML GitLab asks it by a key of its own.
    omniauth_auto_link_saml_user: choices.some(({ speaksSaml, linkingByEmailAllowed }) => speaksSaml && linkingByEmailAllowed),
    omniauth_auto_link_user: namesOf(({ speaksSaml, linkingByEmailAllowed }) => !speaksSaml && linkingByEmailAllowed),
    omniauth_sync_profile_from_provider: namesOf(({ kind }) => kind !== 'custom'),
    omniauth_sync_profile_attributes: ['name', 'email'],
    omniauth_external_providers: namesOf(({ newUsersExternal }) => newUsersExternal),
    omniauth_allow_bypass_two_factor: namesOf(({ twoFactorBypassAllowed }) => twoFactorBypassAllowed),
    ...automatic ? { omniauth_auto_sign_in_with_provider: automatic.name } : {},
  };
}
