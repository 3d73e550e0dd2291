// node lint_openapi.mjs FILE: fails on anything that makes FILE a bad OpenAPI 3.1 document,
// its examples included.
import { createConfig, lint } from "@redocly/openapi-core";

const config = await createConfig({
  extends: ["recommended"],
  rules: {
    "info-license": "off", // nothing to say
    "operation-4xx-response": "off", // GET /health cannot be asked wrongly
    "no-unused-components": "off", // DiffMessage goes inside a string
    "no-invalid-media-type-examples": "error",
    "no-invalid-schema-examples": "error",
  },
});
const problems = await lint({ ref: process.argv[2], config });
for (const { severity, ruleId, message, location } of problems) {
  console.error(`${severity} ${ruleId} at ${location[0]?.pointer}: ${message}`);
}
process.exitCode = problems.length === 0 ? 0 : 1;
