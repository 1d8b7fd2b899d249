# Stand-in of runit's services: nginx and Puma in front of the database. Puma answers two seconds after its start; before that nginx says 502.
# runit starts nothing while a mount point of high_availability is missing.
# The API of jobs and projects is somewhere else, if /opt/gitlab/jobs names an address: what a runner asks for is passed on once its token is known here.
# Not checked: git, the web pages, rate limits, the whitelist of the monitoring endpoints.
import base64, hashlib, http.client, http.server, json, os, signal, ssl, subprocess, sys, threading, time, urllib.parse

DATA = '/var/opt/gitlab'
ETC = '/etc/gitlab'
CONNECTION = f'{DATA}/gitlab-rails/etc/database.json'
STARTED = time.time()
ELSEWHERE = ('/api/v4/jobs/', '/api/v4/projects', '/api/v4/version')


def serving():
    with open(f'{DATA}/nginx.json') as file:
        return json.load(file)


def database():
    if os.path.exists(CONNECTION):
        with open(CONNECTION) as file:
            settings = json.load(file)
        names = {'host': 'PGHOST', 'port': 'PGPORT', 'username': 'PGUSER', 'password': 'PGPASSWORD', 'database': 'PGDATABASE', 'sslmode': 'PGSSLMODE',
                 'sslrootcert': 'PGSSLROOTCERT'}
        environment = {**os.environ, **{name: str(settings[key]) for key, name in names.items()}}
        return json.loads(subprocess.run(['/opt/gitlab/embedded/bin/psql', '-XAtqc', 'SELECT document FROM standin'], env=environment,
                                         capture_output=True, text=True, check=True, timeout=20).stdout)
    with open(f'{DATA}/postgresql/data/database.json') as file:
        return json.load(file)


def key():
    with open(f'{ETC}/gitlab-secrets.json') as file:
        return hashlib.sha256(json.load(file)['gitlab_rails']['db_key_base'].encode()).hexdigest()


# in life in the database, every 40 to 55 minutes; beside it nobody else's change is lost.
def heard_from(runner):
    os.makedirs(f'{DATA}/contacted', exist_ok=True)
    with open(f'{DATA}/contacted/{runner}', 'w') as file:
        file.write(time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime()))


class Handler(http.server.BaseHTTPRequestHandler):
    tls = False

    def log_message(self, *_):
        pass

    def answer(self, status, body=None, **headers):
        data = b'' if status == 204 else json.dumps(body or {}).encode()
        self.send_response(status)
        for name, value in {**headers, 'Content-Length': str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        if self.path.startswith(ELSEWHERE) and self.tls:
            return self.pass_on(b'')
        self.handle_call({})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
        if self.path.startswith(ELSEWHERE):
            return self.pass_on(body)
        text = body.decode()
        self.handle_call(json.loads(text) if 'json' in self.headers.get('Content-Type', '') else dict(urllib.parse.parse_qsl(text)))

    do_PUT = do_PATCH = do_DELETE = do_POST

    def handle_call(self, form):
        config = serving()
        path = self.path.split('?')[0]
        if not self.tls and config['scheme'] == 'https' and config['redirect']:
            return self.answer(301, Location=f"https://{config['host']}{self.path}")
        if time.time() - STARTED < 2 or os.path.exists('/run/stopped-puma') or os.path.exists('/run/break-puma'):
            return self.answer(502)
        if path == '/-/readiness':
            return self.answer(200, {'status': 'ok'})
        if path == '/api/v4/user':
            return self.user()
        if path == '/api/v4/runners/verify':
            return self.verify(form)
        if path == '/api/v4/user/runners' or path.startswith('/api/v4/runners/'):
            return self.runners(path, form)
        return self.answer(404)

    # in life a session or a personal token, here the password and, of those who have one, the second factor, which is encrypted
    def signed_in(self):
        name, _, password = base64.b64decode((self.headers.get('Authorization') or 'Basic Og==')[6:]).decode().partition(':')
        digest = hashlib.sha256(password.encode()).hexdigest()
        found = [user for user in database()['users'] if user['username'] == name and user['password'] == digest]
        factor = found[0].get('second_factor') if found else None
        if not found or factor and (factor['key'] != key() or factor['value'] != self.headers.get('X-Second-Factor')):
            return None
        return found[0]

    def user(self):
        found = self.signed_in()
        return self.answer(200, {'username': found['username'], 'is_admin': found['admin']}) if found else self.answer(401)

    def runners(self, path, form):
        found = self.signed_in()
        if not found:
            return self.answer(401)
        call = json.dumps({'method': self.command, 'path': path, 'user': found['username'], 'form': form})
        told = subprocess.run(['/opt/gitlab/embedded/bin/ruby', '/opt/gitlab/embedded/standin/api.rb'], input=call, capture_output=True, text=True, timeout=60)
        if told.returncode != 0:
            return self.answer(500, {'message': told.stderr})
        answer = json.loads(told.stdout)
        return self.answer(answer['status'], answer['body'])

    def pass_on(self, body):
        if time.time() - STARTED < 2 or not os.path.exists('/opt/gitlab/jobs'):
            return self.answer(502)
        if self.path == '/api/v4/jobs/request':
            found = self.runner(json.loads(body).get('token'))
            if not found:
                return self.answer(403, {'message': '403 Forbidden'})
            heard_from(found['id'])
        with open('/opt/gitlab/jobs') as file:
            jobs = http.client.HTTPSConnection(file.read().strip(), timeout=90, context=ssl._create_unverified_context())
        jobs.request(self.command, self.path, body, {name: value for name, value in self.headers.items() if name.lower() != 'host'})
        answer = jobs.getresponse()
        data = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ('connection', 'transfer-encoding', 'content-length', 'keep-alive', 'date'):
                self.send_header(name, value)
        self.send_header('Content-Length', str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def verify(self, form):
        found = self.runner(form.get('token'))
        return self.answer(200, {'id': found['id'], 'token': form['token'], 'token_expires_at': None}) if found else self.answer(403)

    def runner(self, token):
        readable = [runner for runner in database()['runners'] if runner['token']['key'] == key()]
        return next((runner for runner in readable if runner['token']['value'] == token), None)


def serve(port, context=None):
    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True

        def get_request(self):
            connection, address = super().get_request()
            return (context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False) if context else connection), address

        def handle_error(self, *_):
            pass

    # only there: the other addresses of the loopback interface are Azure's here.
    server = Server(('127.0.0.1', port), type('Bound', (Handler,), {'tls': context is not None}))
    threading.Thread(target=server.serve_forever, daemon=True).start()


# nginx chooses the server, and with it the certificate, by the name that the client asks for.
def show_pages(host, pages):
    def choose(connection, name, _):
        if name and (name == host or name.endswith('.' + host)):
            connection.context = pages
    return choose


def main():
    config = serving()
    missing = [path for path in config['mountpoints'] if not os.path.ismount(path)]
    if missing:
        sys.exit(f'runit: {missing[0]} is not mounted')
    context = None
    if 'certificate' in config:
        context, pages = (ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) for _ in range(2))

        # nginx reads its certificates when it starts and when it is told to, never by itself.
        def read_certificates(*_):
            now = serving()
            context.load_cert_chain(*now['certificate'])
            if 'pages' in now:
                pages.load_cert_chain(*now['pages']['certificate'])
                context.sni_callback = show_pages(now['pages']['host'], pages)

        read_certificates()
        signal.signal(signal.SIGHUP, read_certificates)
        serve(443, context)
    else:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    serve(80)
    if 'registry' in config and config['registry'] not in (80, 443):
        serve(config['registry'], context)
    while True:
        time.sleep(3600)


main()
