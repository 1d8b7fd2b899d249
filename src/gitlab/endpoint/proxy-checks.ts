import { Together } from '../../private/rules/rule';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { isSection } from '../gitlab-rb/omnibus-settings';
import { SelfHostedGitLabProps } from '../self-hosted-gitlab-props';

/** Refuses what a proxy decides, or would undo. */
export const checkProxyFits: Together<SelfHostedGitLabProps> = (at, props) => {
  const proxy = props.endpoint?._choice.proxy;
  if (!proxy) {
    return;
  }
  for (const prop of ['webAllowedCidrs', 'httpAllowedCidrs'] as const) {
    if (props[prop] !== undefined) {
      throw new ValidationError(at(prop).where, {
        prop, problem: 'only the proxy of the endpoint reaches the web ports', got: props[prop], remedy: 'leave it out, and let the proxy decide who reaches it',
      });
    }
  }
  const nginx: unknown = props.omnibusSettings?.nginx ?? undefined;
  if (proxy.frontDoorId !== undefined && nginx !== undefined && !isSection(nginx) && !known(nginx)) {
    throw new ValidationError(at('omnibusSettings').where, {
      prop: 'omnibusSettings.nginx', problem: 'may replace the check of GitLabEndpoint.behindFrontDoor()', got: nginx,
      remedy: 'write the map here; its values may be references',
    });
  }
};
