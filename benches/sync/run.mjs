// Mirrors 100,000 messages (fetched, decoded, kept; then indexed) in turns with the official SDK, which fetches and
// decodes the same pages and keeps nothing, and with a bare socket. Then, with 20 ms before each answer, one
// conversation against a bare socket, and eight at once against one. Prints a line of JSON a figure; ends with 1 when
// one misses its goal.
//
//   npm ci --prefix tests/conformance && node benches/sync/run.mjs [ROUNDS]
import { execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ROUNDS = Number(process.argv[2] ?? 5);
const COUNT = 100_000;

/** Builds the bench and returns where it lies. */
function built() {
  const options = { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] };
  const lines = execFileSync('cargo', ['bench', '--bench', 'sync', '--no-run', '--message-format=json'], options);
  const parts = lines.trim().split('\n').map((line) => JSON.parse(line));
  return parts.find((part) => part.executable && part.target?.name === 'sync').executable;
}

const bench = built();
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const measured = (command, args) => JSON.parse(execFileSync(command, args.map(String), { encoding: 'utf8' }).trim().split('\n').at(-1));

/** Serves pages while `work` runs. */
async function serving(messages, conversations, delay, work) {
  const server = spawn(bench, ['serve', messages, conversations, delay].map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
  const { value: port } = await createInterface({ input: server.stdout })[Symbol.asyncIterator]().next();
  try { return work(Number(port)); } finally { server.kill(); }
}

const ours = (port, conversations, atOnce) => measured(bench, ['mirror', port, conversations, atOnce]);
const raw = (port) => measured(bench, ['raw', port]);
const sdk = (port) => measured('node', [fileURLToPath(new URL('sdk.mjs', import.meta.url)), port]);
const expect = (got, count) => { if (got.messages !== count) throw new Error(`${got.messages} messages instead of ${count}`); };

let missed = false;
function figure(name, ratio, goal, detail) {
  missed ||= ratio < goal;
  console.log(JSON.stringify({ name, ratio: Number(ratio.toFixed(3)), goal, met: ratio >= goal, detail }));
}

const rate = (n, seconds) => `${Math.round(n / seconds / 1000)}k/s`;
await serving(COUNT, 1, 0, (port) => {
  const runs = { ours: [], raw: [], sdk: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, one] of [['ours', () => ours(port, 1, 1)], ['raw', () => raw(port)], ['sdk', () => sdk(port)]]) {
      const got = one();
      expect(got, COUNT);
      runs[name].push(got);
    }
  }
  const of = (name, key = 'seconds') => median(runs[name].map((run) => run[key]));
  const [mine, indexed, floor, theirs] = [of('ours'), of('ours', 'indexed'), of('raw'), of('sdk')];
  figure('kept, against the SDK', theirs / mine, 10, `${rate(COUNT, mine)} against ${rate(COUNT, theirs)}`);
  figure('kept, against a bare socket', floor / mine, 0.45, `${rate(COUNT, mine)} against ${rate(COUNT, floor)}`);
  figure('indexed, against the SDK', theirs / indexed, 1.8, `${rate(COUNT, indexed)} against ${rate(COUNT, theirs)}`);
});
await serving(COUNT, 8, 20, (port) => {
  const runs = { one: [], eight: [], raw: [] };
  for (let round = 0; round < Math.min(ROUNDS, 3); round += 1) {
    for (const [name, one] of [['one', () => ours(port, 1, 1)], ['raw', () => raw(port)], ['eight', () => ours(port, 8, 8)]]) {
      const got = one();
      runs[name].push(got.messages / got.seconds);
    }
  }
  const [one, floor, eight] = ['one', 'raw', 'eight'].map((name) => median(runs[name]));
  figure('20 ms, one conversation, against a bare socket', one / floor, 0.95, `${Math.round(one)}/s against ${Math.round(floor)}/s`);
  figure('20 ms, eight at once, against one', eight / one, 7.5, `${Math.round(eight)}/s against ${Math.round(one)}/s`);
});
process.exitCode = missed ? 1 : 0;
