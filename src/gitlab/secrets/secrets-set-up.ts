import { jsonText } from '../gitlab-rb/literals';
import { secretFiles } from '../gitlab-rb/secret-references';
import { SetUpPart } from '../set-up/set-up-part';

/** Without secrets the step of GitLab still takes back what was set up for earlier ones. */
export function secretsSetUp(reloadTime: string): SetUpPart {
  return {
    stepsBeforeGitlab: (references) => references.length === 0 ? [] : [{
      name: 'secrets',
      everywhere: true,
      scripts: ['secret-files.sh'],
      parameters: { SECRETS_JSON: jsonText(secretFiles(references)), SECRETS_RELOAD_TIME: reloadTime },
    }],
    inSteps: { gitlab: { scripts: ['secret-files.sh'] } },
    onFurtherMachines: { scripts: ['secret-files.sh'] },
  };
}
