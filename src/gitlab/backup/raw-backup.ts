import { judgeConnection } from '../gitlab-rb/connection-judgement';
import { Finding } from '../gitlab-rb/omnibus-judgement';
import { isSection, OmnibusSettings } from '../gitlab-rb/omnibus-settings';
import { isGiven, valueAt, wrongValue } from '../gitlab-rb/settings-reading';

/** Judges GitLab's own keys for backups that it uploads itself. */
export function judgeUpload(settings: OmnibusSettings): Finding[] {
  const path = ['gitlab_rails', 'backup_upload_connection'];
  const connection = valueAt(settings, ...path);
  if (!isSection(connection) || Object.keys(connection).length === 0) {
    return [];
  }
  return [
    ...judgeConnection(connection, path, 'do not matter'),
    ...isGiven(settings, 'gitlab_rails', 'backup_upload_remote_directory') ? []
      : [wrongValue(['gitlab_rails', 'backup_upload_remote_directory'], 'missing, without which no backup is uploaded', undefined, 'give the bucket or container')],
  ];
}
