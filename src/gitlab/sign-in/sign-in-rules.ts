import { EntraIdOpenIdConnectOptions, EntraIdSamlOptions, GitLabSignInOptions } from './sign-in-options';
import { keyVaultSecret } from '../../azure/access/key-vault-secret-rules';
import { AzureCloud } from '../../azure/azure-cloud';
import { objectIds, uuid } from '../../azure/private/rules';
import { list } from '../../private/rules/collections';
import { pemCertificate } from '../../private/rules/pem';
import { required, Rule, Rules, Together } from '../../private/rules/rule';
import { decided, knownText, oneOf, text, trueOrFalse } from '../../private/rules/scalars';
import { ValidationError } from '../../private/validation-error';
import { line } from '../private/text-rules';

const COMMON: Omit<Rules<GitLabSignInOptions>, 'administrators'> = {
  approvalRequired: trueOrFalse(),
  linkingByEmailAllowed: trueOrFalse(),
  automaticSignInEnabled: trueOrFalse(),
  newUsersExternal: trueOrFalse(),
  twoFactorBypassAllowed: trueOrFalse(),
  passwordSignInEnabled: trueOrFalse(),
};

const ENTRA_ID = {
  ...COMMON,
  administrators: objectIds(),
  tenantId: required(tenantId()),
  name: providerName(),
  label: line(100),
  // decides the hosts.
  cloud: decided(oneOf(Object.values(AzureCloud))),
};

export const ENTRA_ID_SAML: Rules<EntraIdSamlOptions> = {
  ...ENTRA_ID,
  applicationId: required(uuid()),
  identifier: text('a URI such as "api://00000000-0000-0000-0000-000000000000"', /^[a-z][a-z0-9+.-]*:[^\s"'<>]{1,250}$/i),
  certificates: list(pemCertificate(), { least: 1, orElse: 'leave it out' }),
  // whether there is one at all is decided by it.
  userIdClaim: knownText('a claim such as "http://schemas.microsoft.com/identity/claims/objectidentifier", or "NameID"', /^[^\s"'<>]{1,250}$/),
  userPrincipalNameAsEmailAllowed: trueOrFalse(),
  externalGroups: objectIds(),
  requiredGroups: objectIds(),
  administratorGroups: objectIds(),
};

export const ENTRA_ID_OPENID_CONNECT: Rules<EntraIdOpenIdConnectOptions> = {
  ...ENTRA_ID,
  clientId: required(uuid()),
  clientSecret: required(keyVaultSecret()),
};

export const CUSTOM: Rules<GitLabSignInOptions> = {
  ...COMMON,
  administrators: list(text('the provider\'s id of a person, without blanks', /^[^\s\x00-\x1f\x7f]{1,250}$/)),
};

/** Refuses what locks everybody out. */
export const checkPasswords: Together<GitLabSignInOptions> = (at, { passwordSignInEnabled, administrators = [] }) => {
  if (passwordSignInEnabled === false && administrators.length === 0) {
    const { where, prop } = at('passwordSignInEnabled');
    throw new ValidationError(where, {
      prop, problem: 'no administrator could sign in', got: passwordSignInEnabled, remedy: `name administrators, or leave ${prop} out`,
    });
  }
};

/** What a provider may be called, in GitLab and in its URLs. */
export function providerName(): Rule<string> {
  return knownText('1 to 50 lower-case letters, digits and "_", a letter first', /^[a-z][a-z0-9_]{0,49}$/);
}

function tenantId(): Rule<string> {
  const { expected, take } = uuid();
  return {
    expected: `the id of one tenant, ${expected}`,
    take: (subject, value) => {
      if (typeof value === 'string' && ['common', 'organizations', 'consumers'].includes(value)) {
        throw new ValidationError(subject.where, {
          prop: subject.prop, problem: 'it would let people of every tenant sign in', got: value, remedy: `give the id of one tenant, ${expected}`,
        });
      }
      return take(subject, value);
    },
  };
}
