// HTTP to the chat's server. A problem document becomes an Error with its code.

const WAIT_MAX_MS = 40_000; // longer than the longest poll

export function requests(base) {
  async function call(method, path, { token, body, signal } = {}) {
    const headers = {};
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const response = await fetch(`${base}/api/v1${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "omit",
      signal: AbortSignal.any([AbortSignal.timeout(WAIT_MAX_MS), ...(signal ? [signal] : [])]),
    });
    const answer = await response.json();
    if (!response.ok) throw Object.assign(new Error(answer.detail), { code: answer.code, why: answer.why, retryAfter: seconds(response) });
    return answer;
  }
  return { get: (path, more) => call("GET", path, more), post: (path, more) => call("POST", path, more) };
}

function seconds(response) {
  return Number(response.headers.get("Retry-After")) || undefined;
}
