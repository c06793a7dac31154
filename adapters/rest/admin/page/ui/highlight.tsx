const entities: Record<string, string> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&#34;": '"', "&quot;": '"', "&#39;": "'" };

/**
 * A text with its matching words marked. Roster writes it as HTML, escaped; here it becomes
 * texts and marks, so that nothing in a name can be more than text.
 */
export function Highlight({ html }: { html: string }) {
  return <>{marked(html).map(([text, hit], i) => (hit ? <mark key={i}>{text}</mark> : text))}</>;
}

/** marked takes the HTML apart into texts, and whether each matches. */
export function marked(html: string): [text: string, hit: boolean][] {
  const parts = html.split(/<mark>(.*?)<\/mark>/s).map((part, i): [string, boolean] => [unescape(part), i % 2 === 1]);
  return parts.filter(([text]) => text !== "");
}

function unescape(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#34|#39);/g, (entity) => entities[entity] ?? entity);
}
