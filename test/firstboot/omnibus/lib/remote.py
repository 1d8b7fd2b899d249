# What Rails and GitLab Shell ask on another machine: Redis and Gitaly, over TLS whose certificate has to name the address. The settings are what reconfigure wrote.
# A machine that is alone has its Redis at a socket.
import json, os, socket, ssl

DATA = '/var/opt/gitlab'
SETTINGS = f'{DATA}/gitlab-rails/etc/remote.json'
SOCKET = f'{DATA}/redis/redis.socket'


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


def has_redis():
    return settings() is not None or os.path.exists(f'{DATA}/redis/redis.conf')


def own_redis():
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(5)
    connection.connect(SOCKET)
    return connection


# the answer to a command of Redis: a text, or None
def redis(*command):
    server = settings() and settings()['redis']
    with connect(server['host'], server['port'], server['ssl']) if server else own_redis() as connection:
        stream = connection.makefile('rwb')
        commands = [['AUTH', server['password']], command] if server else [command]
        for words in commands:
            stream.write(b'*%d\r\n' % len(words) + b''.join(b'$%d\r\n%s\r\n' % (len(word.encode()), word.encode()) for word in words))
        stream.flush()
        return [answer(stream) for _ in commands][-1]


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
