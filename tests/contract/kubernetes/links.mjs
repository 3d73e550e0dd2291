// Rules about what one object says of another: names, labels, who may talk to whom.
import {matches} from './cluster.mjs';

const all = (items, problem) => items.flatMap(problem).filter(found => found);

function namesResolve(cluster, {secrets}) {
    const missing = (from, kind, name) => !cluster.find(kind, name) && `${from}: there is no ${kind} ${name}`;
    const key = (from, name, entry) => !secrets.get(name)?.has(entry) &&
        `${from}: deploy/kubernetes/README.md knows no Secret ${name} with ${entry}`;
    const backends = ({spec}) => [spec.defaultBackend, ...(spec.rules ?? []).flatMap(({http}) =>
        http.paths.map(({backend}) => backend))].filter(backend => backend);
    return all(cluster.containers, ({name, container, pod}) => [
        ...(container.envFrom ?? []).map(({configMapRef}) => missing(name, 'ConfigMap', configMapRef.name)),
        ...(container.env ?? []).map(({valueFrom}) => valueFrom?.secretKeyRef &&
            key(name, valueFrom.secretKeyRef.name, valueFrom.secretKeyRef.key)),
        ...(container.env ?? []).map(({valueFrom: {configMapKeyRef: map} = {}}) => map &&
            cluster.find('ConfigMap', map.name)?.data[map.key] === undefined && `${name}: no ${map.name} ${map.key}`),
        ...(container.volumeMounts ?? []).map(mount => !pod.volumes?.some(({name: volume}) => volume === mount.name) &&
            !cluster.workloads.some(({spec}) => spec.volumeClaimTemplates?.some(({metadata}) =>
                metadata.name === mount.name)) && `${name}: there is no volume ${mount.name}`),
    ]).concat(all(cluster.workloads, ({metadata: {name}, spec}) => [
        spec.template.spec.serviceAccountName && missing(name, 'ServiceAccount', spec.template.spec.serviceAccountName),
        spec.serviceName && missing(name, 'Service', spec.serviceName),
        ...(spec.template.spec.volumes ?? []).flatMap(({configMap, persistentVolumeClaim}) => [
            configMap && missing(name, 'ConfigMap', configMap.name),
            persistentVolumeClaim && missing(name, 'PersistentVolumeClaim', persistentVolumeClaim.claimName),
        ]),
    ])).concat(all(cluster.of('Ingress'), ingress => [
        ingress.spec.rules && !ingress.spec.tls?.length && `${ingress.metadata.name}: no TLS`,
        ...(ingress.spec.tls ?? []).flatMap(({secretName}) =>
            ['tls.crt', 'tls.key'].map(entry => key(ingress.metadata.name, secretName, entry))),
        ...backends(ingress).map(({service: {name, port}}) =>
            !cluster.find('Service', name)?.spec.ports.some(each => each.name === port.name) &&
            `${ingress.metadata.name}: there is no Service ${name} with ${port.name}`),
    ])).concat(all(cluster.objects.filter(({spec}) => spec?.scaleTargetRef), ({metadata, spec}) => [
        missing(metadata.name, spec.scaleTargetRef.kind, spec.scaleTargetRef.name),
        ...(spec.triggers ?? []).map(({authenticationRef}) =>
            missing(metadata.name, 'TriggerAuthentication', authenticationRef?.name)),
    ])).concat(all(cluster.of('TriggerAuthentication'), ({metadata, spec}) =>
        spec.secretTargetRef.map(({name, key: entry}) => key(metadata.name, name, entry))));
}

function customDomainsAreServed(cluster) {
    const byAll = ({spec}) => !spec.rules && spec.defaultBackend?.service.name === 'static-host';
    return cluster.of('Ingress').some(byAll) ? [] : ['no Ingress without rules leads to the static host'];
}

function selectorsMatch(cluster) {
    const some = (from, selector) => !cluster.podsOf(selector).length && `${from}: selects no pod`;
    return all(cluster.workloads.filter(({spec}) => spec.selector), ({metadata: {name}, spec}) => {
        const {labels} = spec.template.metadata;
        const pod = spec.template.spec;
        const own = [...(pod.topologySpreadConstraints ?? []),
            ...(pod.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [])];
        return [
            !matches(spec.selector, labels) && `${name}: its selector is not for its own pods`,
            ...own.map(({labelSelector}) => !matches(labelSelector, labels) && `${name}: spreads other pods than its own`),
        ];
    }).concat(all(cluster.of('Service'), ({metadata: {name}, spec}) => {
        const pods = cluster.podsOf({matchLabels: spec.selector});
        return [
            !pods.length && `${name}: selects no pod`,
            ...spec.ports.map(({targetPort}) => !pods.every(pod => cluster.portsOf(pod).some(port =>
                [port.name, port.containerPort].includes(targetPort))) && `${name}: no pod has the port ${targetPort}`),
        ];
    })).concat(all(cluster.of('PodDisruptionBudget'), ({metadata, spec}) => some(metadata.name, spec.selector)));
}

function disruptionsAreBounded(cluster) {
    return all(cluster.workloads.filter(({metadata}) => ['gateway', 'worker', 'static-host'].includes(metadata.name)),
        ({metadata: {name}, spec}) => [
            !cluster.of('PodDisruptionBudget').some(budget => matches(budget.spec.selector, spec.template.metadata.labels)) &&
                `${name}: no PodDisruptionBudget`,
            !spec.template.spec.topologySpreadConstraints?.length && `${name}: no topology spread`,
        ]);
}

function policiesAreWhole(cluster) {
    const policies = cluster.of('NetworkPolicy');
    const closing = policies.some(({spec}) => !Object.keys(spec.podSelector).length && !spec.ingress && !spec.egress &&
        spec.policyTypes?.includes('Ingress') && spec.policyTypes.includes('Egress'));
    const peersOf = ({spec}) => [...(spec.ingress ?? []).flatMap(({from}) => from ?? [undefined]),
        ...(spec.egress ?? []).flatMap(({to}) => to ?? [undefined])];
    return [!closing && 'nothing is denied by default'].filter(found => found).concat(
        all(policies, policy => {
            const {metadata: {name}, spec} = policy;
            const pods = cluster.podsOf(spec.podSelector);
            const wished = spec.podSelector.matchExpressions?.[0]?.values ?? [];
            return [
                !pods.length && `${name}: selects no pod`,
                ...wished.map(component => !pods.some(({metadata}) => metadata.name === component) &&
                    `${name}: there is no ${component}`),
                ...peersOf(policy).map(peer => peer === undefined ? `${name}: opens to everybody`
                    : peer.podSelector && !peer.namespaceSelector && !cluster.podsOf(peer.podSelector).length &&
                        `${name}: names a peer that is not there`),
                ...(spec.ingress ?? []).flatMap(({ports}) => (ports ?? []).map(({port}) =>
                    !pods.every(pod => cluster.portsOf(pod).some(each => each.containerPort === port)) &&
                    `${name}: opens ${port}, where nobody listens`)),
            ];
        }));
}

// What has to be possible, and what must not be.
const ways = [
    ['worker', 'static-host', 8080, true], ['static-host', 'gateway', 3008, false], ['gateway', 'worker', 9464, false],
    ['worker', 'gateway', 3008, false],
];

function onlyTheseTalk(cluster) {
    const labels = name => cluster.workloads.find(({metadata}) => metadata.name === name).spec.template.metadata.labels;
    const open = (direction, side, from, to, port) => cluster.of('NetworkPolicy').some(({spec}) =>
        matches(spec.podSelector, labels(from)) && (spec[direction] ?? []).some(rule =>
            rule.ports?.some(each => each.port === port) && rule[side]?.some(peer =>
                peer.podSelector && !peer.namespaceSelector && matches(peer.podSelector, labels(to)))));
    return all(ways, ([from, to, port, allowed]) => {
        const possible = open('egress', 'to', from, to, port) && open('ingress', 'from', to, from, port);
        return possible !== allowed && `${from} can${possible ? '' : 'not'} reach ${to} on ${port}`;
    });
}

function buildsStayOutside(cluster) {
    const closed = ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'];
    const blocks = cluster.of('NetworkPolicy').flatMap(({metadata, spec}) => (spec.egress ?? []).flatMap(({to}) =>
        (to ?? []).filter(({ipBlock}) => ipBlock).map(({ipBlock}) => ({name: metadata.name, ...ipBlock}))));
    const isPublic = ({cidr}) => cidr === '0.0.0.0/0';
    return [!blocks.some(isPublic) && 'builds do not reach the public internet'].filter(found => found).concat(
        all(blocks.filter(isPublic), ({name, except = []}) =>
            closed.map(network => !except.includes(network) && `${name}: opens the private network ${network}`)));
}

export const links = {
    namesResolve, customDomainsAreServed, selectorsMatch, disruptionsAreBounded, policiesAreWhole, onlyTheseTalk,
    buildsStayOutside,
};
