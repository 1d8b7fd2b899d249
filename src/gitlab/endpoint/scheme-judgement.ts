import { known } from '../../private/rules/subject';
import { NGINX } from '../gitlab-rb/nginx-places';
import { Finding } from '../gitlab-rb/omnibus-judgement';
import { isSection, OmnibusSettings } from '../gitlab-rb/omnibus-settings';
import { valueAt, wrongValue } from '../gitlab-rb/settings-reading';

/** Headers, and what each says of a request that came by plain HTTP. */
const PLAIN: { readonly [header: string]: string } = { 'x-forwarded-proto': 'http', 'x-forwarded-ssl': 'off' };

const PLACES = [[NGINX], ['gitlab_rails', NGINX], ['registry_nginx'], ['registry', NGINX], ['pages_nginx'], ['gitlab_pages', NGINX]];

/** Finds headers by which GitLab takes requests for plain ones, whose address is HTTPS: it refuses each form then, that of sign-in too. */
export function judgeScheme(settings: OmnibusSettings): Finding[] {
  return PLACES.map((place) => [...place, 'proxy_set_headers']).flatMap((path) => {
    const headers = valueAt(settings, ...path);
    return Object.entries(isSection(headers) ? headers : {})
      .filter(([name, value]) => known(value) && PLAIN[name.toLowerCase()] === String(value).toLowerCase())
      .map(([name, value]) => wrongValue([...path, name], 'plain HTTP, but the address of the server is HTTPS, so that nobody could sign in', value,
        'leave it out; the endpoint decides, such as GitLabEndpoint.behindProxy()'));
  });
}
