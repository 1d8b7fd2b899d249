import { isUnusable } from '../../private/cidr';
import { cidr, ipv4Address } from '../../private/rules/addresses';
import { also, Rule } from '../../private/rules/rule';
import { text } from '../../private/rules/scalars';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';

const HIGHEST_PORT = 65535;

/** A forward proxy's address, without the slash at its end. What it must not hold is not shown. */
export function proxyAddress(): Rule<string> {
  const expected = 'an address such as "http://10.0.0.5:3128", without a user and a password';
  const address = also(text(expected, /^http:\/\/[A-Za-z0-9.-]+:[1-9]\d{0,4}$/), ({ where, prop }, url) => {
    const [host, port] = url.slice('http://'.length).split(':');
    if (Number(port) > HIGHEST_PORT) {
      throw new ValidationError(where, { prop, problem: 'no such port', got: url, remedy: `give one from 1 to ${HIGHEST_PORT}` });
    }
    host1123().take({ where, prop }, host);
    if (host.toLowerCase() === 'localhost' || (/^[\d.]+$/.test(host) && isUnusable(`${host}/32`))) {
      throw new ValidationError(where, {
        prop, problem: 'not an address in a network', got: url, remedy: 'give the one by which new machines reach the proxy, such as "http://10.0.0.5:3128"',
      });
    }
  });
  return {
    expected,
    take({ where, prop }, value) {
      if (typeof value === 'string' && value.includes('@')) {
        throw new ValidationError(where, {
          prop, problem: 'holds a user or a password, which AKS does not take and which would be in the state', got: '(hidden)', remedy: `give ${expected}`,
        });
      }
      return address.take({ where, prop }, typeof value === 'string' && known(value) ? value.replace(/\/$/, '') : value);
    },
  };
}

/**
 * What is reached without a proxy, as curl, Ruby, Go and AKS all understand it: Ruby takes `::1` for whatever ends with `.1`, none but Go knows ports, and
 * AKS refuses wildcards and names that are not of RFC 1123.
 */
export function proxyException(): Rule<string> {
  return also(text('a host, a domain such as ".example.com", an IPv4 address or block, without port and wildcard', /^(\d[\d.]*\/\d+|\.?[A-Za-z0-9.-]+)$/),
    (subject, value) => {
      if (value.includes('/')) {
        cidr().take(subject, value);
      } else {
        host1123().take(subject, value.replace(/^\./, ''));
      }
    });
}

/** A name or an IPv4 address. */
function host1123(): Rule<string> {
  const label = '[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
  return also(text('a name of letters, digits, "-" and single dots, or an IPv4 address', new RegExp(`^(?=.{1,253}$)${label}(\\.${label})*$`)), (subject, host) => {
    if (/^[\d.]+$/.test(host)) {
      ipv4Address().take(subject, host);
    }
  });
}
