import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { readByRuby, readRendered } from './gitlab-rb-reader';
import { rbSettings } from './gitlab-rb-settings';
import { SETTINGS } from './servers/settings';
import { GitLabEdition, GitLabVersion } from '../../../src';
import { gitlabRb } from '../../../src/gitlab/gitlab-rb/gitlab-rb';
import { judge } from '../../../src/gitlab/gitlab-rb/omnibus-judgement';
import { OmnibusSettings } from '../../../src/gitlab/gitlab-rb/omnibus-settings';
import { omnibusSettings } from '../../../src/gitlab/gitlab-rb/omnibus-settings-rules';
import { takeValue } from '../../../src/private/rules/rule';
import { ruby, testWith } from '../../tools';

const FOLDER = join(__dirname, 'servers');
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.rb')).map((file) => file.replace('.rb', ''));
const VERSIONS = ['18.11.11', '19.1.0', '19.2.4', '19.4.1'];

/** What its template reads as well as that of a server. */
const SHARED = ['dir', 'gzip_comp_level', 'gzip_enabled', 'gzip_http_version', 'gzip_proxied', 'gzip_types', 'log_directory', 'proxy_cache'];

type Hash = { [key: string]: any };

/** The servers that nginx runs, the section of its settings until 19.2 and the one that has held them since. */
const SERVERS = [['nginx', 'gitlab_rails'], ['registry_nginx', 'registry'], ['pages_nginx', 'gitlab_pages'], ['gitlab_kas_nginx', 'gitlab_kas']];
/** What only nginx.conf reads, of what these servers set. */
const HTTP_LEVEL = [
  'cache_max_size', 'custom_nginx_config', 'hide_server_tokens', 'keepalive_time', 'keepalive_timeout', 'log_format', 'log_format_escape', 'proxy_cache_path',
  'sendfile', 'server_names_hash_bucket_size', 'status', 'tcp_nodelay', 'tcp_nopush', 'worker_connections', 'worker_processes',
];

/** What Omnibus makes of gitlab.rb: nginx.conf from `nginx` alone, and each server's file from where the version looks. */
function effective(read: Hash, version: string) {
  const since = !/^(17|18|19\.[01])\./.test(version);
  const without = (hash: Hash, names: string[]) => Object.fromEntries(Object.entries(hash).filter(([name]) => !names.includes(name)));
  const files: Hash = { 'nginx.conf': Object.fromEntries(Object.entries(read.nginx ?? {}).filter(([name]) => [...HTTP_LEVEL, ...SHARED].includes(name))) };
  for (const [old, holder] of SERVERS) {
    // the old ones are taken still, but not what is nginx.conf's.
    files[holder] = without({ ...read[old], ...since ? read[holder]?.nginx : {} }, HTTP_LEVEL);
  }
  const sections = Object.entries(without(read, SERVERS.map(([old]) => old)))
    .map(([name, section]): [string, any] => [name, SERVERS.some(([, holder]) => holder === name) ? without(section, ['nginx']) : section])
    .filter(([, section]) => typeof section !== 'object' || Object.keys(section).length > 0);
  return { files, sections: Object.fromEntries(sections) };
}

const original = (file: string) => readFileSync(join(FOLDER, `${file}.rb`), 'utf8');
const hostOf = (file: string) => original(file).match(/external_url 'https:\/\/([^']+)'/)![1];
const render = (file: string, settings: OmnibusSettings, version: string) =>
  gitlabRb(rbSettings({ version: GitLabVersion.of(version), endpoint: { host: hostOf(file), certificate: 'generated' }, omnibusSettings: settings }));
/** The same settings by the names that nginx's have since 19.2; what nginx.conf reads has none but its old one. */
function respelt(settings: OmnibusSettings): OmnibusSettings {
  const result: Hash = { ...settings };
  for (const [old, holder] of SERVERS.filter(([name]) => name in settings)) {
    delete result[old];
    const top = old === 'nginx' ? Object.entries(settings.nginx).filter(([key]) => [...HTTP_LEVEL, ...SHARED].includes(key)) : [];
    const own = Object.entries(settings[old]).filter(([key]) => !top.some(([name]) => name === key));
    result[holder] = { ...result[holder], nginx: Object.fromEntries(own) };
    result.nginx = top.length > 0 ? Object.fromEntries(top) : result.nginx;
  }
  return result;
}

test('there are settings for each file', () => {
  expect(FILES.length).toBeGreaterThanOrEqual(8);
  expect(Object.keys(SETTINGS).sort()).toEqual(FILES.sort());
});

describe.each(FILES)('a server like %s.rb', (file) => {
  const spellings: [string, OmnibusSettings][] = [['old', SETTINGS[file]], ['new', respelt(SETTINGS[file])]];

  test('gives only what is known', () => {
    for (const version of VERSIONS) {
      for (const [, settings] of spellings) {
        const taken = takeValue('Test', 'omnibusSettings', settings, omnibusSettings());
        expect(judge(taken, { version: GitLabVersion.of(version), edition: GitLabEdition.CE })).toEqual([]);
      }
    }
  });

  test('has a refusal for each of its keys once that is misspelt', () => {
    const target = { version: GitLabVersion.V19_4, edition: GitLabEdition.CE };
    for (const [name, section] of Object.entries<any>(SETTINGS[file]).filter(([, value]) => typeof value === 'object' && !Array.isArray(value))) {
      expect(judge({ [`${name}s`]: section }, target)).toMatchObject([{ kind: 'mistake', remedy: expect.stringContaining(`"${name}"`) }]);
      for (const [key, value] of Object.entries(section).filter(([, item]) => item !== null)) {
        expect(judge({ [name]: { [`${key}x`]: value } }, target)).toMatchObject([{ kind: 'mistake', path: [name, `${key}x`], remedy: expect.stringContaining(`"${key}"`) }]);
      }
    }
  });

  testWith(ruby, 'ruby').each(VERSIONS)('means to Omnibus %s what the file means, place by place', (version) => {
    const texts = spellings.map(([, settings]) => render(file, settings, version));
    const singles = Object.fromEntries(Object.entries(SETTINGS[file]).filter(([, value]) => typeof value === 'string'));
    const [meant, ours, ...seen] = readByRuby(original(file), render(file, singles, version), ...texts);
    const [files, mine] = [effective(meant, version), effective(ours, version)];
    const both = (one: Hash, other: Hash) => Object.fromEntries([...new Set([...Object.keys(one), ...Object.keys(other)])].map((name) =>
      [name, typeof (other[name] ?? one[name]) === 'object' && !Array.isArray(other[name] ?? one[name]) ? { ...one[name], ...other[name] } : other[name] ?? one[name]]));
    const expected = { files: both(mine.files, files.files), sections: both(mine.sections, files.sections) };
    // who brings a certificate decides what browsers are told of it.
    Object.entries<Hash>(files.files).filter(([, { ssl_certificate: own, hsts_max_age: told }]) => own !== undefined && told === undefined)
      .forEach(([name]) => delete expected.files[name].hsts_max_age);
    expect(texts.map(readRendered)).toEqual(seen);
    seen.forEach((one) => expect(effective(one, version)).toEqual(expected));
  });
});
