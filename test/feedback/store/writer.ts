/** A second notebook in the tests of the store: writes labels and says which are safe. */
import { LabelStore } from "../../../lib/feedback/store/labelStore";
import { openStoreDatabase } from "../../../lib/feedback/store/open";

const [location, name, count] = process.argv.slice(2) as [string, string, string];

async function write(): Promise<void> {
  const store = new LabelStore(() => openStoreDatabase(location));
  for (let i = 0; i < Number(count); i++) {
    const label = await store.add({
      id: `${name}-${i}`,
      task: "race",
      kind: "comparison",
      items: [`left ${i}`, `right ${i}`],
      answer: i % 2,
      annotator: name,
      labeller: "person",
    });
    process.stdout.write(`${label.id}\n`);
  }
}

write().then(
  () => process.exit(0),
  (fault: unknown) => {
    console.error(fault);
    process.exit(1);
  },
);
