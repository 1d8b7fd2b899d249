import { OmnibusSettings } from './omnibus-settings';
import { isGiven, mayBeOff } from './settings-reading';

/** Where the settings of nginx for one of the server's sites stand, in the old spelling and in the new one. */
export type NginxSections = readonly (readonly string[])[];

/** Whether the user gave the site a certificate. */
export function hasOwnCertificate(settings: OmnibusSettings | undefined, sections: NginxSections): boolean {
  return sections.some((nginx) => isGiven(settings, ...nginx, 'ssl_certificate'));
}

/** Whether somebody else may serve the site, or nginx without TLS. */
export function mayLackTls(settings: OmnibusSettings | undefined, sections: NginxSections): boolean {
  return sections.some((nginx) => ['enable', 'listen_https'].some((key) => mayBeOff(settings, ...nginx, key)));
}
