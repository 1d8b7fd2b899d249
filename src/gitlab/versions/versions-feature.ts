import { warnOfVersion } from './version-warnings';
import { versionsSetUp } from './versions-set-up';
import { trueOrFalse } from '../../private/rules/scalars';
import { ValidationError } from '../../private/validation-error';
import { Feature } from '../private/feature';

/** Which version a server runs, and how long. */
export const VERSIONS_FEATURE = {
  rules: { patchReleasesEnabled: trueOrFalse() },
  together(at, { version, patchReleasesEnabled }) {
    if (patchReleasesEnabled === true && version?._patch !== undefined) {
      throw new ValidationError(at('patchReleasesEnabled').where, {
        prop: 'patchReleasesEnabled', problem: `an exact version (${version.version}) stays as it is`, got: true,
        remedy: `leave it out, or set version to GitLabVersion.minor("${version._minorVersion}")`,
      });
    }
  },
  plan({ version, patchReleasesEnabled = true, maintenanceWindow, virtualMachineName }) {
    return {
      warn: (scope) => warnOfVersion(scope, version, patchReleasesEnabled),
      create: ({ placement, azure }) => ({
        setUp: versionsSetUp(version._patch === undefined && patchReleasesEnabled ? maintenanceWindow : undefined),
        outputs: [{
          id: 'VersionCommand',
          description: 'Asks the server which version of GitLab it runs, and when it looks for the next patch release.',
          value: `az vm run-command invoke --resource-group ${placement.resourceGroupName} --name ${virtualMachineName}${azure.cliSubscription} --command-id RunShellScript `
            + '--scripts "cat /srv/gitlab/state/version; systemctl list-timers --all gitlab-update.timer" --query value[0].message --output tsv',
        }],
      }),
    };
  },
} satisfies Feature;
