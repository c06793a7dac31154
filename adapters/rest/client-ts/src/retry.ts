/** How often, and how long after a failure, a request is sent again. */
export type Retries = {
  /** How many times a request is sent again at most. */
  times: number;
  /** Waits before the request is sent again; rejects if the signal aborts. */
  wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
};

/** sleep is the default of Retries.wait. */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, milliseconds);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
  });
}

/** The response says that the same request may succeed soon. */
async function passes(response: Response): Promise<boolean> {
  if (response.status === 503 || response.status === 429) return true;
  if (response.status !== 409 || response.headers.get("Retry-After") === null) return false;
  const problem = (await response
    .clone()
    .json()
    .catch(() => undefined)) as { type?: string } | undefined;
  return problem?.type?.endsWith("#key-in-progress") ?? false;
}

/** How long to wait before attempt number n: what the server says, else longer each time. */
function delay(n: number, response: Response | undefined): number {
  const seconds = Number(response?.headers.get("Retry-After") ?? "");
  return Math.min(Math.max(seconds * 1000, 100 * 2 ** n), 10_000) * (1 + Math.random() / 4);
}

/** send sends a request that takes effect once however often it arrives, until it is answered. */
export async function send(request: Request, fetch: (request: Request) => Promise<Response>, retries: Retries): Promise<Response> {
  for (let n = 0; ; n++) {
    let response: Response | undefined;
    try {
      response = await fetch(request.clone());
    } catch (error) {
      if (request.signal.aborted || n >= retries.times) throw error;
    }
    if (response !== undefined && (n >= retries.times || !(await passes(response)))) return response;
    await response?.body?.cancel();
    await retries.wait(delay(n, response), request.signal);
  }
}
