import { GitLabSignIn } from './gitlab-sign-in';
import { judgeSignIn } from './raw-sign-in';
import { checkSignIns, warnOfSignIns } from './sign-in-checks';
import { signInOutputs } from './sign-in-outputs';
import { signInSetUp, signInVaultReaders } from './sign-in-set-up';
import { list } from '../../private/rules/collections';
import { instanceOf } from '../../private/rules/objects';
import { Feature } from '../private/feature';
import { addressParameters } from '../set-up/bootstrap';

export const SIGN_IN_FEATURE = {
  rules: { signIn: list(instanceOf(GitLabSignIn, 'one such as GitLabSignIn.entraIdSaml({ tenantId, applicationId })')) },
  plan({ signIn = [], edition, endpoint: { _choice: endpoint }, omnibusSettings }) {
    const choices = signIn.map(({ _choice }) => _choice);
    return {
      findings: judgeSignIn(omnibusSettings ?? {}, edition, endpoint.hostname),
      check: (scope) => checkSignIns(scope, choices, { edition, endpoint, omnibusSettings }),
      warn: (scope) => warnOfSignIns(scope, choices),
      create({ endpoint: server }) {
        const { SCHEME, SERVER_HOST } = addressParameters(server);
        const gitlabUrl = `${SCHEME}://${SERVER_HOST}`;
        return {
          vaultReaders: signInVaultReaders(choices, gitlabUrl),
          setUp: signInSetUp(choices, gitlabUrl),
          outputs: signInOutputs(choices, gitlabUrl),
        };
      },
    };
  },
} satisfies Feature;
