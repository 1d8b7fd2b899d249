# Stand-in of runit's services: nginx and Puma in front of the database. Puma answers two seconds after its start; before that nginx says 502.
# runit starts nothing while a mount point of high_availability is missing.
# The API of jobs and projects is somewhere else, if /opt/gitlab/jobs names an address: what a runner asks for is passed on once its token is known here.
# On a machine of `application_role` Puma's and Sidekiq's code is that of the version they were started with; what they do with a database of another version
# is written to /var/opt/gitlab/mixed.
# Not checked: git, the web pages, rate limits, the whitelist of the monitoring endpoints.
import base64, hashlib, http.client, http.server, json, os, signal, socket, socketserver, ssl, subprocess, sys, threading, time, traceback, urllib.parse
sys.path.insert(0, '/opt/gitlab/embedded/service')
import jobs, remote, runit

DATA = '/var/opt/gitlab'
ETC = '/etc/gitlab'
CONNECTION = f'{DATA}/gitlab-rails/etc/database.json'
STARTED = time.time()
# two workers of four threads, as Puma has them on two vCPUs; only what a benchmark asks for takes one.
PUMA = threading.BoundedSemaphore(8)
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
        # in life Puma's own connection: what ends the services does not end it before the request.
        return json.loads(subprocess.run(['sh', '-c', 'trap "" HUP TERM; exec "$@"', 'sh', '/opt/gitlab/embedded/bin/psql', '-XAtqc', 'SELECT document FROM standin'], env=environment,
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


# what runs of a machine of `application_role`, and of which version
class Application:
    versions = {}
    leaving = None

    @staticmethod
    def installed():
        with open('/opt/gitlab/version-manifest.json') as file:
            return json.load(file)['build_version']

    # runit starts nothing that has a file `down`.
    @classmethod
    def watch(cls):
        for name in ('puma', 'sidekiq'):
            if os.path.exists(f'/opt/gitlab/sv/{name}/down'):
                open(f'/run/stopped-{name}', 'a').close()
        while True:
            for name in ('puma', 'sidekiq'):
                if os.path.exists(f'/run/stopped-{name}'):
                    cls.versions.pop(name, None)
                else:
                    cls.versions.setdefault(name, cls.installed())
            if cls.versions:
                cls.compare()
            time.sleep(0.1)

    @classmethod
    def compare(cls):
        try:
            schema = database()['schema']
        except (subprocess.SubprocessError, ValueError, KeyError):
            return
        for name, version in cls.versions.items():
            if version != schema and not os.path.exists(f'/run/stopped-{name}'):
                with open(f'{DATA}/mixed', 'a') as file:
                    file.write(f'{name} {version} {schema}\n')

    @classmethod
    def leave(cls, *_):
        cls.leaving = time.time()

    # Puma is up for others until its blackout is over.
    @classmethod
    def left(cls, config):
        since = cls.leaving or (os.path.getmtime('/run/stopped-puma') if os.path.exists('/run/stopped-puma') else None)
        return None if since is None else time.time() - since > config['blackout'] / 5


class Handler(http.server.BaseHTTPRequestHandler):
    tls = False
    # whoever says nothing for so long is not waited for.
    timeout = 60

    def log_message(self, *_):
        pass

    def answer(self, status, body=None, **headers):
        data = b'' if status == 204 else json.dumps(body or {}).encode()
        self.send_response(status)
        self.send_header('X-Served-By', socket.gethostname())
        for name, value in {**headers, 'Content-Length': str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    # who asks hears that GitLab failed, and the journal why.
    def do_GET(self):
        try:
            self.route(self.rfile.read(int(self.headers.get('Content-Length') or 0)).decode())
        except Exception as error:
            traceback.print_exc()
            print(getattr(error, 'stderr', ''), file=sys.stderr, flush=True)
            self.answer(500, {'message': str(error)})

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

    def route(self, text):
        if self.is_of_job():
            return self.job(text)
        if self.path.startswith(ELSEWHERE) and (self.tls or self.command != 'GET'):
            return self.pass_on(text.encode())
        self.handle_call(json.loads(text) if 'json' in self.headers.get('Content-Type', '') else dict(urllib.parse.parse_qsl(text)))

    def handle_call(self, form):
        config = serving()
        path = self.path.split('?')[0]
        if not self.tls and config['scheme'] == 'https' and config['redirect']:
            return self.answer(301, Location=f"https://{config['host']}{self.path}")
        if self.is_down(config):
            return self.answer(502)
        if path == '/-/readiness':
            return self.readiness(config)
        if path == '/api/v4/internal/authorized_keys' and self.client_address[0] == 'unix':
            return self.answer(200, {'keys': database().get('keys', [])})
        if path == '/standin/slow':
            time.sleep(float(self.path.partition('=')[2]))
            return self.answer(200)
        if path == '/standin/page':
            return self.page()
        if path == '/api/v4/user':
            return self.user()
        if path == '/api/v4/runners/verify':
            return self.verify(form)
        if path == '/api/v4/user/runners' or path.startswith('/api/v4/runners/'):
            return self.runners(path, form)
        return self.answer(404)

    # a page that takes one of Puma's threads for its time, and Gitaly on the first machine for another.
    def page(self):
        seconds = {name: float(value) for name, value in urllib.parse.parse_qsl(self.path.partition('?')[2])}
        with PUMA:
            time.sleep(seconds['puma'])
            if 'gitaly' in seconds:
                remote.gitaly('work', seconds=seconds['gitaly'])
        return self.answer(200)

    def is_down(self, config):
        if time.time() - STARTED < 2 or os.path.exists('/run/break-puma'):
            return True
        return Application.left(config) is True if config.get('application') else os.path.exists('/run/stopped-puma')

    def readiness(self, config):
        if config.get('application') and (Application.left(config) is not None or os.path.exists('/run/sick-puma')):
            return self.answer(503, {'status': 'failed'})
        if self.path.endswith('all=1') and remote.settings():
            try:
                remote.check()
            except (OSError, ValueError) as error:
                return self.answer(503, {'status': 'failed', 'message': str(error)})
        return self.answer(200, {'status': 'ok'})

    # jobs may be kept elsewhere, and so are their logs.
    def is_of_job(self):
        return jobs.job_of(self.path) and not os.path.exists('/opt/gitlab/jobs')

    def job(self, text):
        if self.is_down(serving()):
            return self.answer(502)
        job = jobs.job_of(self.path)
        log = jobs.Log(job, database()['settings'].get('ci_job_live_trace_enabled'))
        if self.command == 'PATCH':
            status, taken = jobs.take_part(log, text, self.headers['Content-Range'])
            return self.answer(status, Range=taken)
        if self.command == 'PUT':
            return self.answer(jobs.take_result(job, log, json.loads(text)['state']))
        return self.answer(200, {'trace': log.read()})

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


class Listening(socketserver.ThreadingMixIn):
    # one that is closed waits for what it has begun.
    daemon_threads = False
    all = []

    def begin(self):
        self.all.append(self)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    # what broke off, by whomever it was.
    def handle_error(self, *_):
        print(f'a connection without an answer: {sys.exc_info()[1]!r}', file=sys.stderr, flush=True)

    @classmethod
    def end(cls):
        for server in cls.all:
            server.shutdown()
        for server in cls.all:
            server.server_close()


# Workhorse, for nginx beside GitLab's own pages
def serve_workhorse():
    path = f'{DATA}/gitlab-workhorse/sockets/socket'
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.exists(path):
        os.unlink(path)

    class Workhorse(Listening, socketserver.UnixStreamServer):
        def get_request(self):
            return super().get_request()[0], ('unix', 0)

    server = Workhorse(path, type('Bound', (Handler,), {'tls': True}))
    os.chmod(path, 0o777)
    server.begin()


def serve(port, tls=False):
    class Server(Listening, http.server.HTTPServer):
        def get_request(self):
            connection, address = super().get_request()
            return (Certificates.shown.wrap_socket(connection, server_side=True, do_handshake_on_connect=False) if tls else connection), address

    # a machine that shares its network has the loopback interface alone, whose other addresses are Azure's here.
    address = '0.0.0.0' if any(name == 'eth0' for _, name in socket.if_nameindex()) else '127.0.0.1'
    Server((address, port), type('Bound', (Handler,), {'tls': tls})).begin()


# nginx chooses the server, and with it the certificate, by the name that the client asks for.
def show(sites):
    def choose(connection, name, _):
        for host, context in sites:
            if name and (name == host or name.endswith('.' + host)):
                connection.context = context
    return choose


# nginx reads them when it starts and when it is told to, never by itself. What has begun goes on with those of its beginning.
class Certificates:
    shown = None

    @classmethod
    def read(cls, *_):
        now = serving()
        shown = cls.context(now['certificate'])
        shown.sni_callback = show([(site['host'], cls.context(site['certificate'])) for site in now['sites']])
        cls.shown = shown

    @staticmethod
    def context(files):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*files)
        return context


def main():
    config = serving()
    missing = [path for path in config['mountpoints'] if not os.path.ismount(path)]
    if missing:
        sys.exit(f'runit: {missing[0]} is not mounted')
    has_tls = 'certificate' in config
    if has_tls:
        Certificates.read()
    # whoever is served may send it, and it would end a process that does not know it.
    signal.signal(signal.SIGHUP, Certificates.read if has_tls else signal.SIG_IGN)
    if has_tls:
        serve(443, tls=True)
    serve(80)
    runit.start_services()
    if remote.settings():
        serve_workhorse()
    if config.get('application'):
        threading.Thread(target=Application.watch, daemon=True).start()
        signal.signal(signal.SIGTERM, Application.leave)
    if 'registry' in config and config['registry'] not in (80, 443):
        serve(config['registry'], has_tls)
    # a signal may reach another thread, and its handler runs in this one, once it is awake.
    while Application.leaving is None or not Application.left(serving()):
        time.sleep(0.1)
    # Puma ends once its blackout is over and what it has begun is served.
    Listening.end()
    os._exit(0)


main()
