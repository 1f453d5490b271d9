const patienceMs = 5_000;
const lookAgainMs = 100;

/** Waits at most 5 s until the gateway knows an address: it then says which method it takes. */
export async function gatewayTakes(url: string): Promise<boolean> {
  const untilMs = Date.now() + patienceMs;
  for (;;) {
    const status = await fetch(url, {
      method: 'PUT',
      signal: AbortSignal.timeout(Math.max(1, untilMs - Date.now())),
    }).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 405) return true;
    if (Date.now() > untilMs) return false;
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
  }
}
