// getHistoryMessages and removeHistoryMessages.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Admin, Device, serve } from '../harness.mjs';
import { PASSWORD } from '../world.mjs';

const single = (more = {}) => ({ targetId: 'bob', chatType: 'singleChat', ...more });
const ids = (page) => page.messages.map((m) => m.id);

async function all(world, alice, more) {
  const got = [];
  for (let cursor = -1, turns = 0; turns < 20; turns += 1) {
    const page = await world.call(alice, 'getHistoryMessages', [single({ cursor, ...more })]);
    got.push(...ids(page));
    if (!page.messages.length || page.isLast || page.cursor === 'undefined' || !page.cursor) break;
    cursor = page.cursor;
  }
  return got;
}

export const history = [
  { title: 'history starts with the newest twenty', run: async (world) => {
    const page = await world.call(await world.device('alice'), 'getHistoryMessages', [single()]);
    assert.deepEqual(ids(page), world.old.slice(-20).reverse());
    assert.deepEqual([page.messages[0].from, page.messages[0].to, page.messages[0].msg], ['alice', 'bob', 'old 59']);
  } },
  ...[1, 7, 50].map((pageSize) => ({ title: `history pages up by ${pageSize}`, run: async (world) => {
    const got = await all(world, await world.device('alice'), { pageSize });
    assert.deepEqual(got, world.old.toReversed().slice(0, got.length));
    assert.ok(got.length === (pageSize === 1 ? 20 : 60), `${got.length} messages`);
  } })),
  { title: 'history pages down', run: async (world) => {
    const got = await all(world, await world.device('alice'), { pageSize: 25, searchDirection: 'down' });
    assert.deepEqual(got, world.old);
  } },
  { title: 'the peer sees the same history', run: async (world) => {
    const bob = await world.device('bob');
    const page = await world.call(bob, 'getHistoryMessages', [{ targetId: 'alice', chatType: 'singleChat', pageSize: 50 }]);
    assert.equal(page.messages.length, 50);
  } },
  { title: 'history of an unknown peer and of a room is empty', run: async (world) => {
    const alice = await world.device('alice');
    for (const [targetId, chatType] of [['stranger', 'singleChat'], ['999', 'chatRoom'], [world.group, 'groupChat']]) {
      const page = await world.call(alice, 'getHistoryMessages', [{ targetId, chatType }], `getHistoryMessages.${chatType}`);
      assert.deepEqual(page.messages, []);
    }
  } },
  { title: 'fifty-one a page is refused', versions: ['4.21.1'], run: async (world) => {
    const alice = await world.device('alice');
    await assert.rejects(alice.call('getHistoryMessages', single({ pageSize: 51 })), /pull number cannot be greater/);
  } },
  { title: 'history that is not switched on is said to be so', versions: ['4.21.1'], run: async (world) => {
    const folder = mkdtempSync(join(tmpdir(), 'manyou-'));
    writeFileSync(join(folder, 'limits.json'), '{"history": false}');
    const server = await serve(world.binary, ['--limits', join(folder, 'limits.json')]);
    try {
      const admin = await new Admin(server).signIn();
      await admin.call('POST', '/users', { username: 'alice', password: PASSWORD });
      const alice = await Device.start(world.version, server);
      await alice.open({ user: 'alice', pwd: PASSWORD });
      await assert.rejects(alice.call('getHistoryMessages', single()), (e) => e.type === 505);
      alice.stop();
    } finally {
      server.stop();
      rmSync(folder, { recursive: true });
    }
  } },
  { title: 'history is filtered by time and kind', versions: ['4.21.1'], run: async (world) => {
    const alice = await world.device('alice');
    const between = { startTime: world.start + 10000, endTime: world.start + 19000 };
    const page = await world.call(alice, 'getHistoryMessages', [single({ pageSize: 50, searchOptions: { ...between, msgTypes: ['txt', 'img'] } })], 'getHistoryMessages.filter');
    assert.deepEqual(ids(page), world.old.slice(10, 20).reverse());
    const none = await alice.call('getHistoryMessages', single({ searchOptions: { msgTypes: ['video'] } }));
    assert.deepEqual(none.messages, []);
  } },
  { title: 'messages removed by id are gone for one side, and the other device hears of it', run: async (world) => {
    const [alice, second] = [await world.device('alice'), await world.device('alice', 'second')];
    await world.call(alice, 'removeHistoryMessages', [single({ messageIds: world.old.slice(-3) })], 'removeHistoryMessages.ids');
    const event = await second.until('onMultiDeviceEvent', (e) => e.operation === 'deleteRoaming');
    assert.equal(event.conversationId, 'bob');
    const mine = await alice.call('getHistoryMessages', single({ pageSize: 1 }));
    const theirs = await (await world.device('bob')).call('getHistoryMessages', { targetId: 'alice', chatType: 'singleChat', pageSize: 1 });
    assert.deepEqual([ids(mine), ids(theirs)], [[world.old.at(-4)], [world.old.at(-1)]]);
    assert.ok(!alice.events.some((e) => e.event === 'onMultiDeviceEvent'), 'the deleting device heard of it');
  } },
  { title: 'messages removed by time are gone up to it', run: async (world) => {
    const [alice, second] = [await world.device('alice'), await world.device('alice', 'second')];
    await world.call(alice, 'removeHistoryMessages', [single({ beforeTimeStamp: world.start + 9000 })], 'removeHistoryMessages.time');
    await second.until('onMultiDeviceEvent', (e) => e.operation === 'deleteRoaming');
    const got = await alice.call('getHistoryMessages', single({ pageSize: 1, searchDirection: 'down', cursor: -1 }));

    assert.deepEqual(ids(got), [world.old[10]]);
  } },
];
