// The manifests of deploy/kubernetes against the schemas of Kubernetes and KEDA, and against what else must
// be true of them. Each rule is also shown a set of manifests that breaks it.
import assert from 'node:assert/strict';
import {readdirSync} from 'node:fs';
import {test} from 'node:test';
import {breakages} from './breakages.mjs';
import {Cluster} from './cluster.mjs';
import {facts} from './facts.mjs';
import {links} from './links.mjs';
import {parsed, render, root, text} from './render.mjs';
import {rules} from './rules.mjs';
import {schemaProblems} from './schemas.mjs';

const known = facts();
const every = {...rules, ...links};
const overlays = ['overlays/development', 'overlays/production'];
const rendered = Object.fromEntries(['base', 'keda', ...overlays].map(name => [name, render(name)]));

const nameOf = ({kind, metadata}) => `${kind} ${metadata.name}`;

for (const [name, objects] of Object.entries(rendered)) {
    test(`${name} is what the schemas say`, () => {
        assert.deepEqual(objects.flatMap(object => schemaProblems(object).map(problem => `${nameOf(object)}: ${problem}`)), []);
    });
    test(`${name} has no two objects of one name, and all of them in their namespace`, () => {
        const names = objects.map(nameOf);
        assert.deepEqual(names.filter((each, i) => names.indexOf(each) !== i), []);
        assert.deepEqual(objects.filter(({kind, metadata}) => kind !== 'Namespace' && metadata.namespace !== 'libra').map(nameOf), []);
    });
}

for (const overlay of overlays) {
    for (const [name, rule] of Object.entries(every)) {
        test(`${overlay}: ${name}`, () => assert.deepEqual(rule(new Cluster(rendered[overlay]), known), []));
    }
}

for (const {rule, what, change} of breakages) {
    test(`${rule} notices ${what}`, () => {
        const objects = structuredClone(rendered['overlays/production']);
        // A ConfigMap's name ends with a digest of what is in it.
        const named = name => new RegExp(`^${name}(-[a-z0-9]{10})?$`);
        change((kind, name) => objects.find(object => object.kind === kind && named(name).test(object.metadata.name)), objects);
        const problemsOf = set => rule === 'schemas' ? set.flatMap(schemaProblems) : every[rule](new Cluster(set), known);
        const before = problemsOf(rendered['overlays/production']);
        assert.notDeepEqual(problemsOf(objects).filter(problem => !before.includes(problem)), []);
    });
}

test('every rule is shown something that breaks it', () => {
    const shown = new Set(breakages.map(({rule}) => rule));
    assert.deepEqual(Object.keys(every).filter(rule => !shown.has(rule)), []);
});

// Their definitions are too large to be kept here; what is looked at is what our own pods need of them.
test('the operator examples make what the Secrets of the table are made of', () => {
    const [postgres] = render('examples/postgresql');
    assert.equal(`${postgres.apiVersion} ${postgres.kind}`, 'postgresql.cnpg.io/v1 Cluster');
    assert.ok(postgres.spec.instances > postgres.spec.postgresql.synchronous.number);
    assert.match(postgres.spec.imageName, /:\d+\.\d+/);
    assert.equal(postgres.spec.bootstrap.initdb.owner, 'libra');
    const most = Object.fromEntries(rendered['overlays/production']
        .filter(({kind}) => ['HorizontalPodAutoscaler', 'ScaledObject'].includes(kind))
        .map(({metadata, spec}) => [metadata.name, spec.maxReplicas ?? spec.maxReplicaCount]));
    assert.ok(Number(postgres.spec.postgresql.parameters.max_connections) >= 12 * (most.gateway + most.worker));

    const [rabbit] = render('examples/rabbitmq');
    assert.equal(`${rabbit.apiVersion} ${rabbit.kind}`, 'rabbitmq.com/v1beta1 RabbitmqCluster');
    assert.equal(rabbit.spec.replicas % 2, 1);
    assert.match(rabbit.spec.image, /:\d+\.\d+/);
});

test('the pod that files are restored with is one, and has the volumes of base', () => {
    const [, source] = /^kubectl .* apply -f - <<END\n(.*?)^END$/ms.exec(text('deploy/RUNBOOK.md'));
    const [pod] = parsed(source);
    assert.deepEqual(schemaProblems(pod), []);
    const claims = new Cluster(rendered.base).of('PersistentVolumeClaim').map(({metadata}) => metadata.name);
    assert.deepEqual(pod.spec.volumes.map(({persistentVolumeClaim}) => persistentVolumeClaim.claimName).sort(), claims.sort());
});

test('Prometheus asks all that the containers ask, under the same names', () => {
    const monitors = render('../observability').filter(({kind}) => kind === 'PodMonitor');
    const [{scrape_configs: jobs}] = parsed(text('deploy/observability/prometheus/prometheus.yml'));
    const names = monitors.flatMap(({spec}) => spec.podMetricsEndpoints.flatMap(({relabelings}) => relabelings));
    assert.deepEqual(names, jobs.map(({job_name}) => ({targetLabel: 'job', replacement: job_name})));

    const ours = monitors.filter(({spec}) => spec.namespaceSelector.matchNames.includes('libra'));
    assert.equal(ours.length, 2);
    for (const {metadata, spec} of ours) {
        const pods = rendered['overlays/production'].map(object => object.spec?.template).filter(template =>
            template && Object.entries(spec.selector.matchLabels).every(([name, value]) => template.metadata.labels?.[name] === value));
        const ports = pods.flatMap(pod => pod.spec.containers.flatMap(({ports = []}) => ports.map(({name}) => name)));
        assert.ok(spec.podMetricsEndpoints.every(({port}) => ports.includes(port)), metadata.name);
    }
});

test('Grafana has every dashboard', () => {
    const [dashboards] = render('../observability').filter(({kind}) => kind === 'ConfigMap');
    assert.deepEqual(Object.keys(dashboards.data), readdirSync(root + 'deploy/observability/grafana/dashboards').sort());
});
