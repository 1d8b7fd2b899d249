# Stand-in of Gitaly: TLS, the token, and two calls on a repository, which is a file of lines. It reads its certificate when it starts.
# Not checked: gRPC, git, hooks, the token's own protocol (an HMAC of the time, with the same secret).
import hmac, json, os, socketserver, ssl, sys, threading, time

with open(sys.argv[1]) as file:
    SETTINGS = json.load(file)
if not SETTINGS['storages']:
    sys.exit('no storage configured')
CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
CONTEXT.load_cert_chain(SETTINGS['certificate'], SETTINGS['key'])
# of what a benchmark asks for
PROCESSOR = threading.Lock()


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        call = json.loads(self.rfile.readline())
        self.wfile.write(json.dumps(self.answer(call)).encode() + b'\n')

    def answer(self, call):
        if SETTINGS['token'] and not hmac.compare_digest(call.get('token') or '', SETTINGS['token']):
            return {'error': 'Unauthenticated: permission denied'}
        if call['method'] == 'check':
            return {'ok': True}
        if call['method'] == 'work':
            with PROCESSOR:
                time.sleep(call['seconds'])
            return {'ok': True}
        if '..' in call['repository']:
            return {'error': 'InvalidArgument: path escapes root directory'}
        path = os.path.join(SETTINGS['storages'][0], call['repository'] + '.git')
        if call['method'] == 'push':
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'a') as repository:
                repository.write(call['line'] + '\n')
                repository.flush()
                os.fsync(repository.fileno())
            return {'ok': True}
        with open(path) as repository:
            return {'lines': repository.read().splitlines()}


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def get_request(self):
        connection, address = super().get_request()
        return CONTEXT.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, *_):
        pass


host, _, port = SETTINGS['listen'].rpartition(':')
Server((host, int(port)), Handler).serve_forever()
