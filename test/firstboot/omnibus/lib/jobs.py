# The log and the result of a job, as its runner tells them: lib/gitlab/ci/trace.rb, Ci::AppendBuildTraceService and Ci::UpdateBuildStateService. A log goes on
# where it is: in a file of this machine before all else, then with live traces in Redis. It is read from Redis where something of it is there.
# Not checked: tokens of jobs, sections, masking, checksums, what becomes of a log once it is archived.
import json, os, re, subprocess
import remote

DATA = '/var/opt/gitlab'
KEEP = 'Instance.change { |database| (database["jobs"] ||= {})[ARGV[0]] = ARGV[1] }'


def job_of(path):
    found = re.fullmatch(r'/api/v4/jobs/(\d+)(/trace)?', path)
    return found and found[1]


class Log:
    def __init__(self, job, is_live):
        self.key, self.file, self.is_live = f'trace:{job}', f'{DATA}/gitlab-ci/builds/{job}.log', is_live and remote.has_redis()

    def chunks(self):
        return remote.redis('GET', self.key) if remote.has_redis() else None

    def on_disk(self):
        if not os.path.exists(self.file):
            return None
        with open(self.file) as file:
            return file.read()

    def read(self):
        found = self.chunks()
        return found if found is not None else self.on_disk() or ''

    # how long the log is afterwards, or without it if the part does not begin where the log ends
    def append(self, text, start):
        in_file = self.on_disk() is not None or not self.is_live
        size = len((self.on_disk() if in_file else self.chunks()) or '')
        if size != start:
            return size
        if in_file:
            os.makedirs(os.path.dirname(self.file), exist_ok=True)
            with open(self.file, 'a') as file:
                file.write(text)
        else:
            remote.redis('APPEND', self.key, text)
        return size + len(text)


# the status and the header Range of an answer to PATCH
def take_part(log, text, content_range):
    start = int(content_range.split('-')[0])
    size = log.append(text, start)
    return 202 if size == start + len(text) else 416, f'0-{size}'


# parts in Redis go to object storage first, and the runner is asked to tell its result once more.
def take_result(job, log, state):
    if log.chunks() is not None and remote.redis('SET', f'pending:{job}', state, 'GET') is None:
        return 202
    subprocess.run(['/opt/gitlab/embedded/bin/ruby', '-r', '/opt/gitlab/embedded/standin/instance', '-e', KEEP, job, state], check=True, timeout=60)
    return 200
