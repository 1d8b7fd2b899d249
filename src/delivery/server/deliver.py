# Puts the objects of one release onto a cluster, by server-side apply: makes them, waits until they are ready, deletes those that the release no longer
# has, and goes back to the last good state if that fails. MODE=sweep removes whole releases.

# what has pods, and may be ready for a moment while they fail at their start: it has to be ready at so many looks in a row.
WORKLOADS = ('Deployment', 'StatefulSet', 'DaemonSet')
STEADY_LOOKS = 4


class Record:
    """What a release consists of: the objects of its last good state, and all that may be there beyond them. Kept in the cluster, as Helm does."""

    def __init__(self, cluster, namespace, release, owner=None):
        self.cluster, self.release, self.owner = cluster, f'{namespace}/{release}', owner
        self.secret = {'apiVersion': 'v1', 'kind': 'Secret', 'metadata': {'name': f'release.{release}', 'namespace': namespace}}

    def load(self):
        path = f'/api/v1/namespaces/{quote(self.secret["metadata"]["namespace"])}/secrets/{quote(self.secret["metadata"]["name"])}'
        status, found = self.cluster.call('GET', path, until_allowed=True)
        state = json.loads(base64.b64decode(found['data']['state'])) if status == 200 else {}
        self.good = unpack(state['good']) if state.get('good') else None
        self.touched = state.get('touched', [])

    def delete(self):
        self.cluster.delete(self.secret, self.release)

    def save(self):
        state = {'good': pack(self.good) if self.good is not None else None, 'touched': self.touched}
        self.cluster.apply({
            **self.secret,
            'metadata': {**self.secret['metadata'], 'labels': {OWNER_KEY: self.owner}, 'annotations': {RELEASE_KEY: self.release}},
            'type': RELEASE_KEY, 'data': {'state': base64.b64encode(json.dumps(state).encode()).decode()},
        })


def scopes_defined(objects):
    """Of the kinds that the objects themselves define: whether theirs lie in namespaces."""
    specs = [obj['spec'] for obj in objects if obj['kind'] == 'CustomResourceDefinition']
    return {(spec['group'], spec['names']['kind']): spec['scope'] == 'Namespaced' for spec in specs}


def prepared(cluster, objects, namespace, release):
    """The objects in their order, with the namespace that those without one get, and the mark by which their release is known."""
    scopes, made = scopes_defined(objects), []
    for obj in sorted(objects, key=rank):
        metadata = {**obj['metadata'], 'annotations': {**(obj['metadata'].get('annotations') or {}), RELEASE_KEY: release}}
        namespaced = scopes.get((obj['apiVersion'].rpartition('/')[0], obj['kind']))
        if namespaced is None:
            resource = cluster.resource(obj)
            if resource is None:
                raise unknown_kind(obj)
            namespaced = resource['namespaced']
        if namespaced:
            metadata.setdefault('namespace', namespace)
        else:
            metadata.pop('namespace', None)
        made.append({**obj, 'metadata': metadata})
    return made


def require_free(cluster, objects, record):
    """Nothing of others is taken over. What Helm is deleting in the same apply, after a change of the delivery, is waited for."""
    own = {key(obj) for obj in record.touched}
    end = time.monotonic() + PATIENCE
    for obj in objects:
        # a kind that the release is about to define has no objects yet.
        while key(obj) not in own and cluster.resource(obj) is not None:
            found = cluster.read(obj)
            if found is None or owner_of(found) == record.release:
                break
            leaving = 'meta.helm.sh/release-name' in (found['metadata'].get('annotations') or {}) or 'deletionTimestamp' in found['metadata']
            if not leaving or time.monotonic() > end:
                raise Failure(f'{shown(obj)} is there already, and not by this release but by {owner_of(found) or "somebody else"}; '
                              'delete it, or take it out of the chart')
            time.sleep(5)


def condition(obj, kind):
    return next((one for one in (obj.get('status') or {}).get('conditions') or [] if one['type'] == kind), {})


def unready(obj):
    """Why an object is not ready, or None. Fails for what will never be."""
    spec, status = obj.get('spec') or {}, obj.get('status') or {}
    kind, group = obj['kind'], obj['apiVersion'].rpartition('/')[0]
    if 'deletionTimestamp' in obj['metadata']:
        return 'being deleted'
    if (kind, group) in (('Deployment', 'apps'), ('StatefulSet', 'apps'), ('DaemonSet', 'apps')):
        if status.get('observedGeneration', 0) < obj['metadata'].get('generation', 0):
            return 'not looked at yet'
        if kind == 'DaemonSet':
            wanted, updated, ready = (status.get(name, 0) for name in ('desiredNumberScheduled', 'updatedNumberScheduled', 'numberReady'))
        else:
            wanted, updated, ready = spec.get('replicas', 1), status.get('updatedReplicas', 0), status.get('readyReplicas', 0)
        if updated < wanted or ready < wanted or status.get('replicas', wanted) > wanted and kind == 'Deployment':
            return f'{ready} of {wanted} ready, {updated} of them new'
    elif (kind, group) == ('Job', 'batch'):
        if condition(obj, 'Failed').get('status') == 'True':
            raise Failure(f'{shown(obj)} failed: {condition(obj, "Failed").get("message", "no reason given")}')
        if condition(obj, 'Complete').get('status') != 'True' and not spec.get('suspend'):
            return 'not complete'
    elif (kind, group) == ('Pod', ''):
        if status.get('phase') != 'Succeeded' and condition(obj, 'Ready').get('status') != 'True':
            return status.get('phase', 'Pending')
    elif (kind, group) == ('PersistentVolumeClaim', ''):
        if status.get('phase') != 'Bound':
            return status.get('phase', 'Pending')
    elif (kind, group) == ('Service', ''):
        if spec.get('type') == 'LoadBalancer' and not (status.get('loadBalancer') or {}).get('ingress'):
            return 'no address of the load balancer yet'
    elif kind == 'CustomResourceDefinition':
        if condition(obj, 'Established').get('status') != 'True':
            return 'not established'
    elif kind == 'APIService':
        if condition(obj, 'Available').get('status') != 'True':
            return 'not available'
    return None


def wait_until_ready(cluster, objects, end):
    looks = STEADY_LOOKS if any(obj['kind'] in WORKLOADS for obj in objects) else 1
    watched, steady = list(objects), 0
    while True:
        left = []
        for obj in watched:
            found = cluster.read(obj)
            why = 'not there' if found is None else unready(found)
            if why is not None:
                left.append((obj, found, why))
        steady = 0 if left else steady + 1
        if steady == looks:
            return
        if left and time.monotonic() > end:
            raise Failure('not ready in time: ' + '; '.join(f'{shown(obj)} ({why}{pods_of(cluster, found)})' for obj, found, why in left[:5]))
        waiting = [obj for obj, _, _ in left]
        watched = [obj for obj in watched if obj in waiting or obj['kind'] in WORKLOADS]
        time.sleep(2)


def pods_of(cluster, workload):
    """What keeps the pods of a workload from running, for whoever has to mend it."""
    labels = ((workload or {}).get('spec') or {}).get('selector') or {}
    labels = labels.get('matchLabels') if isinstance(labels, dict) else None
    if not labels or workload['kind'] == 'Job':
        return ''
    query = urllib.parse.urlencode({'labelSelector': ','.join(f'{name}={value}' for name, value in labels.items())})
    status, found = cluster.call('GET', f'/api/v1/namespaces/{quote(workload["metadata"]["namespace"])}/pods?{query}')
    reasons = []
    for pod in found['items'] if status == 200 else []:
        scheduled = condition(pod, 'PodScheduled')
        if scheduled.get('status') == 'False':
            reasons.append(scheduled.get('message', 'not scheduled'))
        pod_status = pod.get('status') or {}
        for container in (pod_status.get('initContainerStatuses') or []) + (pod_status.get('containerStatuses') or []):
            state = container.get('state') or {}
            waiting, ended = state.get('waiting') or {}, state.get('terminated') or (container.get('lastState') or {}).get('terminated')
            if ended and not container.get('ready') and ended['exitCode'] != 0:
                reasons.append(f'{container["name"]} ended with {ended["exitCode"]}')
            elif waiting.get('reason', 'PodInitializing') not in ('PodInitializing', 'ContainerCreating'):
                reasons.append(f'{container["name"]}: {waiting["reason"]} {waiting.get("message", "")[:200]}'.strip())
    return ', ' + '; '.join(sorted(set(reasons))[:3]) if reasons else ''


def put(cluster, objects, end):
    """In order; custom resources wait for their definitions."""
    for obj in objects:
        cluster.apply(obj)
        if obj['kind'] == 'CustomResourceDefinition':
            wait_until_ready(cluster, [obj], end)


def remove(cluster, objects, release):
    deleted = [obj for obj in sorted(objects, key=rank, reverse=True) if cluster.delete(obj, release)]
    end = time.monotonic() + PATIENCE
    for obj in deleted:
        while (found := cluster.read(obj)) is not None and owner_of(found) == release:
            if time.monotonic() > end:
                raise Failure(f'{shown(obj)} is still being deleted; look at its finalizers, then run this again')
            time.sleep(2)
    return len(deleted)


def without(objects, others):
    taken = {key(obj) for obj in others}
    return [obj for obj in objects if key(obj) not in taken]


def deliver(cluster, env):
    namespace, timeout = env['NAMESPACE'], int(env['TIMEOUT_SECONDS'])
    record = Record(cluster, namespace, env['RELEASE'], env['OWNER'])
    record.load()
    place = {'apiVersion': 'v1', 'kind': 'Namespace', 'metadata': {'name': namespace}}
    if cluster.read(place) is None:
        status, answer = cluster.call('POST', '/api/v1/namespaces', place)
        if status not in (201, 409):
            raise Failure(f'the namespace {namespace} cannot be made: {answer}')
    objects = prepared(cluster, unpack(env['MANIFESTS']), namespace, record.release)
    require_free(cluster, objects, record)
    before = record.good
    record.touched = [bare(obj) for obj in objects] + without(record.touched, objects)
    record.save()
    end = time.monotonic() + timeout
    try:
        put(cluster, objects, end)
        wait_until_ready(cluster, objects, end)
    except Failure as failure:
        raise Failure(f'{failure}; {go_back(cluster, record, before)}') from None
    gone = remove(cluster, without(record.touched, objects), record.release)
    record.good, record.touched = objects, [bare(obj) for obj in objects]
    record.save()
    print(f'{record.release}: {len(objects)} objects are ready, {gone} were deleted')


def go_back(cluster, record, before):
    try:
        put(cluster, before or [], time.monotonic() + 120)
        remove(cluster, without(record.touched, before or []), record.release)
        record.touched = [bare(obj) for obj in before or []]
        record.save()
        if before is None:
            record.delete()
    except Failure as failure:
        return f'and going back failed too: {failure}'
    return 'the release is as it was before' if before is not None else 'what was made of it is deleted'


def sweep(cluster, env):
    """Removes the releases of an owner that it no longer has."""
    wanted = set(json.loads(env['RELEASES']))
    query = urllib.parse.urlencode({'labelSelector': f'{OWNER_KEY}={env["OWNER"]}'})
    status, found = cluster.call('GET', f'/api/v1/secrets?{query}', until_allowed=True)
    if status != 200:
        raise Failure(f'the releases cannot be listed: {found}')
    for secret in found['items']:
        release = owner_of(secret)
        if release in wanted or secret.get('type') != RELEASE_KEY:
            continue
        state = json.loads(base64.b64decode(secret['data']['state']))
        gone = remove(cluster, state['touched'], release)
        remove(cluster, [{'apiVersion': 'v1', 'kind': 'Secret', 'metadata': secret['metadata']}], release)
        print(f'{release}: no longer wanted, {gone} objects were deleted')


def main():
    env = os.environ
    # one at a time: Azure may still run what an earlier apply began.
    lock = open(f'/run/{MANAGER}-{env.get("RELEASE", "sweep")}.lock', 'w')
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        cluster = Cluster(env['API_SERVER'], env['CLUSTER_CA'], env['IDENTITY_CLIENT_ID'])
        (sweep if env.get('MODE') == 'sweep' else deliver)(cluster, env)
        print('exit:0')
    except Failure as failure:
        print(f'FAILED: {failure}'[:3500])
        print('exit:1')
    except Exception as error:  # a command that fails in Azure's eyes may stick for ever, so that nothing may end it but its last line
        print(f'FAILED: an error of the script itself, {type(error).__name__}: {error}'[:3500])
        print('exit:1')


main()
