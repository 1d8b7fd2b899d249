import { onServer, ServerCheck } from './check';
import { duration } from '../server-look';

const SOON_SECONDS = 14 * 86_400;

export const CERTIFICATE: ServerCheck = {
  name: 'certificate',
  judge: ({ look }) => {
    const ends = new Map(look.all('certificate').map(([which, end]) => [which, -look.ageSeconds(end)]));
    const [served, file] = [ends.get('served'), ends.get('file')];
    const left = served ?? file;
    if (left === undefined) {
      return [];
    }
    const told = left > 0 ? `the certificate is good for ${duration(left)}` : `the certificate ended ${duration(-left)} ago`;
    if (left > SOON_SECONDS) {
      return [{ state: 'ok', what: told }];
    }
    return [file !== undefined && file > left + 3600 ? {
      state: left > 0 ? 'warning' : 'broken', what: `${told}, and a newer one is there that nginx does not show`, meaning: 'browsers, git and the runners refuse GitLab once it has ended',
      remedy: onServer('gitlab-ctl hup nginx'),
    } : {
      state: left > 0 ? 'warning' : 'broken', what: told,
      meaning: 'browsers, git and the runners refuse GitLab once it has ended, and it should have been renewed by now',
      remedy: `read why: ${onServer('journalctl -u gitlab-certificate -n 30 --no-pager')}; a certificate of a Key Vault is renewed there`,
    }];
  },
};
