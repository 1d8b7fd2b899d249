import { EntraApplication, SignInChoice } from './sign-in-choice';
import { EntraIdOpenIdConnectOptions, EntraIdSamlOptions } from './sign-in-options';
import { AzureCloud } from '../../azure/azure-cloud';
import { known } from '../../private/rules/subject';
import { RubyExpression } from '../gitlab-rb/literals';
import { Section } from '../gitlab-rb/omnibus-settings';

/** @see https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud */
const HOSTS = {
  [AzureCloud.PUBLIC]: { login: 'login.microsoftonline.com', tokens: 'sts.windows.net', graph: 'graph.microsoft.com' },
  [AzureCloud.US_GOVERNMENT]: { login: 'login.microsoftonline.us', tokens: 'sts.windows.net', graph: 'graph.microsoft.us' },
  [AzureCloud.CHINA]: { login: 'login.partner.microsoftonline.cn', tokens: 'sts.chinacloudapi.cn', graph: 'microsoftgraph.chinacloudapi.cn' },
};

const MICROSOFT = 'http://schemas.microsoft.com';
const GROUPS = `${MICROSOFT}/ws/2008/06/identity/claims/groups`;
const DISPLAY_NAME = `${MICROSOFT}/identity/claims/displayname`;
const EMAIL = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress';
const USER_PRINCIPAL_NAME = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name';

/** Below it, the scripts keep a folder of certificates for each provider. */
const CERTIFICATES = '/etc/gitlab/saml';

type Entra = Pick<SignInChoice, 'kind' | 'name' | 'speaksSaml' | 'provider' | 'metadata' | 'application' | 'enterpriseProps'>;

export function entraIdSaml(options: EntraIdSamlOptions): Entra {
  const { tenantId, applicationId, certificates, externalGroups = [], requiredGroups = [], administratorGroups = [] } = options;
  const { login, tokens, graph } = HOSTS[options.cloud ?? AzureCloud.PUBLIC];
  const name = options.name ?? 'saml';
  const identifier = options.identifier ?? `api://${applicationId}`;
  const userIdClaim = options.userIdClaim ?? 'http://schemas.microsoft.com/identity/claims/objectidentifier';
  const entityId = `https://${tokens}/${tenantId}/`;
  const groups = {
    ...externalGroups.length > 0 ? { external_groups: externalGroups } : {},
    ...requiredGroups.length > 0 ? { required_groups: requiredGroups } : {},
    ...administratorGroups.length > 0 ? { admin_groups: administratorGroups } : {},
  };
  const hasGroups = Object.keys(groups).length > 0;
  const application: EntraApplication = { id: applicationId, identifier, groups: hasGroups, graphHost: graph };
  return {
    kind: 'saml',
    speaksSaml: true,
    name,
    application,
    metadata: certificates ? undefined : {
      url: `https://${login}/${tenantId}/federationmetadata/2007-06/federationmetadata.xml?appid=${applicationId}`, entityId,
    },
    enterpriseProps: [...requiredGroups.length > 0 ? ['requiredGroups'] : [], ...administratorGroups.length > 0 ? ['administratorGroups'] : []],
    provider: (gitlabUrl) => ({
      name,
      label: options.label ?? 'Microsoft Entra ID',
      ...hasGroups ? { groups_attribute: GROUPS, ...groups } : {},
      args: {
        ...name === 'saml' ? {} : { name, strategy_class: 'OmniAuth::Strategies::SAML' },
        assertion_consumer_service_url: callback(gitlabUrl, name),
        issuer: identifier,
        idp_sso_target_url: `https://${login}/${tenantId}/saml2`,
        idp_entity_id: entityId,
        idp_cert_multi: { signing: certificates ? certificates.flatMap(single) : filesOf(name) },
        name_identifier_format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
        ...userIdClaim === 'NameID' ? {} : { uid_attribute: userIdClaim },
        // GitLab would take the claim of the user principal name for the person's name.
        attribute_statements: {
          name: [DISPLAY_NAME],
          email: [EMAIL, ...options.userPrincipalNameAsEmailAllowed ?? false ? [USER_PRINCIPAL_NAME] : []],
          nickname: [USER_PRINCIPAL_NAME],
        },
      },
    }),
  };
}

export function entraIdOpenIdConnect(options: EntraIdOpenIdConnectOptions): Entra {
  const { tenantId, clientId } = options;
  const { login, graph } = HOSTS[options.cloud ?? AzureCloud.PUBLIC];
  const name = options.name ?? 'openid_connect';
  return {
    kind: 'openid-connect',
    speaksSaml: false,
    name,
    application: { id: clientId, groups: false, graphHost: graph },
    enterpriseProps: [],
    provider: (gitlabUrl): Section => ({
      name,
      label: options.label ?? 'Microsoft Entra ID',
      args: {
        name,
        ...name === 'openid_connect' ? {} : { strategy_class: 'OmniAuth::Strategies::OpenIDConnect' },
        scope: ['openid', 'profile', 'email'],
        response_type: 'code',
        issuer: `https://${login}/${tenantId}/v2.0`,
        discovery: true,
        client_auth_method: 'query',
        // a user principal name can be handed to another person.
        uid_field: 'oid',
        pkce: true,
        send_scope_to_token_endpoint: false,
        client_options: { identifier: clientId, secret: options.clientSecret, redirect_uri: callback(gitlabUrl, name) },
      },
    }),
  };
}

/** Where the provider sends people back to. */
export function callback(gitlabUrl: string, name: string): string {
  return `${gitlabUrl}/users/auth/${name}/callback`;
}

function filesOf(name: string): RubyExpression {
  return new RubyExpression(`Dir["${CERTIFICATES}/${name}/*.pem"].sort.map { |path| File.read(path) }`);
}

/** One text for each certificate, which a text may hold several of. */
function single(pem: string): string[] {
  return known(pem) ? pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [] : [pem];
}
