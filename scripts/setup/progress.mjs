// What a person sees while the set-up works: one line a step, with its seconds; on a terminal also what runs now.

/**
 * @param options.stream  where to write
 * @param options.every   on something that is no terminal: seconds between two lines about a step that runs
 */
export function createProgress({ stream = process.stdout, every = 15 } = {}) {
  const began = Date.now();
  const running = new Set();
  const live = stream.isTTY === true;
  let timer;

  const wipe = () => live && stream.write("\r\x1b[K");
  const draw = () => {
    if (!live || running.size === 0) return;
    const parts = [...running].map((line) => `${line.title} ${seconds(line.began)}${line.detail}`);
    stream.write(`\r\x1b[K… ${parts.join(" · ")}`.slice(0, (stream.columns ?? 80) + 3));
  };
  const say = (text) => {
    wipe();
    stream.write(`${text}\n`);
    draw();
  };
  const tell = () => {
    if (live) return draw();
    for (const line of running) say(`  ${line.title}: ${seconds(line.began)}${line.detail}`);
  };
  const begin = (title) => {
    const line = { title, began: Date.now(), detail: "" };
    running.add(line);
    if (!live) say(`  ${title} …`);
    timer ??= setInterval(tell, live ? 200 : every * 1000);
    const stop = (text) => {
      running.delete(line);
      if (running.size === 0) timer = void clearInterval(timer);
      say(text);
    };
    return {
      report: (text) => (line.detail = `: ${text}`),
      end: () => stop(`✓ ${title}, ${seconds(line.began)}`),
      fail: (error) => stop(`✗ ${title}, ${seconds(line.began)}: ${error.message}`),
    };
  };
  return { say, begin, elapsed: () => seconds(began) };
}

function seconds(began) {
  return `${((Date.now() - began) / 1000).toFixed(0)} s`;
}
