import { Token } from 'cdktf';
import { synth } from '../../synth';
import { named, parameters, rb, rules } from '../server';

describe('the port of git over SSH', () => {
  test('is opened, served and shown', () => {
    const { json } = named({ sshPort: 2222, sshAllowedCidrs: ['203.0.113.0/24'] });
    expect(rules(json).AllowSsh).toMatchObject({ destination_port_range: '2222', source_address_prefixes: ['203.0.113.0/24'] });
    expect(rb(json)).toContain('gitlab_rails["gitlab_shell_ssh_port"] = 2222');
    expect(parameters(json, 'DataDisk').SSH_PORT).toBe('2222');
    expect(Object.values(json.output).map(({ value }: any) => value).find((value) => /^ssh /.test(value))).toMatch(/^ssh -p 2222 azureuser@/);
  });

  test.each([2222, '2222'])('may be given by GitLab\'s own key, as %j', (port) => {
    const { json } = named({ sshAllowedCidrs: ['203.0.113.0/24'], omnibusSettings: { gitlab_rails: { gitlab_shell_ssh_port: port } } });
    expect(rules(json).AllowSsh.destination_port_range).toBe('2222');
    expect(parameters(json, 'DataDisk').SSH_PORT).toBe('2222');
    expect(rb(json)).toContain(`gitlab_rails["gitlab_shell_ssh_port"] = ${JSON.stringify(port)}`);
  });

  test('is 22 without a word', () => {
    const { json } = named({ sshAllowedCidrs: ['203.0.113.0/24'] });
    expect(rules(json).AllowSsh.destination_port_range).toBe('22');
    expect(rb(json).join('\n')).not.toMatch(/ssh_port/);
    expect(parameters(json, 'DataDisk').SSH_PORT).toBeUndefined();
  });

  test('may be one of GitLab\'s own SSH server, which then listens there instead of sshd', () => {
    const { json } = named({ sshPort: 2222, omnibusSettings: { gitlab_sshd: { enable: true } } });
    expect(rb(json)).toEqual(expect.arrayContaining([
      'gitlab_sshd["enable"] = true', 'gitlab_sshd["listen_address"] = "[::]:2222"', 'gitlab_rails["gitlab_shell_ssh_port"] = 2222',
    ]));
    expect(parameters(json, 'DataDisk').SSH_PORT).toBeUndefined();
  });

  test('does not open to those that only the web ports are opened to', () => {
    const { gitlab, stack } = named({ sshPort: 2222, sshAllowedCidrs: ['203.0.113.0/24'], webAllowedCidrs: ['203.0.113.0/24'] });
    gitlab.allowWebFrom(stack, 'Runners', ['20.1.2.3']);
    const shared = Object.values<any>(rules(synth(stack))).find(({ name }) => /^AllowWeb\d/.test(name));
    expect(shared.destination_port_ranges).toEqual(['80', '443']);
  });

  test.each<[string, any, string]>([
    ['it is GitLab\'s', { sshPort: 443 }, 'sshPort: in use by GitLab itself, got 443; give another one such as 2222'],
    ['it is the registry\'s', { sshPort: 5050, registry: {} }, 'sshPort: the same as registry.port, got 5050; give another one such as 2222'],
    ['it is none', { sshPort: 0 }, 'sshPort: out of range, got 0; give a whole number from 1 to 65535'],
    ['GitLab\'s own key says otherwise', { sshPort: 2223, omnibusSettings: { gitlab_rails: { gitlab_shell_ssh_port: 2222 } } },
      'omnibusSettings.gitlab_rails.gitlab_shell_ssh_port: not the same as sshPort, got 2222; leave it out'],
    ['GitLab\'s own key is one of GitLab\'s', { omnibusSettings: { gitlab_rails: { gitlab_shell_ssh_port: '443' } } },
      'omnibusSettings.gitlab_rails.gitlab_shell_ssh_port: in use by GitLab itself, got 443; give another one such as 2222'],
    ['only the apply knows GitLab\'s own key', { omnibusSettings: { gitlab_rails: { gitlab_shell_ssh_port: Token.asAny('x') } } },
      'omnibusSettings.gitlab_rails.gitlab_shell_ssh_port: known only at apply time, got a reference; give a whole number from 1 to 65535, '
      + 'known to the program: what is made depends on it'],
    ['GitLab\'s own server listens where nobody gets to', { omnibusSettings: { gitlab_sshd: { enable: true, listen_address: '[::]:2222' } } },
      'omnibusSettings.gitlab_sshd.listen_address: decided elsewhere, got "[::]:2222"; set sshPort instead, which also opens the port'],
    ['GitLab\'s own server would share sshd\'s port', { omnibusSettings: { gitlab_sshd: { enable: true } } },
      'omnibusSettings.gitlab_sshd.enable: no port is left for it, since the machine\'s sshd has 22, got true; set sshPort to another one such as 2222, where it then listens'],
  ])('fails when %s', (_, props, message) => {
    expect(() => named(props)).toThrow(new Error(`${message} (at Test/GitLab)`));
  });
});
