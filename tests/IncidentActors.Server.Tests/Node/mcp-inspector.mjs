// The official inspector's command line works everything; each call is a process of its own. Arguments: http|stdio, address, folder of the tests.
import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { work } from "./everything.mjs";

const [kind, address, folder] = process.argv.slice(2);
const program = createRequire(import.meta.url).resolve("@modelcontextprotocol/inspector/package.json").replace("package.json", "clients/launcher/build/index.js");
const home = mkdtempSync(join(tmpdir(), "inspector-"));

function target(handle) {
  if (kind === "http") return [`${new URL("/mcp?tools=all", address)}`, "--transport", "http", "--header", `X-Agent: ${handle}`];
  const config = join(home, `${handle.slice(1)}.json`);
  const args = [`${folder}/incident.dll`, "mcp", "--server", address, "--agent", handle, "--tools", "all"];
  writeFileSync(config, JSON.stringify({ mcpServers: { incidentactors: { command: "dotnet", args } } }));
  return ["--config", config, "--server", "incidentactors"];
}

// A tool's refusal is a result too; the inspector ends with 5 then.
function inspect(handle, ...method) {
  const args = [program, "--cli", ...target(handle), "-q", "--format", "json", ...method];
  return new Promise((resolve, reject) => execFile(process.execPath, args, { env: { ...process.env, HOME: home }, maxBuffer: 1 << 26 }, (error, output, errors) =>
    error && error.code !== 5 ? reject(new Error(`${method.join(" ")} ended with ${error.code}: ${errors}`)) : resolve(JSON.parse(output).result)));
}

const said = await work({
  call: (handle, name, args) => inspect(handle, "--method", "tools/call", "--tool-name", name, "--tool-args-json", JSON.stringify(args)),
  tools: async handle => (await inspect(handle, "--method", "tools/list", "--strict")).tools, // fails where a schema is wrong
}, folder);
const { prompts } = await inspect("@pm", "--method", "prompts/list");
const { messages } = await inspect("@pm", "--method", "prompts/get", "--prompt-name", "work-as-dev");
const { contents } = await inspect("@pm", "--method", "resources/read", "--uri", `incidentactors://incidents/${said.incident}/report`);
console.log(JSON.stringify({ ...said, prompts: { ...Object.fromEntries(prompts.map(({ name }) => [name, ""])), "work-as-dev": messages[0].content.text }, report: contents[0].text }));
