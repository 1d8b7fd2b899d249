import { Construct } from 'constructs';
import { SignInChoice } from './sign-in-choice';
import { SIGN_IN_KEYS } from './sign-in-set-up';
import { ValidationError } from '../../private/validation-error';
import { warn } from '../../warnings/private/warn';
import { EndpointChoice } from '../endpoint/endpoint-choice';
import { GitLabEdition } from '../gitlab-edition';
import { isSection, OmnibusSettings } from '../set-up/omnibus-settings';

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
    refuse('signIn', 'providers send people back to HTTPS alone', 'GitLabEndpoint.http()', 'choose an endpoint with HTTPS');
  }
  choices.forEach(({ name, enterpriseProps }, index) => {
    if (choices.slice(0, index).some((other) => other.name === name)) {
      refuse(`signIn[${index}]`, 'the name of another one', name, 'give each a name of its own');
    }
    if (enterpriseProps.length > 0 && edition === GitLabEdition.CE) {
      refuse(`signIn[${index}].${enterpriseProps[0]}`, 'not known to the Community Edition, which would let everybody pass', edition,
        'set edition to GitLabEdition.EE, which needs no licence for it, or leave it out');
    }
  });
  checkOneAnswer(scope, choices, 'approvalRequired', 'GitLab has one answer for all providers');
  checkOneAnswer(scope, choices.filter(({ speaksSaml }) => speaksSaml), 'linkingByEmailAllowed', 'GitLab has one answer for all providers of SAML');
  checkOneAnswer(scope, choices.filter(({ passwordSignInEnabled }) => passwordSignInEnabled !== undefined), 'passwordSignInEnabled',
    'a password is no matter of one provider');
  if (choices.filter(({ automaticSignInEnabled }) => automaticSignInEnabled).length > 1) {
    refuse('signIn', 'automaticSignInEnabled more than once', true, 'set it for one of them');
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
      prop: 'signIn', reason: `whoever can set an email address at "${name}" becomes the user of GitLab with that address, an administrator too`,
      remedy: 'leave linkingByEmailAllowed out once everybody has signed in',
    });
  });
}
