import { GitLabEndpoint } from '../../../src';

describe('the endpoint fails when', () => {
  test.each([
    ['the name is a URL', () => GitLabEndpoint.customDomain('https://gitlab.example.com'),
      'hostname: not a valid value, got "https://gitlab.example.com"; give a DNS name in lower case such as "gitlab.example.com", '
      + 'without scheme, port and path (at GitLabEndpoint.customDomain)'],
    ['the name is missing', () => GitLabEndpoint.customDomain(undefined as any), 'hostname: missing, got nothing; give a DNS name in lower case such as "gitlab.example.com", without scheme, port and path '
      + '(at GitLabEndpoint.customDomain)'],
    ['the mail address is none', () => GitLabEndpoint.https({ letsEncryptEmail: 'ops' }),
      'letsEncryptEmail: not a valid value, got "ops"; give a mail address (at GitLabEndpoint.https)'],
    ['the certificate\'s name stands alone', () => GitLabEndpoint.certificateFromKeyVault('g.example.com', 'gitlab' as any),
      'certificate: not a KeyVaultSecret, got "(hidden)"; give KeyVaultSecret.of(keyVaultId, secretName) (at GitLabEndpoint.certificateFromKeyVault)'],
    ['the certificate is missing', () => GitLabEndpoint.certificateFromKeyVault('g.example.com', undefined as any),
      'certificate: missing, got nothing; give KeyVaultSecret.of(keyVaultId, secretName) (at GitLabEndpoint.certificateFromKeyVault)'],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(new Error(message));
  });
});
