import { objectStore } from './object-storage';
import { scriptTexts } from '../../assets';
import { GitLabVersion } from '../gitlab-version';
import { flag, SetUpPart } from '../set-up/set-up-part';

/** Where GitLab's objects go, and as whom. */
export interface ObjectStorageTarget {
  readonly accountName: string;
  /** What the account's name is followed by in its host. */
  readonly domain: string;
  /** The client id of the identity that opens this account and nothing else. */
  readonly identityClientId: string;
}

/** Without object storage, the scripts still take back what they set up for it. */
export function objectStorageSetUp(target: ObjectStorageTarget | undefined, version: GitLabVersion): SetUpPart {
  const nightly = { scripts: ['object-storage.sh'], parameters: { OBJECT_STORAGE: flag(target !== undefined) } };
  return {
    gitlabRb: { defaults: target && { gitlab_rails: { object_store: objectStore(target.accountName, target.domain, version) } } },
    inSteps: {
      metadata: {
        parameters: { OBJECTS_CLIENT_ID: target?.identityClientId, OBJECTS_TOKEN_PY: target && scriptTexts('gitlab')['objects-token.py'] },
      },
      gitlab: nightly,
    },
    onFurtherMachines: nightly,
  };
}
