import { callback } from './entra-id';
import { EntraApplication, SignInChoice } from './sign-in-choice';
import { FeatureOutput } from '../private/feature';

/** What somebody has to know or do on the provider's side. */
export function signInOutputs(choices: readonly SignInChoice[], gitlabUrl: string): FeatureOutput[] {
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

function samlCommands({ id, identifier, groups, graphHost }: EntraApplication, replyUrl: string): string {
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
