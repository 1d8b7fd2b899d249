import { HttpProxy } from '../../azure/http-proxy';

/** The variables by which curl, apt, git, Ruby and Go know a proxy: all of them read the small letters, curl for http no others. */
export function serverVariables(proxy: HttpProxy, own: readonly string[]): { readonly [name: string]: string } {
  return { http_proxy: proxy._url, https_proxy: proxy._url, no_proxy: proxy._without(...own).join(',') };
}
