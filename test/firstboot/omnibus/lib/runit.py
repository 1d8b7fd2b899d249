# Stand-in of runit for the services that are real programs here: Redis, nginx with what gitlab.rb adds to it, and the Gitaly of gitaly.py. Each is started
# again when it ends, unless it is stopped by name.
# Not checked: order, svlogd, time-outs.
import os, subprocess, threading, time

DATA = '/var/opt/gitlab'
SERVICES = {
    'redis': (f'{DATA}/redis/redis.conf', ['setpriv', '--reuid=gitlab-redis', '--regid=gitlab-redis', '--clear-groups', '/opt/gitlab/embedded/bin/redis-server',
                                           f'{DATA}/redis/redis.conf']),
    'gitaly': (f'{DATA}/gitaly/config.json', ['setpriv', '--reuid=git', '--regid=git', '--clear-groups', '/usr/bin/python3', '-I',
                                              '/opt/gitlab/embedded/service/gitaly.py', f'{DATA}/gitaly/config.json']),
    'nginx': (f'{DATA}/nginx/conf/nginx.conf', ['/opt/gitlab/embedded/sbin/nginx', '-c', f'{DATA}/nginx/conf/nginx.conf', '-p', f'{DATA}/nginx']),
}


def supervise(name, command):
    while True:
        if os.path.exists(f'/run/stopped-{name}'):
            time.sleep(0.1)
            continue
        os.makedirs(f'/var/log/gitlab/{name}', exist_ok=True)
        with open(f'/var/log/gitlab/{name}/current', 'a') as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
        with open(f'/run/standin-{name}.pid', 'w') as file:
            file.write(str(process.pid))
        process.wait()
        time.sleep(0.2)


def start_services():
    for name, (configuration, command) in SERVICES.items():
        if os.path.exists(configuration):
            threading.Thread(target=supervise, args=(name, command), daemon=True).start()
