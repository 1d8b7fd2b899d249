# The API server of a cluster, for the managed identity of the machine that this runs on; `deliver.py` goes on from here.
import base64
import fcntl
import gzip
import json
import os
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request

METADATA = 'http://169.254.169.254/metadata/identity/oauth2/token'
# the application of every AKS cluster's API server, the same in all tenants.
AUDIENCE = '6dae42f8-4368-4678-94ff-3960e28e3630'
MANAGER = 'cdktf-azure-gitlab'
RELEASE_KEY = f'{MANAGER}/release'
OWNER_KEY = f'{MANAGER}/owner'
# how long is waited for a role, a name or an API server; Azure takes minutes to spread a role.
PATIENCE = int(os.environ.get('PATIENCE_SECONDS', '900'))
# Helm's order; what is not named comes after these, so that its definitions are there.
ORDER = [
    'PriorityClass', 'Namespace', 'NetworkPolicy', 'ResourceQuota', 'LimitRange', 'PodDisruptionBudget', 'ServiceAccount', 'Secret', 'ConfigMap', 'StorageClass',
    'PersistentVolume', 'PersistentVolumeClaim', 'CustomResourceDefinition', 'ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding', 'Service', 'DaemonSet',
    'Pod', 'ReplicationController', 'ReplicaSet', 'Deployment', 'HorizontalPodAutoscaler', 'StatefulSet', 'Job', 'CronJob', 'IngressClass', 'Ingress', 'APIService',
]
LAST = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']


class Failure(Exception):
    """What is told to whoever applies: what failed, and what to do."""


class Cluster:
    """The API server, asked until it answers."""

    def __init__(self, server, authority, client_id):
        self.server = server.rstrip('/')
        self.client_id = client_id
        self.token = None
        context = ssl.create_default_context(cadata=base64.b64decode(authority).decode())
        # neither the metadata service nor a private API server lies behind a proxy.
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
        self.resources = {}

    def sign_in(self):
        query = urllib.parse.urlencode({'api-version': '2018-02-01', 'resource': AUDIENCE, 'client_id': self.client_id})
        request = urllib.request.Request(f'{METADATA}?{query}', headers={'Metadata': 'true'})
        with self.opener.open(request, timeout=30) as answer:
            self.token = json.load(answer)['access_token']

    def call(self, method, path, body=None, content_type='application/json', until_allowed=False):
        """The status and the body of an answer that says something about the request: 2xx, 400, 404, 409, 422, 500 and, unless it is waited for, 403."""
        start = time.monotonic()
        while True:
            try:
                if self.token is None:
                    self.sign_in()
                return self.once(method, path, body, content_type)
            except urllib.error.HTTPError as error:
                status, problem = error.code, message_of(error)
                if status in (400, 404, 409, 422) or status == 403 and not until_allowed or status == 500 and not is_passing(problem):
                    return status, problem
                if status == 401:
                    self.token = None
            except (OSError, ValueError, KeyError) as error:
                status, problem = 0, str(getattr(error, 'reason', error))
            if time.monotonic() - start > PATIENCE:
                raise Failure(f'{self.server} does not do its work: {problem}; see that this machine reaches it and that its identity has the role '
                              'Azure Kubernetes Service RBAC Cluster Admin there' if status in (0, 401, 403)
                              else f'{method} {path} is answered with status {status} again and again: {problem}')
            time.sleep(5)

    def once(self, method, path, body, content_type):
        data = None if body is None else json.dumps(body).encode()
        headers = {'Authorization': f'Bearer {self.token}', 'Accept': 'application/json', 'Content-Type': content_type}
        request = urllib.request.Request(self.server + path, data=data, method=method, headers=headers)
        with self.opener.open(request, timeout=60) as answer:
            return answer.status, json.loads(answer.read() or b'null')

    def resource(self, obj):
        """How the cluster serves a kind, or None as long as it does not."""
        version = obj['apiVersion']
        if (version, obj['kind']) not in self.resources:
            status, found = self.call('GET', base_of(version))
            for one in found['resources'] if status == 200 else []:
                if '/' not in one['name']:
                    self.resources[version, one['kind']] = one
        return self.resources.get((version, obj['kind']))

    def path(self, obj):
        """Where an object is; the place of a kind that a definition has just made may take moments to be there."""
        end = time.monotonic() + 60
        while (resource := self.resource(obj)) is None:
            if time.monotonic() > end:
                raise unknown_kind(obj)
            time.sleep(2)
        place = f'/namespaces/{quote(obj["metadata"]["namespace"])}' if resource['namespaced'] else ''
        return f'{base_of(obj["apiVersion"])}{place}/{resource["name"]}/{quote(obj["metadata"]["name"])}'

    def apply(self, obj):
        query = urllib.parse.urlencode({'fieldManager': MANAGER, 'force': 'true', 'fieldValidation': 'Strict'})
        status, answer = self.call('PATCH', f'{self.path(obj)}?{query}', obj, 'application/apply-patch+yaml')
        if status not in (200, 201):
            raise Failure(f'the cluster refuses {shown(obj)}: {answer}')

    def read(self, obj):
        status, found = self.call('GET', self.path(obj))
        if status not in (200, 404):
            raise Failure(f'{shown(obj)} cannot be read: {found}')
        return found if status == 200 else None

    def delete(self, obj, release):
        """Only what is the release's own still: whatever was made anew by others stays."""
        found = self.read(obj)
        if found is None or owner_of(found) != release:
            return False
        status, answer = self.call('DELETE', self.path(obj), {'propagationPolicy': 'Background', 'preconditions': {'uid': found['metadata']['uid']}})
        if status not in (200, 202, 404, 409):
            raise Failure(f'{shown(obj)} cannot be deleted: {answer}')
        return True


def is_passing(problem):
    """An object that cannot be read as one of its kind is answered with 500 too, and that for ever."""
    return any(word in problem for word in ('webhook', 'etcd', 'timeout', 'timed out', 'deadline'))


def message_of(error):
    try:
        return json.load(error)['message'][:900]
    except (ValueError, KeyError, TypeError, OSError):
        return error.reason


def base_of(version):
    return f'/apis/{version}' if '/' in version else f'/api/{version}'


def unknown_kind(obj):
    return Failure(f'the cluster knows no {obj["kind"]} of {obj["apiVersion"]}; deliver what defines it first')


def quote(text):
    return urllib.parse.quote(text, safe='')


def shown(obj):
    place = obj['metadata'].get('namespace')
    return f'{obj["kind"]} {place + "/" if place else ""}{obj["metadata"]["name"]}'


def owner_of(obj):
    return (obj['metadata'].get('annotations') or {}).get(RELEASE_KEY)


def rank(obj):
    kind = obj['kind']
    return len(ORDER) + 1 if kind in LAST else ORDER.index(kind) if kind in ORDER else len(ORDER)


def key(obj):
    # another version of a kind is the same object.
    return (obj['apiVersion'].rpartition('/')[0], obj['kind'], obj['metadata'].get('namespace'), obj['metadata']['name'])


def pack(value):
    return base64.b64encode(gzip.compress(json.dumps(value).encode(), mtime=0)).decode()


def unpack(text):
    return json.loads(gzip.decompress(base64.b64decode(text)))


def bare(obj):
    """What finds an object again."""
    names = {name: obj['metadata'][name] for name in ('name', 'namespace') if name in obj['metadata']}
    return {'apiVersion': obj['apiVersion'], 'kind': obj['kind'], 'metadata': names}
