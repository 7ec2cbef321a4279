// The conversation list, pins and marks, deleteConversation, and what the other device hears.
import assert from 'node:assert/strict';

const NEWER = ['4.21.1'];
const bob = { conversationId: 'bob', conversationType: 'singleChat' };
const listed = async (alice) => (await alice.call('getConversationlist')).data.channel_infos.map((c) => c.channel_id);
const has = (channels, name) => channels.some((c) => c.includes(name));

export const conversations = [
  { title: 'the list names its conversations and last messages', run: async (world) => {
    const list = await world.call(await world.device('alice'), 'getConversationlist');
    const entry = list.data.channel_infos.find((c) => c.channel_id.includes('bob'));
    assert.equal(typeof entry.unread_num, 'number');
    assert.ok(entry.lastMessage.time > world.start);
  } },
  { title: 'the paged list has the same conversations', versions: NEWER, run: async (world) => {
    const alice = await world.device('alice');
    const list = await world.call(alice, 'getServerConversations', [{ pageSize: 1, cursor: '' }]);
    const next = await alice.call('getServerConversations', { pageSize: 50, cursor: list.data.cursor });
    const ids = [...list.data.conversations, ...next.data.conversations].map((c) => c.conversationId);
    assert.ok(ids.includes('bob') && ids.includes(world.group), ids.join());
    assert.equal(new Set(ids).size, ids.length);
  } },
  { title: 'a pinned conversation is listed and heard of', versions: NEWER, run: async (world) => {
    const [alice, second] = [await world.device('alice'), await world.device('alice', 'second')];
    await world.call(alice, 'pinConversation', [{ ...bob, isPinned: true }], 'pinConversation.on');
    await second.until('onMultiDeviceEvent', (e) => e.operation === 'pinnedConversation');
    const pinned = await world.call(alice, 'getServerPinnedConversations', [{ pageSize: 20, cursor: '' }]);
    assert.deepEqual(pinned.data.conversations.map((c) => [c.conversationId, c.isPinned]), [['bob', true]]);
    await world.call(alice, 'pinConversation', [{ ...bob, isPinned: false }], 'pinConversation.off');
    await second.until('onMultiDeviceEvent', (e) => e.operation === 'unpinnedConversation');
  } },
  { title: 'a mark is found again and heard of', versions: NEWER, run: async (world) => {
    const [alice, second] = [await world.device('alice'), await world.device('alice', 'second')];
    await world.call(alice, 'addConversationMark', [{ conversations: [bob], mark: 3 }]);
    const event = await second.until('onMultiDeviceEvent', (e) => e.operation === 'markConversation');
    assert.equal(event.conversationMark, 3);
    const marked = await world.call(alice, 'getServerConversationsByFilter', [{ pageSize: 10, cursor: '', filter: { mark: 3 } }]);
    assert.deepEqual(marked.data.conversations.map((c) => c.conversationId), ['bob']);
    await world.call(alice, 'removeConversationMark', [{ conversations: [bob], mark: 3 }]);
    await second.until('onMultiDeviceEvent', (e) => e.operation === 'unMarkConversation');
  } },
  { title: 'a pinned message is listed and the peer hears of it', versions: NEWER, run: async (world) => {
    const [alice, peer] = [await world.device('alice'), await world.device('bob')];
    const messageId = await alice.send({ type: 'txt', msg: 'pin me', to: 'bob', chatType: 'singleChat' });
    await world.call(alice, 'pinMessage', [{ ...bob, messageId }]);
    await peer.until('onMessagePinEvent', (e) => e.operation === 'pin' && e.messageId === messageId);
    const pins = await world.call(alice, 'getServerPinnedMessages', [{ ...bob, pageSize: 10, cursor: '' }]);
    assert.equal(pins.data.list[0].message.id, messageId);
    await world.call(alice, 'unpinMessage', [{ ...bob, messageId }]);
  } },
  { title: 'a conversation deleted without its history comes back with the next message', run: async (world) => {
    const [alice, second, peer] = [await world.device('alice'), await world.device('alice', 'second'), await world.device('bob')];
    await world.call(alice, 'deleteConversation', [{ channel: 'bob', chatType: 'singleChat', deleteRoam: false }]);
    assert.ok(!has(await listed(alice), 'bob'));
    if (world.newer) await second.until('onMultiDeviceEvent', (e) => e.operation === 'deleteConversation' && e.conversationId === 'bob');
    const page = await alice.call('getHistoryMessages', { targetId: 'bob', chatType: 'singleChat' });
    assert.ok(page.messages.length > 0);
    assert.ok(has(await listed(peer), 'alice'));
    await peer.send({ type: 'txt', msg: 'again', to: 'alice', chatType: 'singleChat' });
    assert.ok(has(await listed(alice), 'bob'));
  } },
  { title: 'a conversation deleted with its history is empty for one side', run: async (world) => {
    const [alice, peer] = [await world.device('alice'), await world.device('bob')];
    await world.call(alice, 'deleteConversation', [{ channel: 'bob', chatType: 'singleChat', deleteRoam: true }]);
    const mine = await alice.call('getHistoryMessages', { targetId: 'bob', chatType: 'singleChat' });
    const theirs = await peer.call('getHistoryMessages', { targetId: 'alice', chatType: 'singleChat' });
    assert.equal(mine.messages.length, 0);
    assert.ok(theirs.messages.length > 0);
  } },
];
