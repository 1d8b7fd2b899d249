import { Finding } from './omnibus-judgement';
import { isSection } from './omnibus-settings';
import { isGiven, UNLESS_MEANT, valueAt, wrongValue } from './settings-reading';

/** Whether the capitals of a provider's name do, to who reads it. */
type Capitals = 'matter' | 'do not matter';

/** Where objects are: what is wrong with it is told by the first upload, or by none. */
export function judgeConnection(connection: unknown, path: readonly string[], capitals: Capitals): Finding[] {
  if (!isSection(connection)) {
    return [];
  }
  const [account, domain, endpoint] = ['azure_storage_account_name', 'azure_storage_domain', 'endpoint'].map((key) => valueAt(connection, key));
  return [
    ...isGiven(connection, 'provider') ? judgeProvider(valueAt(connection, 'provider'), [...path, 'provider'], capitals)
      : [wrongValue([...path, 'provider'], 'missing', undefined, 'give one such as "AzureRM"')],
    ...valueAt(connection, 'provider') === 'AzureRM' && !isGiven(connection, 'azure_storage_account_name')
      ? [wrongValue([...path, 'azure_storage_account_name'], 'missing beside "AzureRM"', undefined, 'give the storage account\'s name')] : [],
    ...typeof account === 'string' && /[./:]/.test(account)
      ? [wrongValue([...path, 'azure_storage_account_name'], 'not the name alone', account, 'give what is before the first dot')] : [],
    ...typeof domain === 'string' && /[/:]/.test(domain)
      ? [wrongValue([...path, 'azure_storage_domain'], 'not a domain alone', domain, 'leave out scheme, port and path')] : [],
    ...typeof endpoint === 'string' && !/^https?:\/\//.test(endpoint)
      ? [wrongValue([...path, 'endpoint'], 'not a URL', endpoint, `give one such as "https://minio.example.com"${UNLESS_MEANT}`)] : [],
  ];
}

const PROVIDERS = ['AWS', 'AzureRM', 'Google', 'Aliyun', 'HuaweiCloud', 'OpenStack', 'Local'];

/** What people write for those, in GitLab's spelling. */
const MEANT: readonly (readonly [RegExp, string])[] = [[/azure|blob/i, 'AzureRM'], [/aws|s3|minio|ceph/i, 'AWS'], [/google|gcs|gcp/i, 'Google']];

function judgeProvider(provider: unknown, path: readonly string[], capitals: Capitals): Finding[] {
  const read = (name: string) => (capitals === 'matter' ? name : name.toLowerCase());
  if (typeof provider !== 'string' || PROVIDERS.map(read).includes(read(provider))) {
    return [];
  }
  const [, meant] = MEANT.find(([pattern]) => pattern.test(provider)) ?? [];
  const remedy = meant === undefined ? `give one of ${PROVIDERS.slice(0, 3).map((name) => `"${name}"`).join(', ')}` : `write "${meant}"`;
  return [wrongValue(path, 'not a provider that GitLab knows', provider, `${remedy}${UNLESS_MEANT}`)];
}
