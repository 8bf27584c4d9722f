/** A progress bar on a terminal, a line now and then elsewhere; with the time that is left. */
export function progressLine(title, total, stream = process.stderr) {
  const began = Date.now();
  let done = 0;
  let said = 0;
  let over = false;
  const text = () => {
    const share = total === 0 ? 1 : done / total;
    const bar = "█".repeat(Math.round(24 * share)).padEnd(24, "░");
    const left =
      done === 0
        ? ""
        : `, ${Math.ceil(((Date.now() - began) / done / 1000) * (total - done))} s left`;
    return `${title} ${bar} ${done} of ${total}${left}`;
  };
  const draw = () => {
    if (stream.isTTY) stream.write(`\r\x1b[K${text()}`);
    else if (done === total || Date.now() - said > 5000) {
      said = Date.now();
      stream.write(`${text()}\n`);
    }
  };
  return {
    step() {
      done += 1;
      draw();
    },
    end() {
      if (!over && stream.isTTY) stream.write("\n");
      over = true;
    },
  };
}
