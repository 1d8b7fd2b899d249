import { Construct } from 'constructs';
import { SignInChoice } from './sign-in-choice';
import { SIGN_IN_KEYS } from './sign-in-set-up';
import { ValidationError } from '../../private/validation-error';
import { warn } from '../../warnings/private/warn';
import { EndpointChoice } from '../endpoint/endpoint-choice';
import { GitLabEdition } from '../gitlab-edition';
import { isSection, OmnibusSettings } from '../gitlab-rb/omnibus-settings';

export interface SignInSurroundings {
  readonly edition: GitLabEdition;
  readonly endpoint: EndpointChoice;
  readonly omnibusSettings?: OmnibusSettings;
}

/** Refuses what does not fit together: the ways to sign in with one another, and with the server. */
export function checkSignIns(scope: Construct, choices: readonly SignInChoice[], { edition, endpoint, omnibusSettings }: SignInSurroundings): void {
  const refuse = (prop: string, problem: string, got: unknown, remedy: string) => {
    throw new ValidationError(scope, { prop, problem, got, remedy });
  };
  if (choices.length > 0 && endpoint.kind === 'http') {
    refuse('signIn', 'identity providers require HTTPS', 'GitLabEndpoint.http()', 'choose an endpoint with HTTPS');
  }
  choices.forEach(({ name, enterpriseProps }, index) => {
    if (choices.slice(0, index).some((other) => other.name === name)) {
      refuse(`signIn[${index}]`, 'the same name as another provider', name, 'give each provider a name of its own');
    }
    if (enterpriseProps.length > 0 && edition === GitLabEdition.CE) {
      refuse(`signIn[${index}].${enterpriseProps[0]}`, 'the Community Edition ignores it', edition,
        'set edition to GitLabEdition.EE, which needs no licence for this, or leave it out');
    }
  });
  checkOneAnswer(scope, choices, 'approvalRequired', 'GitLab has a single setting for all providers');
  checkOneAnswer(scope, choices.filter(({ speaksSaml }) => speaksSaml), 'linkingByEmailAllowed', 'GitLab has a single setting for all SAML providers');
  checkOneAnswer(scope, choices.filter(({ passwordSignInEnabled }) => passwordSignInEnabled !== undefined), 'passwordSignInEnabled',
    'GitLab has a single setting for the whole server');
  if (choices.filter(({ automaticSignInEnabled }) => automaticSignInEnabled).length > 1) {
    refuse('signIn', 'automaticSignInEnabled is set for more than one provider', true, 'set it for one of them');
  }
  const rails: unknown = omnibusSettings?.gitlab_rails;
  const key = choices.length > 0 && isSection(rails) ? SIGN_IN_KEYS.find((one) => rails[one] !== undefined && rails[one] !== null) : undefined;
  if (key !== undefined) {
    refuse(`omnibusSettings.gitlab_rails.${key}`, 'set together with signIn', '(not shown)', 'leave one of the two out');
  }
}

function checkOneAnswer(
  scope: Construct, choices: readonly SignInChoice[], prop: 'approvalRequired' | 'linkingByEmailAllowed' | 'passwordSignInEnabled', problem: string,
): void {
  const answers = choices.map((choice) => choice[prop]);
  if (new Set(answers).size > 1) {
    throw new ValidationError(scope, { prop: 'signIn', problem: `${prop}: ${problem}`, got: answers, remedy: `give ${prop} the same value everywhere` });
  }
}

/** Warns of ways to sign in that may be meant, but should be known. */
export function warnOfSignIns(scope: Construct, choices: readonly SignInChoice[]): void {
  choices.filter(({ linkingByEmailAllowed }) => linkingByEmailAllowed).forEach(({ name }) => {
    warn(scope, 'sign-in-by-email', {
      prop: 'signIn', reason: `anybody who can set an email address at "${name}" can take over the GitLab user with that address, administrators included`,
      remedy: 'leave linkingByEmailAllowed out once everybody has signed in',
    });
  });
}
