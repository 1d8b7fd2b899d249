import { judgeConnection } from '../gitlab-rb/connection-judgement';
import { Finding } from '../gitlab-rb/omnibus-judgement';
import { isSection, OmnibusSettings } from '../gitlab-rb/omnibus-settings';
import { isGiven, UNLESS_MEANT, valueAt, wrongValue } from '../gitlab-rb/settings-reading';

/** What GitLab puts into object storage once that is on, and does not start without a bucket for. */
const WITH_BUCKET = ['artifacts', 'ci_secure_files', 'dependency_proxy', 'lfs', 'packages', 'terraform_state', 'uploads'];

/** Judges GitLab's own keys for object storage: what it does not start with, and what it passes over. */
export function judgeObjectStorage(settings: OmnibusSettings): Finding[] {
  const store = valueAt(settings, 'gitlab_rails', 'object_store');
  const path = ['gitlab_rails', 'object_store'];
  if (!isSection(store)) {
    return [];
  }
  if (!isGiven(store, 'enabled')) {
    return isGiven(store, 'objects')
      ? [wrongValue(path, 'not read unless enabled is true', store, 'set gitlab_rails.object_store.enabled to true too, or set objectStorage instead')] : [];
  }
  const rails = valueAt(settings, 'gitlab_rails');
  const own = isSection(rails) ? Object.keys(rails).find((key) => key !== 'pages_object_store_enabled' && /_object_store_enabled$/.test(key) && rails[key] === true) : undefined;
  if (valueAt(store, 'enabled') !== true) {
    return [];
  }
  return [
    ...own === undefined ? [] : [wrongValue(['gitlab_rails', own], 'given beside object_store, which GitLab then does not read', true, 'leave one of the two out')],
    ...isGiven(store, 'connection') ? judgeConnection(valueAt(store, 'connection'), [...path, 'connection'], 'matter')
      : [wrongValue([...path, 'connection'], 'missing, so that GitLab keeps all objects on its disk', undefined, 'give {"provider": "AzureRM", "azure_storage_account_name": …}')],
    ...judgeBuckets(settings, store, [...path, 'objects']),
  ];
}

function judgeBuckets(settings: OmnibusSettings, store: unknown, path: readonly string[]): Finding[] {
  const objects = valueAt(store, 'objects');
  if (isGiven(store, 'objects') && !isSection(objects)) {
    return [];
  }
  const isOff = (type: string) => valueAt(objects, type, 'enabled') === false || valueAt(settings, 'gitlab_rails', `${type}_enabled`) === false;
  const missing = WITH_BUCKET.find((type) => !isOff(type) && !isGiven(objects, type, 'bucket') && !(isGiven(objects, type) && !isSection(valueAt(objects, type))));
  const buckets = isSection(objects) ? Object.keys(objects).map((type) => [type, valueAt(objects, type, 'bucket')] as const) : [];
  const shared = buckets.find(([, bucket], index) => bucket !== undefined && buckets.slice(0, index).some(([, other]) => other === bucket));
  return [
    ...missing === undefined ? [] : [wrongValue([...path, missing, 'bucket'], 'missing, so that GitLab would not start', undefined,
      `give a bucket for each of ${WITH_BUCKET.join(', ')}, or {"enabled": false} in its place${UNLESS_MEANT}`)],
    ...shared === undefined ? [] : [wrongValue([...path, shared[0], 'bucket'], 'the bucket of other objects too, which may overwrite one another', shared[1],
      `give each a bucket of its own${UNLESS_MEANT}`)],
  ];
}
