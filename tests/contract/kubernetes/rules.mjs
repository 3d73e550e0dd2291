// What must be true of the manifests beyond their schemas. A rule returns the problems it finds.
import {mebibytes} from './cluster.mjs';

const all = (items, problem) => items.flatMap(problem).filter(found => found);

function environmentIsRead({containers}, {defaults, reads}) {
    return all(containers.filter(each => each.program), ({name, program, environment}) =>
        Object.keys(environment).flatMap(variable => [
            !reads[program].has(variable) && `${name}: ${variable} is not read by ${program}`,
            program !== 'caddy' && !defaults.has(variable) && `${name}: README does not know ${variable}`,
        ]));
}

function portsAgree({containers, objects}, {defaults}) {
    const told = {gateway: 'PORT', worker: 'WORKER_HTTP_PORT', caddy: 'SITES_PORT'};
    const problems = all(containers.filter(({lasts, program}) => lasts && told[program]), each => {
        const port = Number(each.environment[told[each.program]] ?? defaults.get(told[each.program]));
        return !each.container.ports?.some(({containerPort}) => containerPort === port) &&
            `${each.name}: listens on ${port}, which is not its containerPort`;
    });
    const services = objects.filter(({kind}) => kind === 'Service');
    return problems.concat(all(containers.filter(({program}) => program === 'worker'), ({name, environment}) => {
        const {hostname, port} = new URL(environment.SITES_PROBE_URL);
        return !services.some(({metadata, spec}) => metadata.name === hostname &&
            spec.ports.some(each => each.port === Number(port))) && `${name}: no Service for SITES_PROBE_URL`;
    }));
}

function probesAsk({containers}) {
    return all(containers.filter(({lasts}) => lasts), ({name, program, container}) => {
        const kinds = ['startupProbe', 'livenessProbe', 'readinessProbe'];
        const ports = (container.ports ?? []).flatMap(port => [port.name, port.containerPort]);
        return [
            !container.readinessProbe && `${name}: no readiness probe`,
            program && !container.livenessProbe && `${name}: no liveness probe`,
            ...kinds.map(kind => container[kind]?.httpGet && !ports.includes(container[kind].httpGet.port) &&
                `${name}: ${kind} asks a port that is not there`),
            ['gateway', 'worker'].includes(program) && container.livenessProbe?.httpGet?.path !== '/livez' &&
                `${name}: liveness is not /livez`,
            ['gateway', 'worker'].includes(program) && container.readinessProbe?.httpGet?.path !== '/readyz' &&
                `${name}: readiness is not /readyz`,
        ];
    });
}

// Seconds that each program may need after its own grace: the last answers; a sandbox taken apart; Caddy's
// open answers; the drain of site-rules, which is fixed.
const afterwards = {gateway: 10, worker: 40, caddy: 15, 'site-rules': 10};
const usualGrace = {gateway: 15_000, worker: 20_000, caddy: 0, 'site-rules': 0};

function drainFits({containers}) {
    return all(containers.filter(({lasts, program}) => lasts && program), each => {
        const preStop = Number(each.container.lifecycle?.preStop?.exec?.command?.[1] ?? 0);
        const delay = Number(each.environment.SHUTDOWN_DELAY_MS ?? 0) / 1000;
        const grace = Number(each.environment.SHUTDOWN_GRACE_MS ?? usualGrace[each.program]) / 1000;
        const needed = preStop + delay + grace + afterwards[each.program];
        const given = each.pod.terminationGracePeriodSeconds ?? 30;
        return [
            given < needed && `${each.name}: is killed after ${given} s and may need ${needed} s`,
            ['gateway', 'caddy'].includes(each.program) && preStop + delay < 5 &&
                `${each.name}: stops before it is out of the endpoints`,
        ];
    });
}

function imagesArePinned({containers}) {
    return all(containers, ({name, container}) => {
        const tag = container.image.split('/').pop().split(/[:@]/)[1];
        return (!tag || tag === 'latest') && `${name}: the image ${container.image} has no version`;
    });
}

function resourcesAreSet({containers}) {
    return all(containers, ({name, container: {resources}}) =>
        ['requests.cpu', 'requests.memory', 'limits.memory'].map(path => {
            const [kind, what] = path.split('.');
            return !resources?.[kind]?.[what] && `${name}: no ${path}`;
        }));
}

function secretsAreElsewhere({objects, containers}) {
    const secret = /PASS|SECRET|KEY$|KEYS$|TOKEN|POSTGRES_URL|RABBITMQ_URL/;
    const credentials = /:\/\/[^/\s:]+:[^@\s]+@/;
    const found = (name, variable, value) =>
        (value !== undefined && secret.test(variable) || credentials.test(value ?? '')) &&
        `${name}: ${variable} is a secret in plain text`;
    return all(objects, ({kind, metadata, data}) => [
        kind === 'Secret' && `${metadata.name}: a Secret is in the tree`,
        ...(kind === 'ConfigMap' ? Object.entries(data).map(([key, value]) => found(metadata.name, key, value)) : []),
    ]).concat(all(containers, ({name, container}) =>
        (container.env ?? []).map(({name: variable, value}) => found(name, variable, value))));
}

// Who may be more than an ordinary user, and how.
const rights = {'worker/worker': 'privileged', 'migrate/volumes': 'owner'};

function rightsAreFew({workloads, containers, objects}) {
    return all(objects.filter(({kind}) => kind === 'ServiceAccount'), ({metadata, ...account}) =>
        account.automountServiceAccountToken !== false && `${metadata.name}: a token is mounted`
    ).concat(all(workloads, ({metadata, spec: {template: {spec}}}) => [
        spec.automountServiceAccountToken !== false && `${metadata.name}: a token is mounted`,
        (spec.hostNetwork || spec.hostPID || spec.hostIPC || spec.volumes?.some(volume => volume.hostPath)) &&
            `${metadata.name}: shares the host's network, processes or files`,
    ])).concat(all(containers, ({name, pod, container}) => {
        const context = {...pod.securityContext, ...container.securityContext};
        const {privileged, allowPrivilegeEscalation, capabilities = {}} = context;
        if (rights[name] === 'privileged') return [];
        return [
            privileged && `${name}: privileged`,
            allowPrivilegeEscalation !== false && `${name}: may gain privileges`,
            !capabilities.drop?.includes('ALL') && `${name}: keeps capabilities`,
            context.seccompProfile?.type !== 'RuntimeDefault' && `${name}: no seccomp profile`,
            rights[name] !== 'owner' && (!context.runAsNonRoot || capabilities.add) && `${name}: may be root`,
        ];
    }));
}

function disksAreRight({containers}) {
    const claim = ({pod, container, workload}, path) => {
        const mount = container.volumeMounts.find(({mountPath}) => mountPath === path);
        const template = workload.spec.volumeClaimTemplates?.find(({metadata}) => metadata.name === mount?.name);
        return template ?? pod.volumes.find(({name}) => name === mount?.name)?.persistentVolumeClaim?.claimName;
    };
    const placesOf = each => ({
        objects: each.environment.OBJECT_STORE_URL?.replace('file://', ''), sites: each.environment.SITES_ROOT});
    const long = containers.filter(({lasts, program}) => lasts && program);
    return all(long, each => Object.entries(placesOf(each)).map(([what, path]) =>
        path && claim(each, path) !== what && `${each.name}: ${path} is not the shared volume ${what}`
    )).concat(all(long.filter(({program}) => program === 'worker'), each => {
        const {SANDBOX_MEMORY_MB, SANDBOX_DISK_MB, CACHE_MAX_MB, WORK_ROOT} = each.environment;
        const work = claim(each, WORK_ROOT);
        return [
            each.workload.kind !== 'StatefulSet' && `${each.name}: has no lasting name`,
            !work?.spec && `${each.name}: WORK_ROOT is not a disk of its own`,
            !(mebibytes(work?.spec?.resources.requests.storage) >= Number(CACHE_MAX_MB) + 2 * SANDBOX_DISK_MB) &&
                `${each.name}: WORK_ROOT has no room for CACHE_MAX_MB and two of SANDBOX_DISK_MB`,
            !(mebibytes(each.container.resources?.limits?.memory) >= Number(SANDBOX_MEMORY_MB) + 512) &&
                `${each.name}: a build of SANDBOX_MEMORY_MB does not fit into its memory`,
        ];
    }));
}

function scalersAgree({objects, containers}, {defaults}) {
    const fleet = containers.find(({program}) => program === 'worker').environment;
    const most = Number(fleet.MAX_CONCURRENT_DEPLOYMENTS ?? defaults.get('MAX_CONCURRENT_DEPLOYMENTS'));
    const queue = fleet.DEPLOYMENT_QUEUE_NAME ?? defaults.get('DEPLOYMENT_QUEUE_NAME');
    const scalers = objects.filter(({kind}) => ['HorizontalPodAutoscaler', 'ScaledObject'].includes(kind));
    return all(scalers, ({kind, metadata: {name}, spec}) => {
        const {scaleTargetRef: target} = spec;
        const workload = objects.find(each => each.kind === target.kind && each.metadata.name === target.name);
        const trigger = spec.triggers?.[0].metadata;
        return [
            workload?.spec.replicas !== undefined && `${name}: its target has a number of replicas of its own`,
            !((spec.minReplicas ?? spec.minReplicaCount) >= 1) && `${name}: may be none`,
            trigger && spec.maxReplicaCount > most && `${name}: more workers than MAX_CONCURRENT_DEPLOYMENTS`,
            trigger && trigger.queueName !== queue && `${name}: watches another queue than DEPLOYMENT_QUEUE_NAME`,
            trigger && (trigger.protocol !== 'http' || trigger.excludeUnacknowledged === 'true') &&
                `${name}: does not count what is being worked on`,
        ];
    });
}

export const rules = {
    environmentIsRead, portsAgree, probesAsk, drainFits, imagesArePinned, resourcesAreSet, secretsAreElsewhere,
    rightsAreFew, disksAreRight, scalersAgree,
};
