import { Token } from 'cdktf';
import { judgeObjectStorage } from '../../../src/gitlab/object-storage/raw-object-storage';
import { attempt, LOCATION } from '../server';

const TYPES = ['artifacts', 'ci_secure_files', 'dependency_proxy', 'lfs', 'packages', 'terraform_state', 'uploads'];
const BUCKETS = Object.fromEntries(TYPES.map((type) => [type, { bucket: type }]));
const STORE = { enabled: true, connection: { provider: 'AzureRM', azure_storage_account_name: 'a' }, objects: BUCKETS };
const told = (object_store: any, others = {}) =>
  judgeObjectStorage({ gitlab_rails: { object_store, ...others } }).map(({ path, problem, remedy }) => `${path.join('.')}: ${problem}; ${remedy}`);

test.each<[string, any, any, string]>([
  ['a store that nobody switched on', { ...STORE, enabled: undefined }, {},
    'gitlab_rails.object_store: not read unless enabled is true; set gitlab_rails.object_store.enabled to true too, or set objectStorage instead'],
  ['objects without a bucket', { ...STORE, objects: { ...BUCKETS, lfs: undefined } }, {}, 'gitlab_rails.object_store.objects.lfs.bucket: missing, so that GitLab would not start; '
    + `give a bucket for each of ${TYPES.join(', ')}, or {"enabled": false} in its place, or name it in uncheckedOmnibusKeys`],
  ['two kinds in one bucket', { ...STORE, objects: { ...BUCKETS, lfs: { bucket: 'artifacts' } } }, {}, 'gitlab_rails.object_store.objects.lfs.bucket: '
    + 'the bucket of other objects too, which may overwrite one another; give each a bucket of its own, or name it in uncheckedOmnibusKeys'],
  ['a provider by its name elsewhere', { ...STORE, connection: { provider: 'Azure' } }, {},
    'gitlab_rails.object_store.connection.provider: not a provider that GitLab knows; write "AzureRM", or name it in uncheckedOmnibusKeys'],
  ['a provider in small letters', { ...STORE, connection: { provider: 'aws' } }, {},
    'gitlab_rails.object_store.connection.provider: not a provider that GitLab knows; write "AWS", or name it in uncheckedOmnibusKeys'],
  ['a provider that there is none of', { ...STORE, connection: { provider: 'Dropbox' } }, {}, 'gitlab_rails.object_store.connection.provider: '
    + 'not a provider that GitLab knows; give one of "AWS", "AzureRM", "Google", or name it in uncheckedOmnibusKeys'],
  ['no place for objects', { ...STORE, connection: undefined }, {},
    'gitlab_rails.object_store.connection: missing, so that GitLab keeps all objects on its disk; give {"provider": "AzureRM", "azure_storage_account_name": …}'],
  ['no provider', { ...STORE, connection: { region: 'x' } }, {}, 'gitlab_rails.object_store.connection.provider: missing; give one such as "AzureRM"'],
  ['no account', { ...STORE, connection: { provider: 'AzureRM' } }, {},
    'gitlab_rails.object_store.connection.azure_storage_account_name: missing beside "AzureRM"; give the storage account\'s name'],
  ['an account by its address', { ...STORE, connection: { provider: 'AzureRM', azure_storage_account_name: 'a.blob.core.windows.net' } }, {},
    'gitlab_rails.object_store.connection.azure_storage_account_name: not the name alone; give what is before the first dot'],
  ['a domain by its address', { ...STORE, connection: { ...STORE.connection, azure_storage_domain: 'https://blob.core.windows.net' } }, {},
    'gitlab_rails.object_store.connection.azure_storage_domain: not a domain alone; leave out scheme, port and path'],
  ['an endpoint without a scheme', { ...STORE, connection: { provider: 'AWS', endpoint: 'minio.example.com:9000' } }, {},
    'gitlab_rails.object_store.connection.endpoint: not a URL; give one such as "https://minio.example.com", or name it in uncheckedOmnibusKeys'],
  ['the older form beside it', STORE, { artifacts_object_store_enabled: true },
    'gitlab_rails.artifacts_object_store_enabled: given beside object_store, which GitLab then does not read; leave one of the two out'],
])('object storage is refused: %s', (_, store, others, message) => {
  expect(told(store, others)).toEqual([message]);
  expect(() => attempt({ location: LOCATION, omnibusSettings: { gitlab_rails: { object_store: store, ...others } } })).toThrow(message.slice(0, message.indexOf(';')));
});

test.each<[string, any]>([
  ['a bucket for each', STORE],
  ['without one kind', { ...STORE, objects: { ...BUCKETS, lfs: { enabled: false } } }],
  ['a store that is off', { ...STORE, enabled: false, objects: {} }],
  ['references', { ...STORE, objects: Token.asAny({ resolve: () => ({}) }) }],
  ['one reference', { ...STORE, objects: { ...BUCKETS, lfs: Token.asAny({ resolve: () => ({}) }) } }],
])('object storage is taken: %s', (_, store) => {
  expect(told(store)).toEqual([]);
});

test('what is off needs no bucket', () => {
  expect(told({ ...STORE, objects: { ...BUCKETS, lfs: undefined } }, { lfs_enabled: false })).toEqual([]);
});
