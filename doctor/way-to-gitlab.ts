import { Found } from '../preflight/finding';

/** What the runner puts before an error of Go's: the request twice. */
const REQUEST = /^couldn't execute \w+ against \S+ (?:\w+ "[^"]*": )?/;

/** Go's words for what is wrong on the way to GitLab, what that is, and what to do. */
const WAYS: readonly (readonly [RegExp, (found: string) => string, string])[] = [
  [/x509: certificate signed by unknown authority/, () => 'does not trust who signed the certificate that it is shown',
    'give rerun another value and apply: the runners get GitLab\'s authority anew; if that does not help, the name leads to another server, or a firewall on the way decrypts'],
  [/x509: certificate is (?:not )?valid for (.*)/, (names) => `is shown a certificate for ${names}`,
    'look where GitLab\'s name leads to from the nodes\' network: to another server, or to one whose certificate lacks the name'],
  [/: no such host/, () => 'finds no address for GitLab\'s name',
    'link the DNS zone that has the record to the nodes\' virtual network; if that has DNS servers of its own, they need the record'],
  [/dial tcp (\d+(?:\.\d+){3}):/, (address) => `is led to ${address}, where nobody answers`,
    'if that is not the server\'s address, mend the DNS record; if it is, see what is said of the server; if people reach it, a route, a firewall or a security group keeps the nodes out'],
];

/** What to tell of a manager that gets no good answer from GitLab, by the status in its log. */
export function wayToGitLab(name: string, status: string): Pick<Found, 'what' | 'remedy'> {
  const said = status.replace(REQUEST, '');
  const told = WAYS.flatMap(([words, what, remedy]) => {
    const [found, part] = words.exec(said) ?? [];
    return found === undefined ? [] : [{ what: `${name}: ${what(part)}`, remedy }];
  });
  const [{ what, remedy }] = [...told, { what: `${name}: gets no good answer from GitLab`, remedy: 'see what is said of the server; if people reach it, the way from the cluster is closed' }];
  return { what: `${what} (${said.slice(0, 200)})`, remedy };
}
