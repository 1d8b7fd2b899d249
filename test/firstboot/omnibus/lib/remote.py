# What Rails and GitLab Shell ask on another machine: Redis and Gitaly, over TLS whose certificate has to name the address. The settings are what reconfigure wrote.
import json, socket, ssl

DATA = '/var/opt/gitlab'
SETTINGS = f'{DATA}/gitlab-rails/etc/remote.json'


def settings():
    try:
        with open(SETTINGS) as file:
            return json.load(file)
    except FileNotFoundError:
        return None


def connect(host, port, tls=True):
    connection = socket.create_connection((host, int(port)), timeout=5)
    if not tls:
        return connection
    return ssl.create_default_context(cafile=settings()['authorities']).wrap_socket(connection, server_hostname=host)


# the answer to a command of Redis: a text, or None
def redis(*command):
    server = settings()['redis']
    with connect(server['host'], server['port'], server['ssl']) as connection:
        stream = connection.makefile('rwb')
        for words in (['AUTH', server['password']], command):
            stream.write(b'*%d\r\n' % len(words) + b''.join(b'$%d\r\n%s\r\n' % (len(word.encode()), word.encode()) for word in words))
        stream.flush()
        answers = [answer(stream) for _ in range(2)]
    return answers[1]


def answer(stream):
    line = stream.readline().decode().rstrip('\r\n')
    if not line or line[0] == '-':
        raise ConnectionError(f'Redis: {line or "closed"}')
    if line[0] != '$':
        return line[1:]
    if line == '$-1':
        return None
    data = stream.read(int(line[1:]) + 2)
    return data[:-2].decode()


def gitaly(method, **call):
    server = settings()['gitaly']
    scheme, _, address = server['address'].partition('://')
    if scheme != 'tls':
        raise ConnectionError(f'Gitaly: {server["address"]} is not of another machine')
    host, _, port = address.rpartition(':')
    with connect(host, port) as connection:
        stream = connection.makefile('rwb')
        stream.write(json.dumps({'method': method, 'token': server['token'], **call}).encode() + b'\n')
        stream.flush()
        told = json.loads(stream.readline() or '{"error": "closed"}')
    if 'error' in told:
        raise ConnectionError(f'Gitaly: {told["error"]}')
    return told


# all that GitLab is built on answers
def check():
    redis('PING')
    gitaly('check')
