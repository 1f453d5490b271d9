import { OperatedAgent, token } from '../../test/operated-agent.js';

describe('access to the control API', () => {
  let world: OperatedAgent;
  beforeAll(async () => {
    world = await OperatedAgent.open();
  });
  afterAll(() => world.close());

  it('is for those who know the token', async () => {
    expect(await world.control('', undefined, {})).toMatchObject({
      status: 401,
      body: { code: 'credentials_missing' },
    });
    expect(await world.control('', undefined, { authorization: 'Bearer something else' })).toMatchObject({
      status: 401,
    });
    expect(await world.control('', undefined, { authorization: 'Bearer wrong' })).toMatchObject({
      status: 403,
      body: { code: 'credentials_invalid', status: 403 },
    });
    expect(await world.control('')).toMatchObject({
      status: 200,
      body: { agent: 'operated', paused: null, effects_held: null },
    });
  });

  it('answers as problem+json that names the bad fields', async () => {
    const response = await fetch(`${world.agent.url}/control/pause`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ by: 'ann' }),
    });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await response.json()).toMatchObject({
      code: 'request_malformed',
      pointers: [{ pointer: '/why' }],
    });
    expect((await world.control('/redrives', { by: 'ann', dry_run: false })).body).toMatchObject({
      detail: expect.stringContaining('narrows nothing') as string,
    });
    expect((await world.control('/dead-letters/999999')).status).toBe(404);
  });
});
