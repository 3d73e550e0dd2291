// Whether an object is what Kubernetes, or the definition of a custom resource, says it may be. Fields that
// are not known are problems, too: the API server would drop them in silence.
import {createRequire} from 'node:module';
import Ajv from 'ajv';
import formats from 'ajv-formats';
import {parsed, text} from './render.mjs';

const require = createRequire(import.meta.url);

// The validators of kubernetes-models let fields pass that they do not know. They read each field they do
// know by its name, so a field that was never read is one that is not known.
function watched(value, path, seen) {
    if (value === null || typeof value !== 'object') return value;
    if (!seen.has(value)) seen.set(value, {path, read: new Set()});
    const {read} = seen.get(value);
    return new Proxy(value, {
        get(target, key) {
            read.add(key);
            const field = Reflect.get(target, key);
            return Object.hasOwn(target, key) ? watched(field, `${path}/${String(key)}`, seen) : field;
        },
    });
}

function problemsOfBuiltIn(object) {
    const version = object.apiVersion;
    let Model;
    try {
        Model = require(`kubernetes-models/${version}`)[object.kind];
    } catch {
        // named below
    }
    if (!Model) return [`there is no ${version} ${object.kind} in Kubernetes`];
    const seen = new Map();
    try {
        Model.prototype.validate.call(watched(new Model(object), '', seen));
    } catch (failure) {
        return [failure.message.replaceAll('\n', '; ')];
    }
    return [...seen].flatMap(([value, {path, read}]) =>
        Object.keys(value).filter(key => !read.has(key)).map(key => `${path}/${key} is no field`));
}

// Objects with named fields take no others.
function closed(schema) {
    if (Array.isArray(schema)) return schema.map(closed);
    if (schema === null || typeof schema !== 'object') return schema;
    const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
    if (copy.type === 'object' && copy.properties && !copy['x-kubernetes-preserve-unknown-fields']) {
        copy.additionalProperties ??= false;
    }
    return copy;
}

const custom = new Map();
for (const kind of ['scaledobjects', 'triggerauthentications']) {
    const [definition] = parsed(text(`tests/contract/kubernetes/crds/keda.sh_${kind}.yaml`));
    const {group, names, versions} = definition.spec;
    for (const version of versions) {
        const ajv = new Ajv({strict: false, allErrors: true});
        formats(ajv);
        for (const format of ['int32', 'int64']) ajv.addFormat(format, true);
        const schema = closed(version.schema.openAPIV3Schema);
        schema.properties.metadata = {type: 'object', required: ['name']};
        custom.set(`${group}/${version.name} ${names.kind}`, ajv.compile(schema));
    }
}

export function schemaProblems(object) {
    const name = `${object.apiVersion} ${object.kind}`;
    const validate = custom.get(name);
    if (!validate) return problemsOfBuiltIn(object);
    return validate(object) ? [] : validate.errors.map(error =>
        `${error.instancePath} ${error.message} ${error.params.additionalProperty ?? ''}`.trim());
}
