// Our own client deletes; the vendor's SDK, signed in as the same user, hears of it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PASSWORD } from '../world.mjs';

const home = mkdtempSync(join(tmpdir(), 'manyou-home-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));

/** Runs a verb of the binary as `user`; gives exit code and what it printed. */
function manyou(world, user, args) {
  const { api, ws, app_key } = world.server;
  const flags = ['--api', api, '--ws', ws, '--app-key', app_key, '--user', user, '--lang', 'en', '--ndjson'];
  const env = { PATH: process.env.PATH, HOME: home, MANYOU_PASSWORD: PASSWORD };
  return new Promise((yes) => {
    execFile(world.binary, [...args, ...flags], { env }, (error, out, err) => yes({ code: error?.code ?? 0, out, err }));
  });
}

/** Four messages from bob, oldest first. */
async function said(world) {
  const bob = await world.device('bob');
  const sent = [];
  for (const msg of ['one', 'two', 'three', 'four']) sent.push(await bob.send({ type: 'txt', msg, to: 'alice', chatType: 'singleChat' }));
  return sent;
}

/** What alice still has, newest first. */
async function left(world) {
  const page = await (await world.device('alice')).call('getHistoryMessages', { targetId: 'bob', chatType: 'singleChat', pageSize: 50 });
  return page.messages;
}

async function deletes(world, args, fits) {
  const [alice, second] = [await world.device('alice'), await world.device('alice', 'second')];
  for (const device of [alice, second]) device.events.length = 0;
  const done = await manyou(world, 'alice', ['delete', ...args, '--yes']);
  assert.equal(done.code, 0, done.err);
  for (const device of [alice, second]) {
    const event = await device.until('onMultiDeviceEvent', fits);
    assert.equal(event.conversationId, 'bob');
    if (fits === roaming) assert.match(event.resource, /manyou/);
  }
}

const roaming = (event) => event.operation === 'deleteRoaming';

export const client = [
  { title: 'hears that our client deleted messages by id', run: async (world) => {
    const sent = await said(world);
    await deletes(world, ['messages', 'user:bob', '--ids', sent.slice(1, 3).join()], roaming);
    assert.deepEqual((await left(world)).slice(0, 2).map((m) => m.id), [sent[3], sent[0]]);
  } },
  { title: 'hears that our client deleted everything before a time', run: async (world) => {
    const sent = await said(world);
    const cut = (await left(world)).find((m) => m.id === sent[1]);
    await deletes(world, ['before', 'user:bob', String(cut.time)], roaming);
    assert.deepEqual((await left(world)).map((m) => m.id), [sent[3], sent[2]]);
  } },
  { title: 'hears that our client deleted a conversation and its history', run: async (world) => {
    await said(world);
    await deletes(world, ['conversation', 'user:bob', '--with-history'], world.newer ? (e) => e.operation === 'deleteConversation' : roaming);
    assert.deepEqual(await left(world), []);
  } },
];
