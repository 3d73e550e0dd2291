// find_node.js NPM PACKAGE RANGE: which Node fits RANGE, by npm's own rules, as one line of JSON. NPM is
// the file that npm is started by; PACKAGE holds builds of Node. Asks the registry only if the Node that
// runs this does not fit. An empty RANGE fits everything; `latest` is the newest that there is.
const { execFileSync } = require("node:child_process");
const { createRequire } = require("node:module");
const [npm, name, wanted] = process.argv.slice(1);
const ofNpm = createRequire(npm);
const semver = ofNpm("semver");
const { version, engines } = ofNpm("../package.json");
const own = process.versions.node;

function answer() {
  const range = wanted === "latest" ? "*" : semver.validRange(wanted);
  if (range === null) return { unreadable: true };
  if (wanted !== "latest" && semver.satisfies(own, range)) return { node: own, npmRuns: true };
  const listed = JSON.parse(execFileSync(process.execPath, [npm, "view", name, "versions", "--json"]));
  const versions = [].concat(listed).filter((each) => semver.valid(each) && !semver.prerelease(each));
  const node = semver.maxSatisfying(versions, range);
  if (node === null) return { newest: semver.rsort(versions)[0] };
  return { node, npmRuns: semver.satisfies(node, engines?.node ?? "*") };
}

console.log(JSON.stringify({ own, npm: version, ...answer() }));
