import { mkdirSync, writeFileSync } from "node:fs";

const major = process.versions.node.split(".")[0];
mkdirSync("dist", { recursive: true });
writeFileSync("dist/index.html", `<!doctype html><title>node-engines</title><h1>node-engines says Node ${major}</h1>`);
