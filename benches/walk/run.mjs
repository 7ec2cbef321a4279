// Walks the demo's conversation of 20,000 messages with our client and with the official SDK (4.21.1, Node, one kept
// connection) in turns, against one `manyou serve --demo`. Prints a table and the ratio of the medians; ends with 1
// when ours takes more than a third.
//
//   npm ci --prefix tests/conformance && cargo build --release && node benches/walk/run.mjs [ROUNDS]
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { serve } from '../../tests/conformance/harness.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ROUNDS = Number(process.argv[2] ?? 7);
const [PEER, COUNT] = ['longtime', 20000];

/** Builds the bench and returns where it lies. */
function built() {
  const options = { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] };
  const lines = execFileSync('cargo', ['bench', '--bench', 'walk', '--no-run', '--message-format=json'], options);
  const parts = lines.trim().split('\n').map((line) => JSON.parse(line));
  return parts.find((part) => part.executable && part.target?.name === 'walk').executable;
}

const measured = (command, args) => JSON.parse(execFileSync(command, args, { encoding: 'utf8' }).trim().split('\n').at(-1));
const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
const pause = (ms) => new Promise((go) => { setTimeout(go, ms); });

const bench = built();
const server = await serve(process.env.MANYOU ?? `${ROOT}/target/release/manyou`, ['--demo']);
const { user_id: user, password } = server.users[0];
const address = `${server.api}/${server.app_key.replace('#', '/')}/token`;
const body = JSON.stringify({ grant_type: 'password', username: user, password });
const { access_token: token } = await (await fetch(address, { method: 'POST', body })).json();

const ours = () => measured(bench, [server.api, server.app_key, user, token, PEER]);
const theirs = () => measured('node', [fileURLToPath(new URL('sdk.mjs', import.meta.url)), server.api, server.ws, server.app_key, user, token, PEER]);

// The demo's old messages are made behind its front: the walk counts when all are there.
while (ours().messages < COUNT) await pause(500);
theirs();
const times = { ours: [], theirs: [] };
console.log('round    ours ms     SDK ms');
for (let round = 1; round <= ROUNDS; round += 1) {
  for (const [name, walk] of [['ours', ours], ['theirs', theirs]]) {
    const { messages, seconds } = walk();
    if (messages !== COUNT) throw new Error(`${name}: ${messages} messages instead of ${COUNT}`);
    times[name].push(seconds * 1000);
  }
  const cell = (name) => times[name].at(-1).toFixed(0).padStart(11);
  console.log(`${String(round).padStart(5)}${cell('ours')}${cell('theirs')}`);
}
server.stop();
const [mine, sdk] = [median(times.ours), median(times.theirs)];
console.log(`median${mine.toFixed(0).padStart(10)}${sdk.toFixed(0).padStart(11)}    ratio ${(mine / sdk).toFixed(3)} (goal 0.333)`);
process.exitCode = mine * 3 <= sdk ? 0 : 1;
