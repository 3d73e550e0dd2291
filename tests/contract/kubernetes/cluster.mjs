// The objects of one rendering, as the rules look at them.

const megabytes = {Ki: 1 / 1024, Mi: 1, Gi: 1024, Ti: 1024 * 1024};

export function mebibytes(quantity) {
    const [, number, unit] = /^(\d+)(Ki|Mi|Gi|Ti)$/.exec(quantity ?? '') ?? [];
    return number === undefined ? NaN : Number(number) * megabytes[unit];
}

export const matches = (selector, labels) =>
    Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
    (selector?.matchExpressions ?? []).every(({key, operator, values}) =>
        operator === 'In' && values.includes(labels[key]));

// Which of our programs a container runs; others are not ours to know.
const programs = {gateway: 'gateway', migrate: 'gateway', worker: 'worker', caddy: 'caddy', 'site-rules': 'site-rules'};

export class Cluster {
    constructor(objects) {
        this.objects = objects;
        this.workloads = objects.filter(object => object.spec?.template?.spec?.containers);
        this.containers = this.workloads.flatMap(workload => {
            const pod = workload.spec.template.spec;
            return [...(pod.initContainers ?? []), ...pod.containers].map(container => ({
                workload, pod, container, name: `${workload.metadata.name}/${container.name}`,
                program: programs[container.name],
                lasts: workload.kind !== 'Job',
                environment: this.environment(container),
            }));
        });
    }

    of(kind) {
        return this.objects.filter(object => object.kind === kind);
    }

    find(kind, name) {
        return this.of(kind).find(object => object.metadata.name === name);
    }

    // Names and values; what comes from elsewhere has no value.
    environment(container) {
        const found = {};
        for (const {configMapRef} of container.envFrom ?? []) {
            Object.assign(found, this.find('ConfigMap', configMapRef?.name)?.data);
        }
        for (const {name, value} of container.env ?? []) found[name] = value;
        return found;
    }

    podsOf(selector) {
        return this.workloads.filter(workload => matches(selector, workload.spec.template.metadata.labels));
    }

    portsOf(workload) {
        return workload.spec.template.spec.containers.flatMap(container => container.ports ?? []);
    }
}
