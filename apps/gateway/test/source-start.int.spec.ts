import { SourceFiles } from './support/source-files.js';
import { startTestGateway, testKafka } from './support/test-gateway.js';

it('does not start with a record that is bad', async () => {
  const bad = new SourceFiles();
  bad.record('one', 'secrets: [{ file: missing }]', 'form: flat', 'eventTypes: [service_down]');
  bad.record('two', 'secrets: [{ value: hunter2 }]');
  const start = startTestGateway(await testKafka(), { env: bad.env });
  await expect(start).rejects.toMatchObject({ code: 'config_invalid' });
  const message = await start.then(String, (error: Error) => error.message);
  expect(message).toMatch(/one\.yaml: .*missing: cannot be read \(ENOENT\)/);
  expect(message).toMatch(/two\.yaml:2: secrets\.0 must not hold a secret/);
  expect(message).not.toContain('hunter2');
  bad.dispose();
}, 900_000);
