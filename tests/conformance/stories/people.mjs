// Users, groups, contacts.
import assert from 'node:assert/strict';

export const people = [
  { title: 'user info is asked in one call', run: async (world) => {
    const info = await world.call(await world.device('alice'), 'fetchUserInfoById', [['alice', 'bob']]);
    assert.deepEqual(Object.keys(info.data).sort(), ['alice', 'bob']);
  } },
  { title: 'group info names the group', run: async (world) => {
    const info = await world.call(await world.device('alice'), 'getGroupInfo', [{ groupId: world.group }]);
    assert.deepEqual([info.data[0].name, info.data[0].owner], ['Support', 'alice']);
  } },
  { title: 'joined groups are listed', run: async (world) => {
    const alice = await world.device('alice');
    const groups = await world.call(alice, 'getJoinedGroups', [{ pageNum: 1, pageSize: 20 }]);
    const list = groups.data ?? groups.entities;
    assert.ok(list.some((g) => (g.groupid ?? g.groupId) === world.group), JSON.stringify(groups).slice(0, 300));
  } },
  { title: 'contacts are listed', run: async (world) => {
    const contacts = await world.call(await world.device('alice'), 'getContacts');
    assert.ok(Array.isArray(contacts.data));
  } },
];
