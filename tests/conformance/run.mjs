#!/usr/bin/env node
// node run.mjs MANYOU [--record DIR] [--only WORD] [--sdk VERSION]: the vendor's SDKs against `MANYOU serve`; one `ok` line a story.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Device, within } from './harness.mjs';
import { Record } from './record.mjs';
import { stories } from './stories.mjs';
import { prepare } from './world.mjs';

const args = process.argv.slice(2);
const option = (name) => (args.includes(name) ? args.splice(args.indexOf(name), 2)[1] : undefined);
const [record, only, sdk] = [option('--record'), option('--only'), option('--sdk')];
const binary = args[0];
if (!binary) {
  console.error('usage: node run.mjs MANYOU [--record DIR] [--only WORD] [--sdk VERSION]');
  process.exit(2);
}

const note = new Record();
let [number, failed] = [0, 0];

async function tell(title, story) {
  if (only && !title.includes(only)) return;
  number += 1;
  try {
    await within(20000, title, story());
    console.log(`ok ${number} - ${title}`);
  } catch (e) {
    failed += 1;
    console.log(`not ok ${number} - ${title}`);
    console.log(`# ${String(e?.stack ?? e).replaceAll('\n', '\n# ')}`);
  }
}

for (const version of ['4.1.2', '4.21.1'].filter((v) => !sdk || v === sdk)) {
  const world = await prepare(binary, version, note);
  for (const { title, versions, run } of stories) {
    if (!versions || versions.includes(version)) await tell(`${version} ${title}`, () => run(world));
  }
  await world.end();
}
console.log(`1..${number}`);
if (record) {
  mkdirSync(record, { recursive: true });
  writeFileSync(join(record, 'requests.jsonl'), note.requests());
  writeFileSync(join(record, 'messages.jsonl'), note.messages());
}
Device.all.forEach((device) => device.stop());
process.exit(failed ? 1 : 0);
