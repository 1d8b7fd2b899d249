import { TerraformVariable } from 'cdktf';
import { GitLab, GitLabVersion } from '../../src';
import { newStack, synth, warnings } from '../synth';

describe('a GitLab that exists', () => {
  const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

  test('is its address, version and authority', () => {
    const stack = newStack();
    const gitlab = GitLab.fromAttributes(stack, 'GitLab', {
      gitlabUrl: 'https://gitlab.example.com/git/', gitlabVersion: GitLabVersion.V19_2, caCertificate: PEM,
    });
    expect([gitlab.gitlabUrl, gitlab.gitlabVersion, gitlab.caCertificate]).toEqual(['https://gitlab.example.com/git', GitLabVersion.V19_2, PEM]);
    gitlab.allowWebFrom(stack, 'Web', ['20.1.2.3']);
    expect(synth(stack).resource).toEqual({});
  });

  test('may be one that only the apply knows', () => {
    const stack = newStack();
    const gitlabUrl = new TerraformVariable(stack, 'url', {}).stringValue;
    expect(GitLab.fromAttributes(stack, 'GitLab', { gitlabUrl }).gitlabUrl).toBe(gitlabUrl);
  });

  test('is warned of where it has no HTTPS', () => {
    const stack = newStack();
    GitLab.fromAttributes(stack, 'GitLab', { gitlabUrl: 'http://20.1.2.3' });
    expect(warnings(stack)).toEqual([
      'Test/GitLab: gitlabUrl: anybody on the network path can read tokens and source code over plain HTTP; use HTTPS if GitLab has it',
    ]);
  });

  test('fails when it is asked for a token', () => {
    const gitlab = GitLab.fromAttributes(newStack(), 'GitLab', { gitlabUrl: 'https://gitlab.com' });
    expect(() => gitlab.requestRunnerToken('A', {})).toThrow(new Error(
      'token: a GitLab that this library did not create cannot issue tokens, got "A"; '
      + 'create the runner there and pass its token as a RunnerToken (at Test/GitLab)',
    ));
  });

  test('fails when the address is none', () => {
    expect(() => GitLab.fromAttributes(newStack(), 'GitLab', { gitlabUrl: 'gitlab.com' })).toThrow(new Error(
      'gitlabUrl: not a valid value, got "gitlab.com"; give an address such as "https://gitlab.example.com" (at Test/GitLab)',
    ));
  });

  test('fails when the certificate is its key, and does not show that', () => {
    expect(() => GitLab.fromAttributes(newStack(), 'GitLab', { gitlabUrl: 'https://gitlab.com', caCertificate: '-----BEGIN PRIVATE KEY-----\nx' }))
      .toThrow(new Error('caCertificate: a private key, which must never leave your machine, got "-----BEGIN …"; '
        + 'give one or more certificates as PEM, "-----BEGIN CERTIFICATE-----" and on (at Test/GitLab)'));
  });

  test('fails when the certificate is none', () => {
    expect(() => GitLab.fromAttributes(newStack(), 'GitLab', { gitlabUrl: 'https://gitlab.com', caCertificate: 'ca.pem' }))
      .toThrow(new Error('caCertificate: not a valid value, got "ca.pem"; give one or more certificates as PEM, '
        + '"-----BEGIN CERTIFICATE-----" and on (at Test/GitLab)'));
  });
});
