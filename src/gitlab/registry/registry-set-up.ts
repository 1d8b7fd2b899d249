import { OmnibusSettings } from '../gitlab-rb/omnibus-settings';
import { hasOwnCertificate, NginxSections } from '../gitlab-rb/site-tls';
import { SetUpPart } from '../set-up/set-up-part';

export const REGISTRY_NGINX: NginxSections = [['registry_nginx'], ['registry', 'nginx']];

/** @param address the registry's host and port; without one, the user's settings may still have a registry. */
export function registrySetUp(address: string | undefined, settings: OmnibusSettings = {}): SetUpPart {
  const theirs: unknown = settings.registry_external_url;
  const enabled = address !== undefined || (theirs !== undefined && theirs !== null);
  return {
    gitlabRb: {
      singleKeys: address === undefined ? {} : { registry_external_url: `https://${address}` },
      // without a word on it, Let's Encrypt switches the registry on, at a port that nobody opened.
      defaults: { registry: { enable: enabled } },
      certificateSections: enabled && !hasOwnCertificate(settings, REGISTRY_NGINX) ? ['registry_nginx'] : [],
    },
  };
}
