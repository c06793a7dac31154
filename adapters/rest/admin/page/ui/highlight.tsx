const entities: Record<string, string> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&#34;": "\"", "&quot;": "\"", "&#39;": "'" };

/**
 * A text with its matching words marked. Roster writes it as HTML, escaped; here it becomes
 * texts and marks, so that nothing in a name can be more than text.
 */
export function Highlight({ html }: { html: string }) {
  const parts = html.split(/<mark>(.*?)<\/mark>/s);
  return <>{parts.map((part, i) => i % 2 === 1 ? <mark key={i}>{unescape(part)}</mark> : unescape(part))}</>;
}

function unescape(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#34|#39);/g, (entity) => entities[entity] ?? entity);
}
