import { readRendered } from './gitlab-rb-reader';
import { GitLabEdition, GitLabEndpoint, GitLabVersion, KeyVaultSecret, SelfHostedGitLab, SelfHostedGitLabProps } from '../../../src';
import { nginxPlace } from '../../../src/gitlab/gitlab-rb/nginx-places';
import { judge } from '../../../src/gitlab/gitlab-rb/omnibus-judgement';
import { newStack, synth } from '../../synth';

const VAULT = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v';
const MINORS = [
  ...Array.from({ length: 12 }, (_, minor) => `17.${minor}.0`), ...Array.from({ length: 12 }, (_, minor) => `18.${minor}.0`),
  ...Array.from({ length: 5 }, (_, minor) => `19.${minor}.0`),
];

/** What this library writes by itself, both branches of its conditions, with all that can be switched on. */
function own(version: string, more: Partial<SelfHostedGitLabProps>) {
  const stack = newStack();
  new SelfHostedGitLab(stack, 'GitLab', {
    location: 'koreacentral',
    dnsLabel: 'git',
    version: GitLabVersion.of(version),
    registry: {},
    backup: {},
    smtp: { host: 'smtp.example.com', fromAddress: 'git@example.com', username: 'git', password: KeyVaultSecret.of(VAULT, 'smtp') },
    ...Number(version.split('.')[1]) >= 9 || version > '18' ? { objectStorage: { storageAccountName: 'objects' } } : {},
    ...more,
  });
  const { locals } = synth(stack);
  const rb: string = locals[Object.keys(locals).find((key) => key.startsWith('GitLab_SetUp_GitlabParameters_'))!].GITLAB_RB;
  // a name that only the apply knows is a text.
  return readRendered(rb.replace(/\$\{replace\(.*?\)\}/g, 'known-later').split('\n').filter((line) => !/^(if|else|end)\b/.test(line)).join('\n'));
}

test.each(MINORS)('what this library writes is read by GitLab %s, where it is written', (version) => {
  for (const more of [
    { endpoint: GitLabEndpoint.customDomain('git.example.com', { letsEncryptEmail: 'ops@example.com' }), lowMemoryTuningEnabled: true }, {},
  ]) {
    const read = own(version, more);
    expect(Object.keys(read)).toEqual(expect.arrayContaining(['external_url', 'letsencrypt', 'registry', 'gitlab_rails']));
    expect(judge(read, { version: GitLabVersion.of(version), edition: GitLabEdition.CE })).toEqual([]);
    for (const [section, keys] of Object.entries(read).filter(([, value]) => typeof value === 'object')) {
      for (const [key, value] of Object.entries<any>(keys)) {
        const inner = key === 'nginx' ? Object.keys(value).map((name) => [`${section}.nginx`, name]) : [[section, key]];
        inner.forEach(([place, name]) => expect(nginxPlace(place, name, GitLabVersion.of(version))).toBe(place));
      }
    }
  }
});
